import type { SetAside } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from './sqs.ts';

export interface SqsSetAsideOptions {
  /** Name of the queue of dead letters. */
  readonly from: string;
  /** Name of the queue they go back to. */
  readonly to: string;
  readonly clock: Clock;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: SQSClient;
}

/** A message that is being moved is seen by nobody else for so long. */
const hiddenSeconds = 60;

/** Most bytes of one SendMessageBatch, all messages together. */
const batchBytes = 256 * 1024;

/** Cuts messages into batches that SQS takes at once. */
const batchesOf = (messages: readonly Message[]): readonly (readonly Message[])[] => {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.Body ?? '') + 1024;
    const batch = batches.at(-1);
    if (batch === undefined || bytes + size > batchBytes) {
      batches.push([message]);
      bytes = size;
    } else {
      batch.push(message);
      bytes += size;
    }
  }
  return batches;
};

/**
 * Dead letters of a queue, or of a rule that fills it: moved back one by one, each removed only when the queue has taken it, so
 * that none is lost; one may be there twice where the removal fails. SQS's own move task says neither how many it moved nor which
 * it could not, and takes no dead letters of a bus.
 */
export const createSqsSetAside = (options: SqsSetAsideOptions): SetAside => {
  const { from: deadLetters, to, clock, endpoint } = options;
  const client = options.client ?? new SQSClient(endpoint === undefined ? {} : { endpoint });
  const urlOf = async (name: string): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    if (QueueUrl === undefined) throw new Error(`SQS told no address of ${name}`);
    return QueueUrl;
  };

  /** Sends messages to the queue; answers those it took. */
  const send = async (queue: string, messages: readonly Message[]): Promise<readonly Message[]> => {
    const { Successful } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: messages.map(({ Body, MessageAttributes }, index) => ({
          Id: String(index),
          MessageBody: Body,
          ...(MessageAttributes === undefined ? {} : { MessageAttributes }),
        })),
      }),
    );
    const taken = new Set((Successful ?? []).map(({ Id }) => Id));
    return messages.filter((_, index) => taken.has(String(index)));
  };

  const remove = async (queue: string, messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
    if (Failed !== undefined && Failed.length > 0)
      throw new Error(`${Failed.length} messages went back to ${to} but stay in ${deadLetters} too`);
  };

  const receive = async (queue: string): Promise<readonly Message[]> => {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 2,
        VisibilityTimeout: hiddenSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages ?? [];
  };

  return {
    count: async () => {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: await urlOf(deadLetters),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
    // The place is the time this began: a message sent later has been moved and has failed again.
    redrive: async (from = String(clock.now()), isOver = () => false) => {
      const [source, target] = [await urlOf(deadLetters), await urlOf(to)];
      let [tried, placed] = [0, 0];
      for (;;) {
        const messages = await receive(source);
        const old = messages.filter(({ Attributes }) => Number(Attributes?.SentTimestamp ?? 0) <= Number(from));
        if (old.length === 0) return { tried, placed };
        tried += old.length;
        for (const batch of batchesOf(old)) {
          const taken = await send(target, batch);
          await remove(source, taken);
          placed += taken.length;
        }
        if (isOver()) return { tried, placed, next: from };
      }
    },
  };
};
