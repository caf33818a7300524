import { Aws } from 'aws-cdk-lib';
import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Deployment, kept, physicalName } from '#infra/deployment.ts';
import type { DataKey } from './keys.ts';
import { DeadLetterQueue } from './queue.ts';

type BusName = 'inbound' | 'outbound';

/** A bus by its name. */
export const busArn = (deployment: Deployment, name: BusName): string =>
  `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${physicalName(deployment, name)}`;

export interface BusProps {
  readonly deployment: Deployment;
  readonly dataKey: DataKey;
  /** The bus is `rotunda-<stage>-<name>`. */
  readonly name: BusName;
  /** Who may publish, as statements of the bus's own policy; given the bus's ARN. */
  readonly policy: (busArn: string) => readonly PolicyStatement[];
}

/** An encrypted bus with an archive and a queue for events it could not take or deliver; kept, as EventBridge deletes no bus that has an archive. */
export class Bus extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly bus: CfnEventBus;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { deployment, dataKey, name, policy }: BusProps) {
    super(scope, id);
    this.name = physicalName(deployment, name);
    this.arn = busArn(deployment, name);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { dataKey, name: `${name}-dlq` });
    this.deadLetters.letSend(this.arn);
    this.bus = new CfnEventBus(this, 'Bus', {
      name: this.name,
      description: `Rotunda: ${name} events`,
      kmsKeyIdentifier: dataKey.key.keyArn,
      deadLetterConfig: { arn: this.deadLetters.queue.queueArn },
      policy: { Version: '2012-10-17', Statement: policy(this.arn).map((statement) => statement.toStatementJson()) },
    });
    this.bus.applyRemovalPolicy(kept);
    const archive = new CfnArchive(this, 'Archive', {
      sourceArn: this.bus.attrArn,
      description: `Rotunda: every event of the bus ${name}`,
      retentionDays: deployment.config.retention.archiveDays,
      kmsKeyIdentifier: dataKey.key.keyArn,
    });
    archive.applyRemovalPolicy(kept);
  }
}
