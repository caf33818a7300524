import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type DayContext, type DayRule, spanOf } from './day-context.ts';
import { lowerMedian } from './day-digest.ts';
import type { Violation } from './judgement.ts';
import { isSettled, type ReadDay, type Slot } from './read-day.ts';

/** Rules over equal measured values in a row, which may have begun on days before. */

/** Equal values in a row: how many, from when to when. */
interface Equals {
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Median use of the days before the row. */
  readonly usual: number | undefined;
}

const counts = (slot: Slot): boolean =>
  slot.value !== null && slot.expected && !isSettled(slot) && !estimatedQualities.has(slot.code);

/** Rows of the day, and the one of the days before, also where this day did not go on with it. */
const equalsOf = (day: ReadDay, { digests, ground }: DayContext): readonly Equals[] => {
  const earlier = [...digests.values()]
    .filter(({ date, count }) => date < day.date && count > 0)
    .sort((left, right) => (left.date < right.date ? 1 : -1))
    .slice(0, ground.configuration.zero.historyDays);
  const usual = lowerMedian(earlier.map(({ total }) => total));
  const tail = digests.get(addDays(day.date, -1))?.tail;
  const found: Equals[] = tail ? [{ ...tail, to: day.from, usual: tail.usual ?? undefined }] : [];
  let open: Slot[] = [];
  const close = (): void => {
    const [first] = open;
    if (first !== undefined && first.value !== null) {
      const { from, to } = spanOf(open);
      const goesOn = from === day.from && tail?.value === first.value;
      if (goesOn) found.shift();
      found.push(
        goesOn
          ? { ...tail, to, count: tail.count + open.length, usual: tail.usual ?? undefined }
          : { value: first.value, from, to, count: open.length, usual },
      );
    }
    open = [];
  };
  for (const slot of day.slots) {
    if (!counts(slot) || open[0]?.value !== slot.value) close();
    if (counts(slot)) open.push(slot);
  }
  close();
  return found;
};

/** At least 12 equal values above or below zero in a row. */
export const identical: DayRule = (day, context) => {
  const { values } = context.ground.configuration.identical;
  return equalsOf(day, context)
    .filter(({ value, count }) => value !== 0 && count >= values)
    .map(({ value, from, to, count }): Violation => {
      return { from, to, severity: 'warn', evidence: { value, intervals: count } };
    });
};

/** Nothing but zeros for 48 hours where there was use before, and where none was to be expected. */
export const zero: DayRule = (day, context) => {
  const { configuration, zeroExpected } = context.ground;
  return equalsOf(day, context).flatMap(({ value, from, to, count, usual }): Violation[] => {
    if (value !== 0 || to - from < configuration.zero.hours * 3600) return [];
    if (usual === undefined || usual <= 0) return [];
    if (zeroExpected.some((range) => range.from < to && from < range.to)) return [];
    const evidence = { intervals: count, hours: Math.floor((to - from) / 3600), usual };
    return [{ from, to, severity: 'warn', evidence }];
  });
};
