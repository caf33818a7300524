import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { Channel } from '#shared/vocabulary/statuses.ts';

/** Name of a sending system. */
export const SourceSystem = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .describe('Sending system, e.g. "billing".');

/** A fact as a system sends it (`POST /v1/facts`, or `detail` on the inbound bus). `data` is checked against its type. */
export const IncomingFact = z.strictObject({
  type: z.string().min(1).max(128).describe('Fact type, e.g. billing.payment.received.v1.'),
  source: z.strictObject({
    system: SourceSystem,
    channel: Channel.optional(),
  }),
  sourceEventId: z
    .string()
    .min(1)
    .max(200)
    .describe("The sending system's own id of the event; the same id twice is one fact."),
  sourceSequence: z
    .int()
    .min(0)
    .max(9_007_199_254_740_991)
    .default(0)
    .describe('Orders facts of one source at one instant.'),
  occurredAt: Instant,
  correlationId: z.string().max(128).optional(),
  causationId: z.string().max(128).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type IncomingFact = z.infer<typeof IncomingFact>;

/** Data of every `<domain>.<entity>.retracted.v1`. */
export const Retraction = z.strictObject({
  factId: id('fact'),
  reason: z.string().min(1).max(500).describe('Why the fact was wrong.'),
});
