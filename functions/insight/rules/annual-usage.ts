import { addDays } from '#shared/vocabulary/time.ts';
import { coverageOf, type DayUse, meanUse, validDays, windowBefore } from './day-use.ts';
import { type Insight, notEnough } from './insight.ts';

const yearDays = 365;
const leastMonths = 3;

/** Days of each month of a class of homes, by use of a day: January first. The size does not matter. */
export type SeasonProfile = readonly number[];

const monthOf = (date: string): number => Number(date.slice(5, 7)) - 1;

/**
 * Estimated use of a year, in the register's unit. With a year of days their sum, each month that lacks days filled by its own
 * mean; with less, at least three months, what was used over what the class uses in the same days.
 */
export const annualUsage = (days: readonly DayUse[], date: string, profile?: SeasonProfile): Insight<number> => {
  const window = windowBefore(date, yearDays);
  const valid = validDays(days, window);
  const coverage = coverageOf(days, window);
  const months = Array.from({ length: 12 }, (_, month) => valid.filter((day) => monthOf(day.date) === month));
  const found = (value: number, confidence: number, by: string): Insight<number> => ({
    enough: true,
    value,
    window,
    coverage,
    method: 'annual-usage',
    confidence,
    evidence: { days: valid.length, by },
  });
  const allDates = Array.from({ length: yearDays }, (_, day) => addDays(window.from, day));
  if (months.every((month) => month.length >= 10)) {
    const means = months.map(meanUse);
    const total = allDates.reduce((sum, one) => sum + (means[monthOf(one)] ?? 0), 0);
    return found(total, coverage, 'own months');
  }
  if (profile?.length !== 12 || months.filter((month) => month.length >= 10).length < leastMonths)
    return notEnough(
      'annual-usage',
      coverage,
      'a year of days is needed, or three months and the profile of the class',
    );
  const ofClass = (dates: readonly string[]): number =>
    dates.reduce((sum, one) => sum + (profile[monthOf(one)] ?? 0), 0);
  const seen = ofClass(valid.map((day) => day.date));
  if (seen <= 0) return notEnough('annual-usage', coverage, 'the class uses nothing in these months');
  const used = valid.reduce((sum, { value }) => sum + value, 0);
  return found((used / seen) * ofClass(allDates), coverage * 0.8, 'class profile');
};
