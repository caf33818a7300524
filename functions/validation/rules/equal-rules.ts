import { addDays } from '#shared/vocabulary/time.ts';
import type { DayContext, DayRule } from './day-context.ts';
import { usualBefore } from './day-digest.ts';
import { type EqualRow, rowsOf } from './equal-rows.ts';
import type { Violation } from './judgement.ts';
import type { ReadDay } from './read-day.ts';

/** Rules over equal measured values in a row, which may have begun on days before. */

const rowsIn = (day: ReadDay, { digests }: DayContext): readonly EqualRow[] =>
  rowsOf(day, digests.get(addDays(day.date, -1))?.tail ?? null);

/** At least 12 equal values above or below zero in a row. */
export const identical: DayRule = (day, context) => {
  const { values } = context.ground.configuration.identical;
  return rowsIn(day, context)
    .filter(({ value, count }) => value !== 0 && count >= values)
    .map(({ value, from, to, count }): Violation => {
      return { from, to, severity: 'warn', evidence: { value, intervals: count } };
    });
};

/** Nothing but zeros for 48 hours of measured values where there was use before, and where none was to be expected. */
export const zero: DayRule = (day, context) => {
  const { configuration, register, zeroExpected } = context.ground;
  const { hours, historyDays } = configuration.zero;
  return rowsIn(day, context).flatMap(({ value, from, to, count }): Violation[] => {
    const measured = count * register.intervalSeconds;
    if (value !== 0 || measured < hours * 3600) return [];
    const usual =
      from < day.from
        ? context.digests.get(addDays(day.date, -1))?.tail?.usual
        : usualBefore(register.zone, context.digests, from, historyDays);
    if (typeof usual !== 'number' || usual <= 0) return [];
    if (zeroExpected.some((range) => range.from < to && from < range.to)) return [];
    return [{ from, to, severity: 'warn', evidence: { intervals: count, hours: Math.floor(measured / 3600), usual } }];
  });
};
