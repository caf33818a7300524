import { type CodedValue, type SharedInterval, sumOfParts } from '#functions/readings/rules/shared-intervals.ts';
import { eachReading, type MeasuredStretch, type Series } from '#functions/readings/rules/supplied-series.ts';
import { expectedIn } from '#functions/readings/rules/usage-buckets.ts';
import { billableQualities, estimatedQualities } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { common } from '#shared/vocabulary/ranges.ts';
import { addDays, addMonths, localDateAt, localDays, startOfMonth } from '#shared/vocabulary/time.ts';
import { countOf, type DayDigest, type QualitySum, sumOf } from './day-digest.ts';
import type { VeeException } from './judgement.ts';

/** What one meter measured on one local date, in the scale of the series. */
export type DayTally = Pick<DayDigest, 'date' | 'byQuality' | 'firstAt' | 'lastAt'>;

/** What a register measured in some local days. Amounts in the scale of the series. */
interface Measured {
  /** Sum of the values that count in billing; those that do not are in `excluded`. */
  readonly value: number;
  readonly excluded: number;
  /** By code, ascending. */
  readonly byQuality: readonly QualitySum[];
  readonly expected: number;
  readonly missing: number;
  /** Part of `value` that is estimated, in thousandths, rounded half up; 0 where the value is 0. */
  readonly estimatedPerMille: number;
  readonly days: number;
  /** Days on which every expected interval has a value that counts. */
  readonly daysComplete: number;
}

/** A stretch of a month in which the same account took service, or none: local dates, half-open. */
export interface MonthPart extends Measured {
  readonly from: string;
  readonly to: string;
}

/** What a register measured in a local month. Instants in Unix seconds. */
export interface ClosedMonth extends Measured {
  readonly month: string;
  readonly from: number;
  readonly to: number;
  /** Start of the first and end of the last value that counts; null without any. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Of a month in which others began to take service, what was measured for each; in order, together the month. */
  readonly parts?: readonly MonthPart[];
  /** Ids of the exceptions that stand over the month, in order. */
  readonly open: readonly string[];
}

const isBillable = (code: number): boolean => billableQualities.has(code);

const thousandths = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.min(1000, Math.max(0, Math.round((Math.abs(part) * 1000) / Math.abs(whole))));

const summed = (tallies: readonly DayTally[]): readonly QualitySum[] => {
  const sums = new Map<number, QualitySum>();
  for (const [code, count, value] of tallies.flatMap(({ byQuality }) => byQuality)) {
    const [, n, sum] = sums.get(code) ?? [code, 0, 0];
    sums.set(code, [code, n + count, sum + value]);
  }
  return [...sums.values()]
    .filter(([, count, value]) => count !== 0 || value !== 0)
    .sort(([left], [right]) => left - right);
};

/**
 * What makes of the parts of two meters, which the digest of each counts as an interval of its own, the one interval within which a
 * meter was exchanged: their sum, or none where one of them is not known.
 */
export const talliesOfParts = (
  shared: SharedInterval,
  { first, second }: { readonly first: CodedValue | undefined; readonly second: CodedValue | undefined },
  zone: string,
): readonly DayTally[] => {
  const sum = sumOfParts(shared, first, second);
  const none = { firstAt: null, lastAt: null };
  const less = (part: CodedValue | undefined, factor: number, at: number): readonly DayTally[] =>
    part === undefined
      ? []
      : [{ date: localDateAt(zone, at), byQuality: [[part.code, -1, -part.value * factor]], ...none }];
  return [
    ...less(first, shared.before.factor, shared.from),
    ...less(second, shared.after.factor, shared.afterFrom),
    ...(sum === undefined
      ? []
      : [{ date: localDateAt(zone, shared.from), byQuality: [[sum.code, 1, sum.value] as const], ...none }]),
  ];
};

/** Digests of one meter as tallies; `factor` brings its values to the scale of the series. Where days are cut in one zone. */
export const talliesOfDigests = (digests: readonly DayDigest[], factor: number): readonly DayTally[] =>
  digests.map(({ date, byQuality, firstAt, lastAt }) => ({
    date,
    byQuality: byQuality.map(([code, count, value]): QualitySum => [code, count, value * factor]),
    firstAt,
    lastAt,
  }));

/** Judged readings as tallies of the dates of a zone: where the meters cut their days in another. */
export const talliesOfReadings = (measured: readonly MeasuredStretch[], zone: string): readonly DayTally[] => {
  const tallies: DayTally[] = [];
  for (const stretch of measured) {
    eachReading(stretch, (from, to, value, code) => {
      if (value === null) return;
      const counts = isBillable(code) ? { firstAt: from, lastAt: to } : { firstAt: null, lastAt: null };
      tallies.push({ date: localDateAt(zone, from), byQuality: [[code, 1, value]], ...counts });
    });
  }
  return tallies;
};

/** What was measured on some days of a zone, with how much was expected on each. */
const measuredOn = (
  days: readonly { readonly date: string; readonly expected: number }[],
  tallies: readonly DayTally[],
): Measured => {
  const dates = new Set(days.map(({ date }) => date));
  const within = tallies.filter(({ date }) => dates.has(date));
  const counted = new Map<string, number>();
  for (const { date, byQuality } of within) {
    counted.set(date, (counted.get(date) ?? 0) + countOf(byQuality, isBillable));
  }
  const byQuality = summed(within);
  const value = sumOf(byQuality, isBillable);
  const expected = days.reduce((sum, day) => sum + day.expected, 0);
  return {
    value,
    excluded: sumOf(byQuality, (code) => !isBillable(code)),
    byQuality,
    expected,
    missing: Math.max(0, expected - countOf(byQuality, () => true)),
    estimatedPerMille: thousandths(
      sumOf(byQuality, (code) => isBillable(code) && estimatedQualities.has(code)),
      value,
    ),
    days: days.length,
    daysComplete: days.filter((day) => day.expected > 0 && (counted.get(day.date) ?? 0) >= day.expected).length,
  };
};

/** Stretches of days between the dates on which others begin to take service; none where nobody does within. */
const partsOf = <Day extends { readonly date: string }>(
  days: readonly Day[],
  changes: readonly string[],
): readonly (readonly Day[])[] => {
  const cuts = changes.filter((date) => days.slice(1).some((day) => day.date === date));
  if (cuts.length === 0) return [];
  return ['', ...cuts].map((from, index) => {
    const to = cuts[index];
    return days.filter(({ date }) => from <= date && (to === undefined || date < to));
  });
};

/**
 * Closes a month of a series in a zone. The same readings give the same figures, so that a month closed again is issued anew
 * only where it differs (`isSameMonth`).
 * @param supplied when readings are expected: installed, connected, over by now
 * @param changes local dates on which others begin to take service, ascending
 * @param tallies of judged days; those of other months are left out
 * @param exceptions those open now
 */
export const closeMonth = (
  {
    series,
    zone,
    month,
    supplied,
    changes = [],
  }: {
    readonly series: Series;
    readonly zone: string;
    readonly month: string;
    readonly supplied: readonly Range[];
    readonly changes?: readonly string[];
  },
  tallies: readonly DayTally[],
  exceptions: readonly VeeException[],
): ClosedMonth => {
  const [from, to] = [startOfMonth(zone, month), startOfMonth(zone, addMonths(month, 1))];
  const within = tallies.filter(({ date }) => date.startsWith(month));
  const days = [...localDays(zone, from, to)].map((day) => ({
    date: day.date,
    expected: expectedIn(series, common(supplied, [day])),
  }));
  const parts = partsOf(days, changes).map((stretch) => {
    const [first, last] = [stretch[0]?.date ?? '', stretch.at(-1)?.date ?? ''];
    return { from: first, to: addDays(last, 1), ...measuredOn(stretch, within) };
  });
  const [firsts, lasts] = [
    within.flatMap(({ firstAt }) => (firstAt === null ? [] : [firstAt])),
    within.flatMap(({ lastAt }) => (lastAt === null ? [] : [lastAt])),
  ];
  const { days: count, daysComplete, ...figures } = measuredOn(days, within);
  return {
    month,
    from,
    to,
    ...figures,
    firstAt: firsts.reduce<number | null>((least, at) => Math.min(least ?? at, at), null),
    lastAt: lasts.reduce<number | null>((most, at) => Math.max(most ?? at, at), null),
    days: count,
    daysComplete,
    ...(parts.length === 0 ? {} : { parts }),
    open: exceptions
      .filter((one) => one.from < to && from < one.to)
      .map(({ id }) => id)
      .sort(),
  };
};

/** Whether two closings of a month say the same; where not, the later one is issued anew. */
export const isSameMonth = (left: ClosedMonth, right: ClosedMonth): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
