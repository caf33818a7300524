import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { blockLimits } from './block-limits.ts';

const instant = z.int().min(0).max(blockLimits.start);

/**
 * `meter-event.v1`: something that happened to a meter, told at once. A restoration says since when power was away, as the meter
 * wrote it down, so that it can be understood where the news of the outage was lost.
 */
export const MeterEvent = z
  .strictObject({
    v: z.literal(1).describe('Version of the format.'),
    kind: z.literal('meter-event'),
    meter: id('meter'),
    event: MeterEventKind.describe(
      '`power-outage` and `last-gasp` say that power went, `power-restoration` that it is back.',
    ),
    at: instant.describe('When it happened, Unix seconds.'),
    since: instant
      .optional()
      .describe('Only of `power-restoration`, and there always: when power went, the `at` of the outage.'),
    value: z
      .int()
      .min(-blockLimits.value)
      .max(blockLimits.value)
      .optional()
      .describe('Of `clock`: seconds the clock was ahead. Of `leak`: litres an hour, from 0.'),
    seq: z.int().min(0).describe('Counts the events of the meter upwards.'),
  })
  .refine(({ event, since }) => (event === 'power-restoration') === (since !== undefined), {
    path: ['since'],
    message: 'must be there for power-restoration, and for nothing else',
  })
  .refine(({ since, at }) => since === undefined || since <= at, {
    path: ['since'],
    message: 'must not be after at',
  })
  .refine(({ event, value }) => value === undefined || event === 'clock' || event === 'leak', {
    path: ['value'],
    message: 'only clock and leak have a value',
  })
  .refine(({ event, value }) => event !== 'leak' || value === undefined || value >= 0, {
    path: ['value'],
    message: 'of a leak must not be below 0',
  });
export type MeterEvent = z.output<typeof MeterEvent>;
