import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { kept } from '#infra/deployment.ts';
import type { DataKey } from './keys.ts';

export interface QueueProps {
  readonly dataKey: DataKey;
  /** Whether it goes with its stack: where it holds nothing that anybody misses. */
  readonly goesWithStack?: boolean;
  /** What the house calls it; its physical name is generated, since one that was deleted is taken for a minute (SQS: CreateQueue). */
  readonly name: string;
}

const settingsOf = ({ dataKey, goesWithStack = false }: QueueProps) => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: dataKey.key,
  dataKeyReuse: Duration.hours(1),
  enforceSSL: true,
  removalPolicy: goesWithStack ? RemovalPolicy.DESTROY : kept,
});

/** Lets a service send on behalf of one rule, schedule, bus or topic. */
const letServiceSend = (queue: Queue, service: 'events' | 'sns', sourceArn: string): void => {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': sourceArn } },
    }),
  );
};

/** Where messages end that nobody could use, for two weeks; an alarm rings at the first. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;
  /** Physical name. */
  readonly name: string;
  readonly houseName: string;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    this.houseName = props.name;
    this.queue = new Queue(this, 'Queue', { ...settingsOf(props), retentionPeriod: Duration.days(14) });
    this.name = this.queue.queueName;
  }

  /** Lets EventBridge put here what the rule, schedule or bus could not deliver. */
  letSend(sourceArn: string): void {
    letServiceSend(this.queue, 'events', sourceArn);
  }

  /** Lets a topic put here what a subscriber did not take. */
  letTopicSend(topicArn: string): void {
    letServiceSend(this.queue, 'sns', topicArn);
  }
}

export interface WorkQueueProps extends QueueProps {
  /** Of the function that takes its messages; they stay hidden six times as long. */
  readonly consumerTimeout: Duration;
  readonly maxReceiveCount: number;
}

/** A queue with work for one function, and the dead letters `<name>-dlq`. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  /** Physical name. */
  readonly name: string;
  readonly houseName: string;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.houseName = props.name;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { ...props, name: `${props.name}-dlq` });
    this.queue = new Queue(this, 'Queue', {
      ...settingsOf(props),
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: props.maxReceiveCount },
    });
    this.name = this.queue.queueName;
  }

  /** Lets EventBridge send what the rule matches. */
  letSend(sourceArn: string): void {
    letServiceSend(this.queue, 'events', sourceArn);
  }
}
