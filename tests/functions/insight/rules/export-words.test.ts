import { describe, expect, it } from 'vitest';
import type { DayUse } from '#functions/insight/rules/day-use.ts';
import { describeInsights } from '#functions/insight/rules/described-insights.ts';
import { type PointGround, pointInsights } from '#functions/insight/rules/point-insights.ts';
import type { Flow } from '#shared/vocabulary/measures.ts';
import { addDays } from '#shared/vocabulary/time.ts';

const until = '2026-06-01';
const days = (perDay: (ago: number) => number): readonly DayUse[] =>
  Array.from({ length: 400 }, (_, place) => ({
    date: addDays(until, place - 400),
    value: perDay(400 - place),
    read: 1,
  }));
const warm = new Map(days(() => 0).map(({ date }) => [date, Array<number>(24).fill(12)]));

const ground = (flow: Flow, perDay: (ago: number) => number): PointGround => ({
  commodity: 'electricity',
  flow,
  unit: 'Wh',
  powerOfTen: 0,
  zone: 'Europe/London',
  step: 1800,
  date: until,
  days: days(perDay),
  readings: [],
  expected: { now: 1344, before: 1344 },
  supply: { connected: true, nothingExpected: false },
  presence: { home: [], away: [] },
  temperatures: warm,
});
const said = (flow: Flow, perDay: (ago: number) => number): Readonly<Record<string, string>> => {
  const looked = ground(flow, perDay);
  return Object.fromEntries(describeInsights(pointInsights(looked, []), looked).map(({ kind, text }) => [kind, text]));
};

describe('a register of what goes out', () => {
  it('is told as export in every sentence, and the weather of the home has no part in it', () => {
    expect(said('reverse', (ago) => (ago <= 28 ? 9_000 : 6_000))).toEqual({
      'use-per-day': '9 kWh were exported a day in the four weeks from 2026-05-04.',
      trend:
        'Export of 9 kWh a day is 50 % higher than in the same four weeks a year ago, and 50 % higher than in the four weeks before, the season not allowed for.',
      'annual-usage': "A year's export is about 2,274 kWh.",
    });
  });

  it('counts days on which nothing went out: snow lay on the panels', () => {
    expect(said('reverse', (ago) => (ago <= 14 ? 0 : 6_000))).toMatchObject({
      'use-per-day': '3 kWh were exported a day in the four weeks from 2026-05-04.',
      trend: expect.stringContaining('Export of 3 kWh a day is 50 % lower than'),
    });
  });

  it('says what is missing without a word of use', () => {
    expect(said('reverse', (ago) => (ago <= 100 ? 9_000 : 0)).trend).toBe(
      'Not enough data: there is nothing of a year ago to compare it with.',
    );
  });
});

describe('a register of the balance', () => {
  it('is told as what was used more than exported, or the other way round', () => {
    expect(said('net', () => 9_000)).toMatchObject({
      'use-per-day': 'On balance 9 kWh were used a day in the four weeks from 2026-05-04.',
      trend: expect.stringContaining('The balance of use and export, 9 kWh a day, is as high as in the same'),
      'annual-usage': "On balance a year's use is about 3,285 kWh.",
    });
    expect(said('net', () => -2_000)).toMatchObject({
      'use-per-day': 'On balance 2 kWh were exported a day in the four weeks from 2026-05-04.',
      'annual-usage': "On balance a year's export is about 730 kWh.",
    });
  });
});

describe('a register of what comes in', () => {
  it('is told as use', () => {
    expect(said('forward', () => 9_000)).toMatchObject({
      'use-per-day': '9 kWh were used a day in the four weeks from 2026-05-04.',
      trend: expect.stringContaining('Use of 9 kWh a day is as high as'),
      'annual-usage': "A year's use is about 3,285 kWh.",
    });
  });
});
