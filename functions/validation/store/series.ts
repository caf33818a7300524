import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import {
  joinParts,
  type SharedInterval,
  sharedIntervals,
  valueAt,
} from '#functions/readings/rules/shared-intervals.ts';
import {
  eachReading,
  joinSeries,
  type MeasuredStretch,
  type Series,
} from '#functions/readings/rules/supplied-series.ts';
import { firstValueAt, lastReadingAt, readRuns } from '#functions/readings/store/readings.ts';
import { hasRaw, underExceptions } from '#functions/validation/rules/as-judged.ts';
import { gasConversionOf } from '#functions/validation/rules/volumes.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { common, holds, type Range } from '#shared/vocabulary/ranges.ts';
import { addDays, instantOf, startOfDate } from '#shared/vocabulary/time.ts';
import { lastJudged } from './judged-months.ts';
import { readExceptions } from './reading-exceptions.ts';
import type { MeterPeriod } from './supply.ts';

const mostKept = 20_000;

/** Registers of meters. What a meter measures never changes, so they are read once. */
export class RegisterReader {
  readonly #profile: Table;
  readonly #kept = new Map<string, readonly Register[]>();

  constructor(profile: Table) {
    this.#profile = profile;
  }

  async of(meter: string): Promise<readonly Register[]> {
    const kept = this.#kept.get(meter);
    if (kept !== undefined) return kept;
    const item = await readMeter(this.#profile, meter);
    if (item === undefined) return [];
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(meter, item.registers);
    return item.registers;
  }
}

/** Series of a list of meters that was read once, for as long as that list is kept. */
const joined = new WeakMap<readonly MeterPeriod[], ReadonlyMap<string, Series>>();

/** Every register of a service point's meters, joined over them, by name in order. */
export const readSeries = async (
  registers: RegisterReader,
  meters: readonly MeterPeriod[],
): Promise<ReadonlyMap<string, Series>> => {
  const known = joined.get(meters);
  if (known !== undefined) return known;
  const measured = await Promise.all(
    meters.map(async ({ registers: told = [], item, ...period }) =>
      (item?.registers ?? (await registers.of(period.meter))).map((register) => ({
        ...period,
        register,
        said: told.find((one) => one.register === register.id),
      })),
    ),
  );
  const stretches = measured.flat();
  const names = [...new Set(stretches.map(({ register }) => register.id))].sort();
  const all = new Map(
    names.flatMap((name) => {
      const series = joinSeries(stretches.filter(({ register }) => register.id === name));
      return series === undefined ? [] : [[name, series]];
    }),
  );
  // A meter that is not registered yet will be.
  if (measured.every((one) => one.length > 0)) joined.set(meters, all);
  return all;
};

type Stretch = Series['stretches'][number];

/** What register reads say where a register has no intervals (`use-of-reads.ts`). Unix seconds. */
export interface UseOfReads {
  /** The runs of a range, and before them those that its reads make. */
  readonly with: (stretch: Stretch, range: Range, runs: readonly IntervalRun[]) => Promise<readonly IntervalRun[]>;
  /** The first and the last read of a register that has no intervals; undefined where it has none in the time of the stretch. */
  readonly ends: (stretch: Stretch) => Promise<Range | undefined>;
}

/** How long before a reading an exception may begin that stands over it, in seconds: register reads are at most so far apart. */
const exceptionReach = 100 * 86_400;

/** Merged readings of a register with the codes that judging gave them. */
const readJudgedRuns = async (
  readings: Table,
  meter: string,
  register: Register,
  from: number,
  to: number,
): Promise<readonly IntervalRun[]> => {
  const place = { meter, register: register.id };
  const until = Math.min(to, 9_999_999_999);
  const [runs, known] = await Promise.all([
    readRuns(readings, meter, register.id, from, to),
    readExceptions(readings, place, from - exceptionReach, until),
  ]);
  const last = hasRaw(runs) ? await lastJudged(readings, place) : undefined;
  return underExceptions(runs, known, last === undefined ? 0 : startOfDate(register.zone, addDays(last, 1)));
};

/** What both meters tell of an interval within which one took the place of the other. */
export const readParts = async (readings: Table, { before, after, from, afterFrom }: SharedInterval) => {
  const [first, second] = await Promise.all([
    readJudgedRuns(readings, before.meter, before.register, from, from + 1),
    readJudgedRuns(readings, after.meter, after.register, afterFrom, afterFrom + 1),
  ]);
  return { first: valueAt(first, from), second: valueAt(second, afterFrom) };
};

/**
 * Readings of a series over [from, to), those that begin within `ranges`, in the order of its stretches; with `reads` also what
 * register reads say of the time before the first interval. An interval within which a meter was exchanged is the sum of both.
 */
export const readStretches = async (
  readings: Table,
  series: Series,
  ranges: readonly Range[],
  from: number,
  to: number,
  reads?: UseOfReads,
): Promise<readonly MeasuredStretch[]> => {
  const measured: MeasuredStretch[] = [];
  const shared = new Map(sharedIntervals(series).map((one) => [one.before, one]));
  for (const stretch of series.stretches) {
    const counted = common(ranges, [{ from: Math.max(from, stretch.from), to: Math.min(to, stretch.to) }]);
    const [first, last] = [counted[0], counted.at(-1)];
    if (first === undefined || last === undefined) continue;
    const measuredRuns = await readJudgedRuns(readings, stretch.meter, stretch.register, first.from, last.to);
    const runs =
      reads === undefined ? measuredRuns : await reads.with(stretch, { from: first.from, to: last.to }, measuredRuns);
    const gas = gasConversionOf(stretch.register, stretch.said?.validation);
    const own = { ranges: counted, factor: stretch.factor, runs, ...(gas === undefined ? {} : { gas }) };
    const both = shared.get(stretch);
    if (both !== undefined && holds(counted, both.from)) {
      const { meter, register } = both.after;
      const later = await readJudgedRuns(readings, meter, register, both.afterFrom, both.afterFrom + 1);
      measured.push(...joinParts(both, runs.length === 0 ? undefined : own, later));
    } else if (runs.length > 0) measured.push(own);
  }
  return measured;
};

/** Start of the first interval with a value that counts, Unix seconds. */
export const firstOfSeries = async (
  readings: Table,
  series: Series,
  ranges: readonly Range[],
  reads?: UseOfReads,
): Promise<number | undefined> => {
  for (const stretch of series.stretches) {
    const { meter, register, from, to } = stretch;
    const counted = common(ranges, [{ from, to }]);
    for (const range of counted) {
      const first = await firstValueAt(readings, meter, register.id, range.from, range.to);
      if (first !== undefined) return first;
    }
    const ends = counted.length === 0 ? undefined : await reads?.ends(stretch);
    const [known] = ends === undefined ? [] : common(counted, [ends]);
    if (known !== undefined) return known.from;
  }
  return undefined;
};

/** An instant at or after the end of the last interval with a value that counts; undefined where there is surely none. */
export const lastOfSeries = async (
  readings: Table,
  series: Series,
  ranges: readonly Range[],
  reads?: UseOfReads,
): Promise<number | undefined> => {
  for (const stretch of series.stretches.toReversed()) {
    const { meter, register, from, to } = stretch;
    const last = (await lastReadingAt(readings, meter, register.id)) ?? (await reads?.ends(stretch))?.to;
    const counted = common(ranges, [{ from, to }]);
    const [first, end] = [counted[0], counted.at(-1)];
    if (last === undefined || first === undefined || end === undefined || last <= first.from) continue;
    return holds(counted, last - 1) ? last : Math.min(last, end.to + register.intervalSeconds);
  }
  return undefined;
};

const dayOfSeconds = 86_400;

/** End of the last interval with a value that counts, Unix seconds; undefined where there is none. */
export const lastValueOfSeries = async (
  readings: Table,
  series: Series,
  ranges: readonly Range[],
  reads?: UseOfReads,
): Promise<number | undefined> => {
  const first = series.stretches[0]?.from ?? 0;
  let end = await lastOfSeries(readings, series, ranges, reads);
  while (end !== undefined && end > first) {
    const from = end - 32 * dayOfSeconds;
    let last: number | undefined;
    for (const stretch of await readStretches(readings, series, ranges, from, end, reads)) {
      eachReading(stretch, (_start, until, value) => {
        if (value !== null) last = until;
      });
    }
    if (last !== undefined) return last;
    end = from;
  }
  return undefined;
};

/**
 * End of a meter's last interval with a value over all its registers, RFC 3339; null where it has none.
 * @param seen time that may be told of; all of it where absent
 */
export const lastReadingOf = async (
  readings: Table,
  meter: Pick<MeterItem, 'id' | 'registers'>,
  seen?: readonly Range[],
): Promise<string | null> => {
  const ends = await Promise.all(meter.registers.map((register) => lastReadingAt(readings, meter.id, register.id)));
  const last = Math.max(0, ...ends.map((end) => end ?? 0));
  return last === 0 || (seen !== undefined && !holds(seen, last - 1)) ? null : instantOf(last);
};
