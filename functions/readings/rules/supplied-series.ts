import type { Register } from '#shared/vocabulary/measures.ts';
import { holds, type Range } from '#shared/vocabulary/ranges.ts';
import type { GasConversion, RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { localDays } from '#shared/vocabulary/time.ts';
import { endOf, type IntervalRun, wholeDay } from './runs.ts';

/** A meter's register measures a service point for a stretch of time. */
export interface Stretch extends Range {
  readonly meter: string;
  readonly register: Register;
  /** What was said of the register as the meter came and went: its totals then, in its scale, and how it is judged. */
  readonly said?:
    | { readonly opening?: number; readonly closing?: number; readonly validation?: RegisterValidation }
    | undefined;
}

/** One register of a service point over all meters that measured it, in one scale. */
export interface Series {
  readonly register: Register;
  /** The finest scale of all, so that nothing is rounded. */
  readonly powerOfTen: number;
  /** In order, without overlap: a meter that came later ends the one before. `factor` brings raw values to the scale. */
  readonly stretches: readonly (Stretch & { readonly factor: number })[];
}

/**
 * Joins the stretches of one register id. What the last meter measures says unit, commodity and flow; a stretch that measured
 * something else under the same name is not part of the series. Undefined without any stretch.
 */
export const joinSeries = (stretches: readonly Stretch[]): Series | undefined => {
  const ordered = stretches.toSorted((a, b) => a.from - b.from || (a.meter < b.meter ? -1 : 1));
  const register = ordered.at(-1)?.register;
  if (register === undefined) return undefined;
  const alike = ordered.filter(
    (one) =>
      one.register.unit === register.unit &&
      one.register.flow === register.flow &&
      one.register.commodity === register.commodity,
  );
  const powerOfTen = Math.min(...alike.map((one) => one.register.powerOfTen));
  const cut = alike.map((one, index) => ({
    ...one,
    to: Math.min(one.to, alike[index + 1]?.from ?? Number.POSITIVE_INFINITY),
    factor: 10 ** (one.register.powerOfTen - powerOfTen),
  }));
  return { register, powerOfTen, stretches: cut.filter(({ from, to }) => from < to) };
};

/** Readings of one stretch, as merged; those that begin outside `ranges` do not count. */
export interface MeasuredStretch {
  readonly ranges: readonly Range[];
  readonly factor: number;
  readonly runs: readonly IntervalRun[];
  /** How its volumes become energy, where they are of gas and that was said. */
  readonly gas?: GasConversion;
  /** Of an interval within which a meter was exchanged: when, and of which meter the part is not known. */
  readonly exchange?: { readonly at: number; readonly missing?: 'before' | 'after' };
}

/** Calls back for each interval that counts, in order. Callbacks, since years of intervals pass here. */
export const eachReading = (
  measured: MeasuredStretch,
  visit: (start: number, end: number, value: number | null, code: number) => void,
): void => {
  for (const run of measured.runs) {
    const { start, interval, values, quality } = run;
    const end = endOf(run);
    const whole = measured.ranges.some((range) => range.from <= start && end - interval < range.to);
    let mark = 0;
    let code = 0;
    for (let index = 0; index < values.length; index += 1) {
      const next = quality?.[mark];
      if (next !== undefined && next[0] === index) {
        code = next[1];
        mark += 1;
      }
      const at = start + index * interval;
      if (!whole && !holds(measured.ranges, at)) continue;
      const value = values[index] ?? null;
      visit(at, at + interval, value === null ? null : value * measured.factor, code);
    }
  }
};

/** Length of a register's intervals on a day: one of whole days has one interval, as long as the day. */
const stepOn = ({ intervalSeconds }: Register, day: Range): number =>
  intervalSeconds === wholeDay ? day.to - day.from : intervalSeconds;

/** Starts of a register's intervals in [from, to): from each local midnight on, in steps of the interval. */
export function* gridOf(register: Register, from: number, to: number): Generator<Range> {
  for (const day of localDays(register.zone, from, to)) {
    const step = stepOn(register, day);
    const first = day.from + Math.max(0, Math.ceil((from - day.from) / step)) * step;
    for (let at = first; at < Math.min(day.to, to); at += step) yield { from: at, to: Math.min(at + step, day.to) };
  }
}

/** How many intervals of a register begin in [from, to). */
export const gridCount = (register: Register, from: number, to: number): number => {
  let count = 0;
  for (const day of localDays(register.zone, from, to)) {
    const step = stepOn(register, day);
    const first = Math.max(0, Math.ceil((from - day.from) / step));
    const end = Math.ceil((Math.min(day.to, to) - day.from) / step);
    count += Math.max(0, end - first);
  }
  return count;
};
