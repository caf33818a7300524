import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { DayContext, DayRule } from './day-context.ts';
import { type DayDigest, isEstimated } from './day-digest.ts';
import type { RegisterGround, Violation } from './judgement.ts';
import type { ReadDay } from './read-day.ts';

/** Rules over sums of days: how much, and how long without measured values. */

/** What the rules here need of a day. */
type DaySums = Pick<DayDigest, 'expected' | 'count' | 'estimated' | 'missing' | 'total'>;

/** Use of a day on average, from days at least half there, scaled by what is there; undefined where too few are. */
const perDay = (days: readonly DaySums[], least: number): number | undefined => {
  const valid = days.filter(({ count, expected }) => expected > 0 && count * 2 >= expected);
  if (valid.length < Math.max(1, least)) return undefined;
  return valid.reduce((sum, { total, expected, count }) => sum + (total * expected) / count, 0) / valid.length;
};

const daysOf = (digests: ReadonlyMap<string, DayDigest>, last: string, count: number): readonly DaySums[] =>
  Array.from({ length: count }, (_, back) => digests.get(addDays(last, -back))).filter((day) => day !== undefined);

/** A day that is judged now, before its holes are filled. */
const sumsOf = ({ slots }: ReadDay): DaySums => {
  const sums = { expected: 0, count: 0, estimated: 0, missing: 0, total: 0 };
  for (const { value, code, expected } of slots) {
    if (expected) sums.expected += 1;
    if (value === null) {
      if (expected) sums.missing += 1;
      continue;
    }
    sums.count += 1;
    sums.total += value;
    if (estimatedQualities.has(code)) sums.estimated += 1;
  }
  return sums;
};

/** The digests of days on which use was to be expected throughout. */
const ofUse = (
  digests: ReadonlyMap<string, DayDigest>,
  { zeroExpected, register: { zone } }: RegisterGround,
): ReadonlyMap<string, DayDigest> => {
  if (zeroExpected.length === 0) return digests;
  const isExpected = (date: string): boolean =>
    !meets(zeroExpected, { from: startOfDate(zone, date), to: startOfDate(zone, addDays(date, 1)) });
  return new Map([...digests].filter(([date]) => isExpected(date)));
};

const meets = (ranges: readonly Range[], range: Range): boolean =>
  ranges.some(({ from, to }) => from < range.to && range.from < to);

/**
 * Use of the last 7 days against the same days last year, else the 30 days before: below half or above double. Days on which no
 * use was to be expected are not compared, nor compared with.
 */
export const highLow: DayRule = (day, { ground, digests: all }) => {
  if (meets(ground.zeroExpected, day)) return [];
  const digests = ofUse(all, ground);
  const { lowPerMille, highPerMille, windowDays, historyDays, leastDays, mostEstimatedPerMille } =
    ground.configuration.highLow;
  const window = [sumsOf(day), ...daysOf(digests, addDays(day.date, -1), windowDays - 1)];
  const counted = window.reduce((sum, { count }) => sum + count, 0);
  const estimated = window.reduce((sum, one) => sum + one.estimated, 0);
  if (estimated * 1000 > counted * mostEstimatedPerMille) return [];
  const enough = Math.ceil(windowDays * 0.9);
  const now = perDay(window, enough);
  const lastYear = perDay(daysOf(digests, addDays(day.date, -364), windowDays), enough);
  const usual = lastYear ?? perDay(daysOf(digests, addDays(day.date, -windowDays), historyDays), leastDays);
  if (now === undefined || usual === undefined || usual <= 0) return [];
  if (now * 1000 >= lowPerMille * usual && now * 1000 <= highPerMille * usual) return [];
  const compared = lastYear === undefined ? 'days-before' : 'last-year';
  const evidence = { perDay: Math.round(now), usual: Math.round(usual), days: window.length, compared };
  return [{ from: day.from, to: day.to, severity: 'warn', evidence }];
};

/**
 * Days in a row that are mostly estimated or missing, and where they end: with this day, or with the one before where this day
 * broke the row.
 */
const estimatedRow = (
  day: ReadDay,
  { ground, digests }: DayContext,
): { readonly days: number; readonly to: number } => {
  const before = digests.get(addDays(day.date, -1))?.estimatedDays ?? 0;
  return isEstimated(sumsOf(day), ground.configuration.prolonged.sharePerMille)
    ? { days: before + 1, to: day.to }
    : { days: before, to: day.from };
};

/** More than 7 days in a row that are mostly estimated or missing. */
export const prolongedEstimation: DayRule = (day, context): readonly Violation[] => {
  const { configuration, register } = context.ground;
  const { days, to } = estimatedRow(day, context);
  if (days <= configuration.prolonged.days) return [];
  const last = to === day.to ? day.date : addDays(day.date, -1);
  const from = startOfDate(register.zone, addDays(last, 1 - days));
  return [{ from, to, severity: 'warn', evidence: { days } }];
};
