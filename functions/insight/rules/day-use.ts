import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import { type Insight, notEnough, type Window } from './insight.ts';

/** What a local day used, in the register's unit, and which part of its intervals was read. */
export interface DayUse {
  readonly date: string;
  readonly value: number;
  /** 0 to 1. */
  readonly read: number;
}

/** A day counts where half of it was read, a window where nine days in ten count (CalTRACK 2.0, 2.2). */
const leastOfDay = 0.5;
const leastOfWindow = 0.9;

/** Days of a window that count, each scaled to a whole day by the mean of what was read. */
export const validDays = (days: readonly DayUse[], { from, to }: Window): readonly DayUse[] =>
  days
    .filter(({ date, read }) => date >= from && date < to && read >= leastOfDay)
    .map(({ date, value, read }) => ({ date, value: value / read, read }));

/** Part of the days of a window that count. */
export const coverageOf = (days: readonly DayUse[], window: Window): number =>
  validDays(days, window).length / Math.max(1, daysBetween(window.from, window.to));

export const meanUse = (days: readonly DayUse[]): number =>
  days.reduce((sum, { value }) => sum + value, 0) / Math.max(1, days.length);

/** The days that end before a date. */
export const windowBefore = (date: string, days: number): Window => ({ from: addDays(date, -days), to: date });

/** Average use of a day in a window, in the register's unit. */
export const usePerDay = (days: readonly DayUse[], window: Window): Insight<number> => {
  const coverage = coverageOf(days, window);
  if (coverage < leastOfWindow)
    return notEnough('use-per-day', coverage, `${Math.round(100 * coverage)} % of the days were read, 90 % are needed`);
  const valid = validDays(days, window);
  return {
    enough: true,
    value: meanUse(valid),
    window,
    coverage,
    method: 'use-per-day',
    confidence: coverage,
    evidence: { days: valid.length, first: valid[0]?.date ?? '', last: valid.at(-1)?.date ?? '' },
  };
};
