import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnTopicRule } from 'aws-cdk-lib/aws-iot';
import { Construct } from 'constructs';
import { ruleName, type TelemetryKind } from '#functions/readings/contract/topics.ts';
import type { StageConfig } from '#infra/config.ts';
import { type FailureBucket, undelivered } from './bucket.ts';
import type { TelemetryStream } from './telemetry-stream.ts';

export interface TelemetryRuleProps {
  readonly config: StageConfig;
  readonly kind: TelemetryKind;
  readonly stream: TelemetryStream;
  readonly failures: FailureBucket;
}

/** The role of a rule: it may append to the stream and put what it could not append with the failures. */
export class TelemetryRulePolicy extends Policy {
  constructor(scope: Construct, id: string, role: Role, { stream, failures }: TelemetryRuleProps) {
    super(scope, id, { roles: [role] });
    stream.letAppend(this);
    failures.letKeepMessages(this);
  }
}

/**
 * What meters publish by Basic Ingest goes untouched into the stream. The partition key is the client id, which the policy of
 * meters makes the thing of the certificate. What the stream does not take is kept in the failures bucket.
 */
export class TelemetryRule extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: TelemetryRuleProps) {
    super(scope, id);
    const { config, kind, stream, failures } = props;
    this.name = ruleName(kind, config.stage);
    const role = new Role(this, 'Role', {
      description: `Rotunda ${config.stage}: the IoT rule of ${kind} messages`,
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': config.account } },
      }),
    });
    const policy = new TelemetryRulePolicy(this, 'Policy', role, props);
    const rule = new CfnTopicRule(this, 'Rule', {
      ruleName: this.name,
      topicRulePayload: {
        description: `Rotunda: ${kind} messages of meters`,
        awsIotSqlVersion: '2016-03-23',
        // Only Basic Ingest reaches it: a rule without FROM is asked for by its name.
        sql: 'SELECT *',
        ruleDisabled: false,
        actions: [
          {
            kinesis: {
              streamName: stream.stream.streamName,
              partitionKey: `\${clientid()}`,
              roleArn: role.roleArn,
            },
          },
        ],
        errorAction: {
          s3: {
            bucketName: failures.bucket.bucketName,
            key: `${undelivered}${this.name}/\${clientid()}/\${timestamp()}-\${newuuid()}`,
            roleArn: role.roleArn,
          },
        },
      },
    });
    rule.node.addDependency(policy);
  }
}
