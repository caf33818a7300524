import { describe, expect, it } from 'vitest';
import type { DayUse } from '#functions/insight/rules/day-use.ts';
import { riseOf, trendOf } from '#functions/insight/rules/trend.ts';
import { insightWords } from '#functions/insight/rules/words.ts';
import type { Temperatures } from '#functions/reference/rules/hourly-temperatures.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { climates, madeHome } from './made-homes.ts';

const until = '2026-06-01';
const count = 420;
const climateNames = Object.keys(climates).filter((name): name is keyof typeof climates => name in climates);

/** Days up to June 2026 of a home that heats and cools, and the hourly temperatures of its place. */
const homeIn = (climate: keyof typeof climates, seed: number) => {
  const { days } = madeHome(
    {
      climate,
      seed,
      base: 9_000,
      heating: 1_500,
      cooling: 1_800,
      heatingBalance: 15.6,
      coolingBalance: 21,
      delay: 3,
      scatter: 0.3,
    },
    count,
  );
  const dated = days.map((day, place) => ({ ...day, date: addDays(until, place - count) }));
  const uses: readonly DayUse[] = dated.map(({ date, use }) => ({ date, value: use, read: 1 }));
  const temperatures: Temperatures = new Map(dated.map(({ date, celsius }) => [date, celsius]));
  return { uses, temperatures };
};

const onWeatherOf = (uses: readonly DayUse[], temperatures: Temperatures): number => {
  const trend = trendOf(uses, until, temperatures);
  if (!trend.enough) throw new Error(trend.missing);
  return trend.value.onWeather ?? Number.NaN;
};

describe('a trend with the weather taken out', () => {
  it.each(climateNames)('is even where only the weather changed, and shows what people changed: %s', (climate) => {
    for (const seed of [3, 14]) {
      const { uses, temperatures } = homeIn(climate, seed);
      expect(Math.abs(onWeatherOf(uses, temperatures))).toBeLessThan(0.05);
      const more = uses.map((day) => (day.date >= addDays(until, -28) ? { ...day, value: day.value * 1.3 } : day));
      expect(Math.abs(onWeatherOf(more, temperatures) - 0.3)).toBeLessThan(0.07);
    }
  });

  it('is not told where temperatures of the last days, or of most of the year, are missing', () => {
    const { uses, temperatures } = homeIn('mild by the sea', 3);
    const without = (from: string, to: string): Temperatures =>
      new Map([...temperatures].filter(([date]) => date < from || date >= to));
    expect(onWeatherOf(uses, without(addDays(until, -5), until))).toBeNaN();
    expect(onWeatherOf(uses, without(addDays(until, -200), addDays(until, -150)))).toBeNaN();
    expect(onWeatherOf(uses, without(addDays(until, -200), addDays(until, -190)))).not.toBeNaN();
    const saidOf = (temperatures_: Temperatures) => {
      const trend = trendOf(uses, until, temperatures_);
      return trend.enough ? [trend.evidence.weather, trend.confidence] : [];
    };
    expect(saidOf(new Map())).toEqual(['not allowed for: no temperatures of this area are known', 0.8]);
    expect(saidOf(without(addDays(until, -5), until))).toEqual([
      'not allowed for: temperatures are known of 23 of these 28 days, 26 are needed',
      0.8,
    ]);
    expect(saidOf(without(addDays(until, -200), addDays(until, -150)))).toEqual([
      'not allowed for: of the year before, use and temperatures are known of 315 days, 328 are needed',
      0.8,
    ]);
    expect(saidOf(temperatures)).toEqual([undefined, 1]);
  });
});

describe('a trend in words', () => {
  it.each([
    [420, 'the season allowed for'],
    [400, 'the season not allowed for'],
  ])('of %i days says whether the month before is freed of the season', (read, words) => {
    const { uses } = homeIn('mild by the sea', 3);
    const trend = trendOf(uses.slice(-read), until);
    if (!trend.enough) throw new Error(trend.missing);
    const said = insightWords.trend(trend, { unit: 'Wh', flow: 'forward', powerOfTen: 0, zone: 'Europe/London' });
    expect(said).toContain(` in the four weeks before, ${words}.`);
  });
});

describe('a rise with the weather looked at', () => {
  /** A home that heats, in a year whose last four weeks are nine degrees colder than those of a year ago. */
  const celsius = (ago: number): number =>
    12 + 8 * Math.cos((2 * Math.PI * ago) / 365) + 2.5 * Math.sin(ago * 1.7) - (ago <= 28 ? 9 : 0);
  const dates = Array.from({ length: 420 }, (_, place) => ({ date: addDays(until, place - 420), ago: 420 - place }));
  const temperatures: Temperatures = new Map(dates.map(({ date, ago }) => [date, Array(24).fill(celsius(ago))]));
  const uses = (more: number): readonly DayUse[] =>
    dates.map(({ date, ago }) => ({
      date,
      value: (5_000 + 800 * Math.max(0, 15.5 - celsius(ago))) * (ago <= 28 ? more : 1),
      read: 1,
    }));
  const riseWith = (more: number, known: Temperatures | undefined) => {
    const rise = riseOf(uses(more), until, 1_000, trendOf(uses(more), until, known));
    if (!rise.enough) throw new Error(rise.missing);
    return rise.value;
  };

  it('is none where the weather explains it', () => {
    expect(riseWith(1, undefined)).toMatchObject({ significant: true, byWeather: false });
    expect(riseWith(1, new Map())).toMatchObject({ significant: true, byWeather: false, onWeather: undefined });
    expect(riseWith(1, temperatures)).toMatchObject({ significant: false, byWeather: true });
  });

  it('is one where use is more than the weather made expect', () => {
    const rise = riseWith(1.4, temperatures);
    expect(rise).toMatchObject({ significant: true, byWeather: false });
    expect(rise.onWeather).toBeCloseTo(0.4, 1);
  });
});
