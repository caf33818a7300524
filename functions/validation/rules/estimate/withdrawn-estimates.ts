import { stretchesOf } from '#functions/validation/rules/day-context.ts';
import type { ReadDay } from '#functions/validation/rules/read-day.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { Estimate } from './estimate.ts';
import { methodVersions } from './estimation-methods.ts';

/**
 * Zeros in place of stored estimates of intervals that are not expected any more: the meter was not there, or disconnected, as is
 * known by now. What was estimated stays below them.
 * @param stored estimates of the day by start
 */
export const withdrawn = (
  { date, slots }: ReadDay,
  stored: ReadonlyMap<number, { readonly value: number }>,
  interval: number,
): readonly Estimate[] =>
  stretchesOf(slots, (slot) => !slot.expected && slot.value === null && stored.has(slot.from)).flatMap((stretch) => {
    const [first, last] = [stretch[0], stretch.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [
      {
        date,
        from: first.from,
        to: last.to,
        interval,
        values: stretch.map(() => 0),
        quality: quality.estimatedByInterpolation,
        method: 'withdrawn',
        version: methodVersions.withdrawn,
        inputs: {},
      },
    ];
  });
