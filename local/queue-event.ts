import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { BusEnvelope } from '#shared/messaging/local/local-bus.ts';

/** The queue event that EventBridge's rule and SQS would make of an event on the inbound bus. */
export const queueEventOf = (events: readonly BusEnvelope[]): SQSEvent => ({
  Records: events.map((event) => ({
    messageId: event.id,
    receiptHandle: event.id,
    body: JSON.stringify(event),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.parse(event.time)),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(Date.parse(event.time)),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:local:000000000000:rotunda-facts',
    awsRegion: 'local',
  })),
});

/** A telemetry record as it is parked. */
export const TelemetryEntry = z.object({
  partitionKey: z.string(),
  data: z.instanceof(Uint8Array),
  arrival: z.number(),
});
/** An event of the bus as it is parked. */
export const InboundEnvelope = z.object({
  version: z.literal('0'),
  id: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.unknown(),
});
