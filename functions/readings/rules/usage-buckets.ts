import { billableQualities, estimatedQualities, quality } from '#shared/vocabulary/measures.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import { addMonths, localDays, localMonthAt, startOfMonth } from '#shared/vocabulary/time.ts';
import { eachReading, gridCount, gridOf, type MeasuredStretch, type Series } from './supplied-series.ts';

export type Resolution = 'interval' | 'day' | 'month';

/** Usage of one interval, day or month: sum of the values that count, null where there is none. */
export interface UsageBucket extends Range {
  readonly value: number | null;
  /** ESPI code of the values; mixed (13) where they differ, null without a value. */
  readonly quality: number | null;
  /** Intervals with a value, those that do not count among them. */
  readonly count: number;
  /** Intervals that should have been read. */
  readonly expected: number;
  /** Part of the values that count which are estimates, rounded to 4 decimals. */
  readonly estimatedShare: number;
}

/** When each stretch of a series counts: its own time, cut to the ranges. */
export const windowsOf = (
  series: Series,
  ranges: readonly Range[],
): readonly (Range & { readonly stretch: Series['stretches'][number] })[] =>
  series.stretches.flatMap((stretch) => common(ranges, [stretch]).map((range) => ({ ...range, stretch })));

/** Intervals of a series that begin in the ranges. */
export const expectedIn = (series: Series, ranges: readonly Range[]): number =>
  windowsOf(series, ranges).reduce((sum, { from, to, stretch }) => sum + gridCount(stretch.register, from, to), 0);

function* monthsOf(zone: string, from: number, to: number): Generator<Range> {
  let month = localMonthAt(zone, from);
  for (let start = startOfMonth(zone, month); start < to; ) {
    month = addMonths(month, 1);
    const end = startOfMonth(zone, month);
    yield { from: Math.max(start, from), to: Math.min(end, to) };
    start = end;
  }
}

function* daysOf(zone: string, from: number, to: number): Generator<Range> {
  for (const day of localDays(zone, from, to)) yield { from: Math.max(day.from, from), to: Math.min(day.to, to) };
}

/** The buckets of a range, in order, those left out in which no interval is expected. `asOf` ends what is expected. */
export function* bucketsOf(
  series: Series,
  zone: string,
  resolution: Resolution,
  ranges: readonly Range[],
  asOf: number,
): Generator<Range & { readonly expected: number }> {
  const due = common(ranges, [{ from: 0, to: asOf }]);
  if (resolution === 'interval') {
    for (const { from, to, stretch } of windowsOf(series, due)) {
      for (const interval of gridOf(stretch.register, from, to)) yield { ...interval, expected: 1 };
    }
    return;
  }
  const cut = resolution === 'day' ? daysOf : monthsOf;
  for (const range of ranges) {
    for (const bucket of cut(zone, range.from, Math.min(range.to, asOf))) {
      const expected = expectedIn(series, common(due, [bucket]));
      if (expected > 0) yield { ...bucket, expected };
    }
  }
}

/** Sums as they grow. */
interface Tally {
  value: number;
  /** Values in the sum, and values there are. */
  counted: number;
  count: number;
  estimated: number;
  code: number | null;
}

const closed = (bucket: Range & { readonly expected: number }, tally: Tally): UsageBucket => ({
  from: bucket.from,
  to: bucket.to,
  value: tally.counted === 0 ? null : tally.value,
  quality: tally.code,
  count: tally.count,
  expected: bucket.expected,
  estimatedShare: tally.counted === 0 ? 0 : Math.round((10_000 * tally.estimated) / tally.counted) / 10_000,
});

const add = (tally: Tally, value: number, code: number, counts: boolean): void => {
  if (counts) {
    tally.value += value;
    tally.counted += 1;
    if (estimatedQualities.has(code)) tally.estimated += 1;
  }
  tally.code = tally.count === 0 || tally.code === code ? code : quality.mixed;
  tally.count += 1;
};

const nothing = (): Tally => ({ value: 0, counted: 0, count: 0, estimated: 0, code: null });

/**
 * Fills buckets, which ascend, with the readings that begin in them, which ascend too. Values that do not count in billing
 * (questionable, raw, projected) are shown where each bucket is one interval, and left out of sums.
 */
export const fillBuckets = (
  buckets: readonly (Range & { readonly expected: number })[],
  measured: readonly MeasuredStretch[],
  each: 'interval' | 'sum' = 'sum',
): readonly UsageBucket[] => {
  const tallies = buckets.map(nothing);
  let at = 0;
  for (const stretch of measured) {
    eachReading(stretch, (start, _end, value, code) => {
      let bucket = buckets[at];
      while (bucket !== undefined && start >= bucket.to) {
        at += 1;
        bucket = buckets[at];
      }
      const tally = tallies[at];
      if (value === null || bucket === undefined || tally === undefined || start < bucket.from) return;
      add(tally, value, code, each === 'interval' || billableQualities.has(code));
    });
  }
  return buckets.map((bucket, index) => closed(bucket, tallies[index] ?? nothing()));
};

/** Values of one ESPI quality code: how many, and their sum, counted in billing or not. */
export interface QualitySum {
  readonly quality: number;
  readonly count: number;
  readonly value: number;
}

/** What begins in a range, by quality code, ascending: measured, estimated and questionable values told apart. */
export const sumsByQuality = (measured: readonly MeasuredStretch[], { from, to }: Range): readonly QualitySum[] => {
  const sums = new Map<number, QualitySum>();
  for (const stretch of measured) {
    eachReading(stretch, (start, _end, reading, code) => {
      if (reading === null || start < from || start >= to) return;
      const { count, value } = sums.get(code) ?? { count: 0, value: 0 };
      sums.set(code, { quality: code, count: count + 1, value: value + reading });
    });
  }
  return [...sums.values()].sort((left, right) => left.quality - right.quality);
};
