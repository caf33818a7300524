import type { IntervalRun } from '#shared/domain/metering/runs.ts';
import { gridOf } from '#shared/domain/metering/supplied-series.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import { localDays } from '#shared/vocabulary/time.ts';
import { shareOut } from './exact-shares.ts';
import type { ReadPeriod } from './read-periods.ts';

/** Use of one local date, or the part of it that lies in the period. */
export interface DayShare {
  readonly date: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/**
 * The use between two reads by local date, in shares of the time each date has in the period (a day of 25 hours gets more than
 * one of 23), or of `weightOf` where a profile is known. The shares add up to the total.
 */
export const dailyShares = (
  period: Pick<ReadPeriod, 'from' | 'to' | 'total'>,
  zone: string,
  weightOf?: (date: string) => number,
): readonly DayShare[] => {
  const days = [...localDays(zone, period.from, period.to)].map(({ date, from, to }) => ({
    date,
    from: Math.max(from, period.from),
    to: Math.min(to, period.to),
  }));
  const weights = days.map(({ date, from, to }) => BigInt(to - from) * BigInt(weightOf?.(date) ?? 1));
  const shares = shareOut(period.total, weights);
  return days.map((day, index) => ({ ...day, value: shares[index] ?? 0 }));
};

/**
 * Use in the intervals of a register from reads at any instants: what the register would have shown at each edge of the grid, on
 * a straight line between the reads around it, rounded down; an interval is the difference of two edges. So intervals add up to
 * the whole counts between the reads, whatever the times of the reads. Periods must follow each other; an interval that no
 * period covers whole is missing. Values are derived (11).
 */
export const intervalsFromPeriods = (
  periods: readonly Pick<ReadPeriod, 'from' | 'to' | 'total'>[],
  register: Register,
): IntervalRun | undefined => {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  let sum = 0;
  const steps = periods.map(({ from, to, total }) => {
    const step = { from, to, total, before: sum };
    sum += total;
    return step;
  });
  let place = 0;
  const shown = (at: number): number | undefined => {
    while (at > (steps[place]?.to ?? Number.POSITIVE_INFINITY)) place += 1;
    const step = steps[place];
    if (step === undefined || at < step.from) return undefined;
    return step.before + Number((BigInt(step.total) * BigInt(at - step.from)) / BigInt(step.to - step.from));
  };
  /** Whether reads follow each other without a hole over a range. */
  const holes = steps.slice(1).flatMap(({ from }, index) => (steps[index]?.to === from ? [] : [steps[index]?.to ?? 0]));
  const grid = [...gridOf(register, first.from, last.to)];
  const values = grid.map(({ from, to }) => {
    const [start, end] = [shown(from), shown(to)];
    const broken = holes.some((at) => from <= at && at < to);
    return start === undefined || end === undefined || broken ? null : end - start;
  });
  const [begin] = grid;
  if (begin === undefined) return undefined;
  return { start: begin.from, interval: register.intervalSeconds, values, quality: [[0, quality.derived]] };
};
