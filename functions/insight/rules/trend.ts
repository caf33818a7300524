import type { Temperatures } from '#functions/reference/rules/hourly-temperatures.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type DayUse, meanUse, usePerDay, validDays, windowBefore } from './day-use.ts';
import type { DegreeDay } from './degree-observations.ts';
import { type Insight, notEnough, type Window } from './insight.ts';
import { fitTemperatures, leastDaysOfModel, loadsOf } from './temperature-model.ts';

const span = 28;
/** Of the last 28 days, how many need temperatures: nine in ten. */
const leastRecent = 26;
/** 52 weeks, which keep the weekdays in place. */
const year = 364;

/** How the last 28 days compare: shares by which use rose (negative where it fell). */
export interface Trend {
  /** Against the same 28 days 364 days before. */
  readonly onYear: number;
  /** Against the 28 days before, less what the same two stretches differed a year ago where that is known. */
  readonly onMonth: number | undefined;
  /** Against what the temperatures of the last 28 days made expect; undefined where that cannot be said. */
  readonly onWeather: number | undefined;
  /** Use of a day now, in the register's unit. */
  readonly perDay: number;
}

const expectedByWeather = (
  days: readonly DayUse[],
  temperatures: Temperatures,
  now: Window,
): { readonly actual: number; readonly expected: number } | { readonly missing: string } => {
  if (temperatures.size === 0) return { missing: 'no temperatures of this area are known' };
  const pairs = (window: Window): readonly DegreeDay[] =>
    validDays(days, window).flatMap(({ date, value }) => {
      const celsius = temperatures.get(date);
      if (celsius === undefined || celsius.length === 0) return [];
      return [{ use: value, celsius, before: temperatures.get(addDays(date, -1)) ?? [] }];
    });
  const recent = pairs(now);
  if (recent.length < leastRecent)
    return { missing: `temperatures are known of ${recent.length} of these 28 days, ${leastRecent} are needed` };
  const year = pairs(windowBefore(now.from, 365));
  if (year.length < leastDaysOfModel)
    return {
      missing: `of the year before, use and temperatures are known of ${year.length} days, ${leastDaysOfModel} are needed`,
    };
  const model = fitTemperatures(year);
  if (model === undefined) return { missing: 'every day of the year before was alike' };
  const { base, heating, cooling } = loadsOf(model, recent);
  if (base + heating + cooling <= 0) return { missing: 'nothing was to be expected' };
  return { actual: recent.reduce((sum, { use }) => sum + use, 0), expected: base + heating + cooling };
};

/**
 * Trend of the 28 days before a date. Without the same days of a year ago there is none, and it is said. `temperatures` are left out
 * where the weather is not asked about; of those that do not suffice the evidence says what is missing.
 */
export const trendOf = (days: readonly DayUse[], date: string, temperatures?: Temperatures): Insight<Trend> => {
  const window = windowBefore(date, span);
  const now = usePerDay(days, window);
  if (!now.enough) return { ...now, method: 'trend' };
  const then = usePerDay(days, windowBefore(addDays(date, -year), span));
  if (!then.enough) return notEnough('trend', then.coverage, 'the same 28 days of a year ago were not read');
  if (then.value <= 0) return notEnough('trend', then.coverage, 'there is nothing of a year ago to compare it with');
  const before = usePerDay(days, windowBefore(window.from, span));
  const thenBefore = usePerDay(days, windowBefore(addDays(window.from, -year), span));
  const season = thenBefore.enough && thenBefore.value > 0 ? then.value / thenBefore.value : undefined;
  const weather = temperatures && expectedByWeather(days, temperatures, window);
  const corrected = weather !== undefined && 'expected' in weather;
  return {
    enough: true,
    value: {
      onYear: now.value / then.value - 1,
      onMonth: before.enough && before.value > 0 ? now.value / before.value / (season ?? 1) - 1 : undefined,
      onWeather: corrected ? weather.actual / weather.expected - 1 : undefined,
      perDay: now.value,
    },
    window,
    coverage: now.coverage,
    method: 'trend',
    confidence: Math.min(now.coverage, then.coverage) * (corrected ? 1 : 0.8),
    evidence: {
      perDayNow: now.value,
      perDayYearAgo: then.value,
      ...(before.enough ? { perDayMonthBefore: before.value } : {}),
      ...(before.enough && season !== undefined ? { usualChangeOfSeason: season - 1 } : {}),
      ...(weather === undefined
        ? {}
        : corrected
          ? { expectedByWeather: now.value / (weather.actual / weather.expected) }
          : { weather: `not allowed for: ${weather.missing}` }),
    },
  };
};

const leastOnYear = 0.2;
const leastOnMonth = 0.1;
/** What use must be above what the weather made expect, for the weather not to be the reason: models err by up to 5 %. */
const leastOnWeather = 0.1;
const mostByChance = 0.05;
const draws = 1000;

/** Even numbers from 0 to 1, the same for the same seed (mulberry32): rules have no random source of their own. */
const seeded = (seed: number) => {
  let state = seed | 0;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
};

const weeksOf = (days: readonly DayUse[]): readonly number[] => {
  const weeks: number[] = [];
  for (let first = 0; first + 7 <= days.length; first += 7) weeks.push(meanUse(days.slice(first, first + 7)));
  return weeks;
};

/** Chance that two stretches of one home differ so much: both are drawn, week by week, from all their weeks (block bootstrap). */
const chanceOf = (now: readonly DayUse[], then: readonly DayUse[], seed: number): number => {
  const [late, early] = [weeksOf(now), weeksOf(then)];
  const pool = [...late, ...early];
  const mean = (weeks: readonly number[]): number => weeks.reduce((sum, week) => sum + week, 0) / weeks.length;
  if (late.length < 3 || early.length < 3) return 1;
  const seen = mean(late) - mean(early);
  const next = seeded(seed);
  const draw = (count: number): number => {
    let sum = 0;
    for (let drawn = 0; drawn < count; drawn += 1) sum += pool[Math.floor(next() * pool.length)] ?? 0;
    return sum / count;
  };
  let as = 0;
  for (let turn = 0; turn < draws; turn += 1) if (draw(late.length) - draw(early.length) >= seen) as += 1;
  return as / draws;
};

/** A rise that is worth a talk: on the year and on the month, large enough, hardly by chance, and not made by the weather. */
export interface Rise {
  readonly significant: boolean;
  /** Whether it would be significant, were it not for the weather. */
  readonly byWeather: boolean;
  readonly onYear: number;
  readonly onMonth: number;
  readonly onWeather: number | undefined;
  /** Probability of such a rise by chance. */
  readonly chance: number;
}

/**
 * Whether use rose significantly (docs/insight.md, "significant-rise"). `least` is the rise of a day that matters, in the register's unit: 1 kWh. `trend` is
 * that of the same days and date; where it knows of the weather, a rise that the weather explains is none.
 */
export const riseOf = (
  days: readonly DayUse[],
  date: string,
  least: number,
  trend: Insight<Trend> = trendOf(days, date),
  seed = 1,
): Insight<Rise> => {
  if (!trend.enough) return { ...trend, method: 'significant-rise' };
  const { onYear, onMonth, onWeather, perDay } = trend.value;
  if (onMonth === undefined) return notEnough('significant-rise', trend.coverage, 'the 28 days before were not read');
  const now = validDays(days, trend.window);
  const chance = chanceOf(now, validDays(days, windowBefore(addDays(date, -year), span)), seed);
  const rise = perDay - perDay / (1 + onYear);
  const rose = onYear >= leastOnYear && onMonth >= leastOnMonth && rise >= least && chance < mostByChance;
  const explained = onWeather !== undefined && onWeather < leastOnWeather;
  return {
    ...trend,
    value: { significant: rose && !explained, byWeather: rose && explained, onYear, onMonth, onWeather, chance },
    method: 'significant-rise',
    evidence: { ...trend.evidence, riseOfDay: rise },
  };
};
