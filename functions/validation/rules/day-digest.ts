import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import { billableQualities, estimatedQualities, quality } from '#shared/vocabulary/measures.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { rowsOf } from './equal-rows.ts';
import type { ReadDay } from './read-day.ts';

/** How many values of one ESPI code there are, and their sum. */
export type QualitySum = readonly [code: number, count: number, value: number];

/** Equal measured values in a row that reach the end of a day. */
export interface EqualTail {
  readonly value: number;
  readonly count: number;
  /** When the first of them began; on an earlier day where the row is longer. Unix seconds. */
  readonly from: number;
  /** Median use of the days before the row, where some are known. */
  readonly usual: number | null;
}

/**
 * What is kept of a judged day so that later days can be judged, and months closed, without reading its intervals again. Amounts
 * in the register's scale.
 */
export interface DayDigest {
  readonly date: string;
  readonly expected: number;
  /** Intervals with a value, estimates among them; how many of them are estimates. */
  readonly count: number;
  readonly estimated: number;
  /** Expected intervals without any value. */
  readonly missing: number;
  readonly total: number;
  /** By code, ascending. */
  readonly byQuality: readonly QualitySum[];
  /** Start of the first and end of the last value that counts in billing; null without any. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Null where no row reaches the end of the day (see `rowsOf`). */
  readonly tail: EqualTail | null;
  /** Days in a row, up to this one, that are mostly estimated or missing. */
  readonly estimatedDays: number;
}

/** A day around those judged: its judged readings, estimates among them, and whether the power was off in it. */
export interface HistoryDay {
  readonly date: string;
  readonly runs: readonly IntervalRun[];
  readonly outage: boolean;
}

/** A value as judged: what is put into a digest. */
export interface DigestedInterval {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
  readonly quality: number | null;
}

/** Median of whole numbers, of an even count the lower one; undefined of none. */
const lowerMedian = (values: readonly number[]): number | undefined =>
  values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)];

/** Median use of the last days with values that end at an instant or before; undefined without any. */
export const usualBefore = (
  zone: string,
  digests: ReadonlyMap<string, DayDigest>,
  instant: number,
  days: number,
): number | undefined => {
  // A local date has ended where the instant is of a later one.
  const now = localDateAt(zone, instant);
  return lowerMedian(
    [...digests.values()]
      .filter(({ date, count }) => count > 0 && date < now)
      .sort((left, right) => (left.date < right.date ? 1 : -1))
      .slice(0, days)
      .map(({ total }) => total),
  );
};

/** What a digest is made with, besides the day. */
export interface DigestGround {
  readonly zone: string;
  readonly digests: ReadonlyMap<string, DayDigest>;
  /** From how much of a day in thousandths on it counts as estimated. */
  readonly estimatedPerMille: number;
  /** How many days before a row of equal values tell what is usual. */
  readonly usualDays: number;
}

const tailOf = (day: ReadDay, { zone, digests, usualDays }: DigestGround): EqualTail | null => {
  const before = digests.get(addDays(day.date, -1))?.tail ?? null;
  const row = rowsOf(day, before).at(-1);
  if (row === undefined || row.to < day.to) return null;
  const usual = row.from < day.from ? before?.usual : usualBefore(zone, digests, row.from, usualDays);
  return { value: row.value, count: row.count, from: row.from, usual: usual ?? null };
};

/** Whether more than a share of a day is estimated or missing. */
export const isEstimated = (
  { expected, missing, estimated }: Pick<DayDigest, 'expected' | 'missing' | 'estimated'>,
  sharePerMille: number,
): boolean => expected > 0 && (missing + estimated) * 1000 > sharePerMille * expected;

/** Sums a judged day up. `digests` holds the day before it, where that was judged. */
export const digestDay = (day: ReadDay, intervals: readonly DigestedInterval[], ground: DigestGround): DayDigest => {
  const sums = new Map<number, { count: number; value: number }>();
  let [expected, missing, firstAt, lastAt]: [number, number, number | null, number | null] = [0, 0, null, null];
  day.slots.forEach((slot, place) => {
    const one = intervals[place];
    if (slot.expected) expected += 1;
    if (one === undefined || one.value === null) {
      if (slot.expected) missing += 1;
      return;
    }
    const code = one.quality ?? quality.valid;
    const sum = sums.get(code) ?? { count: 0, value: 0 };
    sums.set(code, { count: sum.count + 1, value: sum.value + one.value });
    if (!billableQualities.has(code)) return;
    firstAt ??= one.from;
    lastAt = one.to;
  });
  const byQuality = [...sums]
    .map(([code, { count, value }]): QualitySum => [code, count, value])
    .sort(([left], [right]) => left - right);
  const counted = { expected, missing, estimated: countOf(byQuality, (code) => estimatedQualities.has(code)) };
  const earlier = ground.digests.get(addDays(day.date, -1))?.estimatedDays ?? 0;
  return {
    date: day.date,
    ...counted,
    count: countOf(byQuality, () => true),
    total: byQuality.reduce((sum, [, , value]) => sum + value, 0),
    byQuality,
    firstAt,
    lastAt,
    tail: tailOf(day, ground),
    estimatedDays: isEstimated(counted, ground.estimatedPerMille) ? earlier + 1 : 0,
  };
};

/** How many values have a code that passes. */
export const countOf = (sums: readonly QualitySum[], test: (code: number) => boolean): number =>
  sums.reduce((all, [code, count]) => (test(code) ? all + count : all), 0);

/** Sum of the values whose code passes. */
export const sumOf = (sums: readonly QualitySum[], test: (code: number) => boolean): number =>
  sums.reduce((all, [code, , value]) => (test(code) ? all + value : all), 0);

/** Whether the next day would be judged alike after either digest, as far as rows go that cross midnight. */
export const carriesAlike = (left: DayDigest | undefined, right: DayDigest | undefined): boolean =>
  JSON.stringify([left?.tail ?? null, left?.estimatedDays ?? 0]) ===
  JSON.stringify([right?.tail ?? null, right?.estimatedDays ?? 0]);
