import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { TelemetryStream } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { type AppendableLog, type LogEntry, shardOf } from '#shared/table/level/level-log.ts';
import type { SourceBatch } from './local-event-source.ts';

/** The telemetry stream on this machine: a log whose shard is chosen by the hash of the partition key. */
export const createLocalStream = (log: AppendableLog<LogEntry>, clock: Clock): TelemetryStream => ({
  append: (partitionKey, data) =>
    log.append(shardOf(partitionKey, log.shards), [
      // Copied: the caller's buffer may be part of a larger one that is used again.
      { partitionKey, data: Uint8Array.from(data), arrival: clock.now() / 1000 },
    ]),
});

/** When a record of the stream arrived, milliseconds since 1970. */
export const arrivedAt = (entry: LogEntry): number => entry.arrival * 1000;

/** The event Lambda makes of records of a stream. */
export const kinesisEventOf = (stream: string, batch: SourceBatch<LogEntry>): KinesisStreamEvent => {
  const shardId = `shardId-${String(batch.shard).padStart(12, '0')}`;
  return {
    Records: batch.records.map(({ position, entry }) => ({
      awsRegion: 'local',
      eventID: `${shardId}:${position}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: `arn:aws:kinesis:local:000000000000:stream/${stream}`,
      eventVersion: '1.0',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
      kinesis: {
        approximateArrivalTimestamp: entry.arrival,
        data: Buffer.from(entry.data).toString('base64'),
        kinesisSchemaVersion: '1.0',
        partitionKey: entry.partitionKey,
        sequenceNumber: position,
      },
    })),
  };
};

/** Lets a Kinesis handler of Lambda take the batches of a local event source. No answer means that all went well. */
export const invokeKinesisHandler =
  (stream: string, handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse | undefined>) =>
  async (batch: SourceBatch<LogEntry>): Promise<readonly string[]> => {
    const response = await handler(kinesisEventOf(stream, batch));
    return (response?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
  };
