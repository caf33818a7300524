import { instantsOfLocal } from '#functions/imports/rules/stamps.ts';
import type { WrittenTime } from './time-format.ts';

/**
 * The instant (Unix seconds) of a time a file writes. A local time that comes twice (clocks go back) is the pass that is nearer
 * to where the next row is expected, the first where nothing is; one that never comes (clocks go forward) is undefined.
 */
export const instantOfWritten = (
  { local, offset }: WrittenTime,
  zone: string,
  expected: number | undefined,
): number | undefined => {
  if (offset !== undefined) return local - offset;
  const [first, second] = instantsOfLocal(zone, local);
  if (first === undefined || second === undefined || expected === undefined) return first;
  return Math.abs(second - expected) < Math.abs(first - expected) ? second : first;
};

/** First instant of a local day (as if it were UTC): midnight, or the change of clocks that skips it. */
export const dayStart = (zone: string, local: number): number => {
  for (let later = 0; later <= 7200; later += 900) {
    const [first] = instantsOfLocal(zone, local + later);
    if (first !== undefined) return first;
  }
  throw new RangeError(`no day begins at ${local} in ${zone}`);
};
