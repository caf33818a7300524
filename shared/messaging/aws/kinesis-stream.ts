import { setTimeout as sleepFor } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { TelemetryStream } from '#shared/messaging/ports.ts';

/** Limits of one PutRecords call; bytes below the 5 MB of the service (keys count too). */
const maxRecords = 500;
const maxBytes = 4_500_000;

interface Waiting {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

export interface KinesisStreamOptions {
  readonly streamName: string;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: KinesisClient;
  /** Calls for one record, the first included; 8. */
  readonly attempts?: number;
  /** First wait before the failed records of a call are sent again, doubled with each call; 50 ms. */
  readonly backoffMs?: number;
}

const sizeOf = (one: Waiting): number => one.data.byteLength + Buffer.byteLength(one.partitionKey);

/** Takes the first records that fit one call off the list. */
const takeBatch = (waiting: Waiting[]): Waiting[] => {
  let [count, bytes] = [0, 0];
  for (const one of waiting) {
    if (count === maxRecords || (count > 0 && bytes + sizeOf(one) > maxBytes)) break;
    count += 1;
    bytes += sizeOf(one);
  }
  return waiting.splice(0, count);
};

/**
 * The telemetry stream on Kinesis. Appends of one turn of the loop go out together; of a call that succeeds in part only the
 * failed records are sent again. An append rejects when its attempts are used up or the call itself is refused.
 */
export const createKinesisStream = (options: KinesisStreamOptions): TelemetryStream => {
  const client =
    options.client ?? new KinesisClient(options.endpoint === undefined ? {} : { endpoint: options.endpoint });
  const { attempts = 8, backoffMs = 50 } = options;
  const waiting: Waiting[] = [];
  let scheduled = false;

  /** Sends the records once; answers those that are to be sent again, with the service's reason. */
  const put = async (
    batch: readonly Waiting[],
  ): Promise<{ readonly failed: readonly Waiting[]; readonly code: string }> => {
    const { Records } = await client.send(
      new PutRecordsCommand({
        StreamName: options.streamName,
        Records: batch.map((one) => ({ PartitionKey: one.partitionKey, Data: one.data })),
      }),
    );
    const failed = batch.filter((_, index) => Records?.[index]?.SequenceNumber === undefined);
    for (const one of batch) if (!failed.includes(one)) one.done();
    return { failed, code: Records?.find((record) => record.ErrorCode !== undefined)?.ErrorCode ?? 'unknown' };
  };

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const { failed, code } = await put(left);
      if (failed.length > 0 && attempt >= attempts) {
        for (const one of failed) one.failed(new Error(`the stream did not take the record: ${code}`));
        return;
      }
      if (failed.length > 0) await sleepFor(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
      left = failed;
    }
  };

  const flush = (): void => {
    scheduled = false;
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      send(batch).catch((thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        // Settled ones ignore this.
        for (const one of batch) one.failed(error);
      });
    }
  };

  return {
    append: (partitionKey, data) =>
      new Promise((done, failed) => {
        waiting.push({ partitionKey, data, done, failed });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      }),
  };
};
