import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { senderOfKey } from './contract/stream-key.ts';
import type { Ingest } from './ingest.ts';

/** Kinesis event -> use case -> which records Lambda is to bring again. */
export const readingsStream =
  (ingest: Ingest) =>
  async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const outcomes = await ingest.take(
      event.Records.map(({ kinesis }) => ({
        sequenceNumber: kinesis.sequenceNumber,
        ...senderOfKey(kinesis.partitionKey),
        data: Buffer.from(kinesis.data, 'base64'),
        arrivedAt: kinesis.approximateArrivalTimestamp,
      })),
    );
    return {
      batchItemFailures: event.Records.filter((_, index) => outcomes[index]?.kind === 'failed').map(({ kinesis }) => ({
        itemIdentifier: kinesis.sequenceNumber,
      })),
    };
  };
