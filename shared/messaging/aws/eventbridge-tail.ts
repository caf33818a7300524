import { setTimeout as sleepFor } from 'node:timers/promises';
import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from './eventbridge.ts';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from './sqs.ts';

/** Throws ResourceNotFoundException where there is no such bus; PutEvents would take the events and lose them. */
export const checkBus = async (busName: string, client = new EventBridgeClient({})): Promise<void> => {
  await client.send(new DescribeEventBusCommand({ Name: busName }));
};

export interface TailOptions {
  readonly busName: string;
  /** Name of the rule and of the queue, which must be new. */
  readonly name: string;
  /** Event pattern as JSON. */
  readonly pattern: string;
  /** For tests. */
  readonly events?: EventBridgeClient;
  readonly queues?: SQSClient;
}

/** Events of a bus as they come, by a queue and a rule of our own. */
export interface Tail {
  /** Each event as EventBridge has it, until the signal ends it. */
  read(signal: AbortSignal): AsyncGenerator<unknown>;
  /** Removes queue and rule. Throws naming what could not be removed. */
  close(): Promise<void>;
}

const targetId = 'tail';

/** What nobody has read after five minutes is of no use to a tail. */
const queueAttributes = { MessageRetentionPeriod: '300', SqsManagedSseEnabled: 'true' };

const policyOf = (queueArn: string, ruleArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  });

/** Follows a bus of EventBridge. Throws the service's own errors; what was made until then is removed. */
export const openEventBridgeTail = async (options: TailOptions): Promise<Tail> => {
  const { busName, name, pattern, events = new EventBridgeClient({}), queues = new SQSClient({}) } = options;
  /** What was made, and how it is removed; the last is removed first. */
  const made: { readonly what: string; readonly remove: () => Promise<unknown> }[] = [];

  const close = async (): Promise<void> => {
    const left: string[] = [];
    for (const { what, remove } of made.splice(0).reverse()) {
      await remove().catch(() => left.push(what));
    }
    if (left.length > 0) throw new Error(`could not be removed: ${left.join(', ')}`);
  };

  const makeQueue = async (): Promise<{ readonly url: string; readonly arn: string }> => {
    const { QueueUrl: url } = await queues.send(
      new CreateQueueCommand({ QueueName: name, Attributes: queueAttributes }),
    );
    if (url === undefined) throw new Error('SQS told no address of the new queue');
    made.push({ what: `queue ${name}`, remove: () => queues.send(new DeleteQueueCommand({ QueueUrl: url })) });
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    const arn = Attributes?.QueueArn;
    if (arn === undefined) throw new Error('SQS told no ARN of the new queue');
    return { url, arn };
  };

  const makeRule = async (queue: { readonly url: string; readonly arn: string }): Promise<void> => {
    const bus = { EventBusName: busName };
    const { RuleArn } = await events.send(
      new PutRuleCommand({
        ...bus,
        Name: name,
        EventPattern: pattern,
        State: 'ENABLED',
        Description: 'rotunda listen',
      }),
    );
    made.push({ what: `rule ${name}`, remove: () => events.send(new DeleteRuleCommand({ ...bus, Name: name })) });
    if (RuleArn === undefined) throw new Error('EventBridge told no ARN of the new rule');
    await queues.send(
      new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy: policyOf(queue.arn, RuleArn) } }),
    );
    const { FailedEntryCount } = await events.send(
      new PutTargetsCommand({ ...bus, Rule: name, Targets: [{ Id: targetId, Arn: queue.arn }] }),
    );
    if (FailedEntryCount !== undefined && FailedEntryCount > 0) throw new Error('the rule did not take its target');
    made.push({
      what: `target of rule ${name}`,
      remove: () => events.send(new RemoveTargetsCommand({ ...bus, Rule: name, Ids: [targetId] })),
    });
  };

  let queueUrl = '';
  try {
    const queue = await makeQueue();
    queueUrl = queue.url;
    await makeRule(queue);
  } catch (error) {
    // The first error tells why; what is left over besides is said with it.
    await close().catch((left: Error) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}; ${left.message}`, { cause: error });
    });
    throw error;
  }

  const receive = async (signal: AbortSignal) => {
    try {
      const { Messages } = await queues.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 10 }),
        { abortSignal: signal },
      );
      return Messages ?? [];
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  };

  return {
    async *read(signal) {
      while (!signal.aborted) {
        const messages = await receive(signal);
        if (messages.length === 0) await sleepFor(1);
        for (const { Body } of messages) if (Body !== undefined) yield JSON.parse(Body);
        if (messages.length === 0) continue;
        const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await queues.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
    close,
  };
};
