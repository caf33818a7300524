import * as z from 'zod';
import { SourceSystem } from '#shared/contracts/facts/envelope.ts';
import { defineLocalRoute } from './definition.ts';

/** An event as a sending system puts it on the inbound bus, in EventBridge's terms. */
export const InboundEvent = z.strictObject({
  source: SourceSystem,
  detailType: z.string().min(1).max(128).describe('The fact type.'),
  detail: z.record(z.string(), z.unknown()).describe('The fact.'),
});
export type InboundEvent = z.infer<typeof InboundEvent>;

export const sendToBus = defineLocalRoute({
  method: 'POST',
  path: '/_local/bus',
  act: 'ops.send',
  summary: 'Put events on the inbound bus, as the sending systems would.',
  input: z.strictObject({ events: z.array(InboundEvent).min(1).max(100) }),
  answer: z.strictObject({ accepted: z.int().min(0).describe('Events the bus has taken durably.') }),
});

/** An event of the outbound bus as `GET /_local/events` streams it: one JSON document per server-sent `data:` line. */
export const OutboundEvent = z.object({
  source: z.string(),
  'detail-type': z.string(),
  time: z.string().optional(),
  detail: z.unknown(),
});
export type OutboundEvent = z.infer<typeof OutboundEvent>;

/**
 * Path of the stream of outbound events; `?pattern=` takes the JSON text of an EventBridge pattern. Lines that start with `:` keep it
 * open.
 */
export const eventStreamPath = '/_local/events';
