import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annualUsage } from '#functions/insight/rules/annual-usage.ts';
import { type DayUse, usePerDay } from '#functions/insight/rules/day-use.ts';
import type { Insight } from '#functions/insight/rules/insight.ts';
import { baseLoad, type Load, loadFactor, peakUse } from '#functions/insight/rules/load-shape.ts';
import { leaksOf, nightFlow } from '#functions/insight/rules/night-flow.ts';
import { amongSimilar } from '#functions/insight/rules/similar-homes.ts';
import { standstillOf } from '#functions/insight/rules/standstill.ts';
import { riseOf, trendOf } from '#functions/insight/rules/trend.ts';
import { unusualUse } from '#functions/insight/rules/unusual-use.ts';
import { freshWater, judgeWaterHour, type WaterReason } from '#functions/insight/rules/water-alerts.ts';
import { insightWords } from '#functions/insight/rules/words.ts';
import { addDays } from '#shared/vocabulary/time.ts';

const said = <Value>(insight: Insight<Value>): Value => {
  if (!insight.enough) throw new Error(insight.missing);
  return insight.value;
};
const missingOf = (insight: Insight<unknown>): string => (insight.enough ? 'enough' : insight.missing);

const until = '2026-06-01';
/** Days up to June 2026, each with what it used. */
const days = (count: number, use: (ago: number) => number): readonly DayUse[] =>
  Array.from({ length: count }, (_, place) => {
    const ago = count - place;
    return { date: addDays(until, -ago), value: use(ago), read: 1 };
  });
const begin = Date.UTC(2026, 4, 4) / 1000;
/** Four weeks of half hours from a Monday; `use` by hour of the day and day. */
const load = (use: (hour: number, day: number) => number, factor = 1, zone = '+00:00'): Load => ({
  readings: Array.from({ length: 28 * 48 }, (_, row) => ({
    at: begin + row * 1800,
    value: factor * use((row % 48) / 2, Math.floor(row / 48)),
  })),
  step: 1800,
  zone,
  window: { from: '2026-05-04', to: '2026-06-01' },
  expected: 28 * 48,
});
const evening = (hour: number): number => (hour >= 18 && hour < 20 ? 900 : 100);

describe('use of a day and its trend', () => {
  it.each([
    { name: 'as a year ago', use: () => 9_000, onYear: 0, onMonth: 0 },
    { name: 'a quarter more', use: (ago: number) => (ago <= 28 ? 10_000 : 8_000), onYear: 0.25, onMonth: 0.25 },
    { name: 'half of it', use: (ago: number) => (ago <= 28 ? 4_000 : 8_000), onYear: -0.5, onMonth: -0.5 },
    {
      name: 'a rise that every spring has',
      use: (ago: number) => (ago <= 28 || (ago > 364 && ago <= 392) ? 10_000 : 8_000),
      onYear: 0,
      onMonth: 0,
    },
  ])('says how the last 28 days compare: $name', ({ use, onYear, onMonth }) => {
    const trend = trendOf(days(420, use), until);
    expect(said(trend).onYear).toBeCloseTo(onYear, 10);
    expect(said(trend).onMonth).toBeCloseTo(onMonth, 10);
    expect(trend).toMatchObject({ window: { from: '2026-05-04', to: until }, coverage: 1, method: 'trend' });
  });

  it('says plainly that a year of days is missing, or that too few were read', () => {
    expect(
      missingOf(
        trendOf(
          days(100, () => 9_000),
          until,
        ),
      ),
    ).toBe('not enough data: the same 28 days of a year ago were not read');
    const holed = days(28, () => 9_000).map((day, place) => ({ ...day, read: place < 4 ? 0.2 : 1 }));
    expect(missingOf(usePerDay(holed, { from: '2026-05-04', to: until }))).toContain('86 % of the days were read');
  });

  it('scales a day that was read in part', () => {
    const half = days(28, () => 9_000).map((day) => ({ ...day, value: day.value / 2, read: 0.5 }));
    expect(said(usePerDay(half, { from: '2026-05-04', to: until }))).toBe(9_000);
  });

  it('takes the weather out where temperatures are given', () => {
    const celsius = (ago: number) => 12 + 10 * Math.cos((2 * Math.PI * ago) / 365) - (ago <= 28 ? 9 : 0);
    const uses = days(420, (ago) => 5_000 + 800 * Math.max(0, 15.5 - celsius(ago)));
    const temperatures = new Map(uses.map(({ date }, place) => [date, [celsius(420 - place)]]));
    const found = said(trendOf(uses, until, temperatures));
    expect(Math.abs(found.onWeather ?? 1)).toBeLessThan(0.05);
    const more = uses.map((day, place) => (420 - place <= 28 ? { ...day, value: day.value * 1.3 } : day));
    expect(said(trendOf(more, until, temperatures)).onWeather).toBeCloseTo(0.3, 1);
    expect(said(trendOf(uses, until)).onWeather).toBeUndefined();
  });

  it.each([
    {
      name: 'a rise of a half on year and month',
      use: (ago: number) => (ago <= 28 ? 12_000 : 8_000),
      significant: true,
    },
    { name: 'a rise of a tenth', use: (ago: number) => (ago <= 28 ? 8_800 : 8_000), significant: false },
    { name: 'a large share of little', use: (ago: number) => (ago <= 28 ? 900 : 500), significant: false },
    {
      name: 'a rise that is no larger than what weeks differ by',
      use: (ago: number) => (Math.floor((ago - 1) / 7) % 4 === 0 ? 30_000 : 4_000) + (ago <= 7 ? 12_000 : 0),
      significant: false,
    },
  ])('calls a rise significant only where it is large, new and hardly chance: $name', ({ use, significant }) => {
    expect(said(riseOf(days(420, use), until, 1_000)).significant).toBe(significant);
  });

  it('is the same in any unit', () => {
    const use = (ago: number) => 8_000 + 37 * (ago % 11) + (ago <= 28 ? 2_500 : 0);
    const plain = said(riseOf(days(420, use), until, 1_000));
    fc.assert(
      fc.property(fc.constantFrom(0.001, 3.6, 1000), (factor) => {
        const scaled = said(
          riseOf(
            days(420, (ago) => factor * use(ago)),
            until,
            1_000 * factor,
          ),
        );
        expect(scaled.onYear).toBeCloseTo(plain.onYear, 9);
        expect(scaled.chance).toBeCloseTo(plain.chance, 2);
        expect(scaled.significant).toBe(plain.significant);
      }),
    );
  });
});

describe('the shape of a load', () => {
  it('has a peak of two hours, weekdays and weekends apart, in local time', () => {
    const weekendMorning = (hour: number, day: number) =>
      day % 7 >= 5 ? (hour >= 9 && hour < 11 ? 900 : 100) : evening(hour);
    const { weekdays, weekends } = said(peakUse(load(weekendMorning)));
    expect(weekdays).toMatchObject({ startMinute: 18 * 60, endMinute: 20 * 60 });
    expect(weekdays?.share).toBeCloseTo(3_600 / 8_000, 10);
    expect(weekdays?.topHours.slice(0, 2)).toEqual([18, 19]);
    expect(weekends).toMatchObject({ startMinute: 9 * 60, endMinute: 11 * 60 });
    const sydney = said(peakUse(load(evening, 1, '+10:00')));
    expect(sydney.weekdays?.startMinute).toBe(4 * 60);
  });

  it('has a load factor and a base load with its cost of a year', () => {
    const found = load(evening);
    expect(said(loadFactor(found))).toEqual({ factor: 8_000 / 48 / 900, robust: 8_000 / 48 / 900 });
    expect(said(baseLoad(found, { minor: 25, per: 1000 }))).toEqual({
      perHour: 200,
      share: 100 / (8_000 / 48),
      perYear: 1_752_000,
      costOfYear: 43_800,
    });
    expect(said(baseLoad(found)).costOfYear).toBeUndefined();
  });

  it('has of two stretches of like use the first, in whatever unit they are told', () => {
    const alike = new Map(
      [7, 7.5, 8, 8.5, 12, 12.5, 13, 13.5].map((hour, n) => [hour, [1, 2, 3, 4, 4, 3, 2, 1][n] ?? 0]),
    );
    for (const factor of [1, 0.001, 0.1, 1000]) {
      const told = said(peakUse(load((hour) => alike.get(hour) ?? 0, factor)));
      expect(told.weekdays?.startMinute).toBe(7 * 60);
    }
  });

  it('is the same in any unit, and a share stays between 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 48, maxLength: 48 }),
        fc.constantFrom(0.001, 1000),
        (shape, factor) => {
          const [plain, scaled] = [1, factor].map((one) => load((hour) => shape[hour * 2] ?? 0, one));
          if (plain === undefined || scaled === undefined) throw new Error('two loads');
          const [left, right] = [said(loadFactor(plain)), said(loadFactor(scaled))];
          expect(right.factor).toBeCloseTo(left.factor, 9);
          expect(left.factor > 0 && left.factor <= 1).toBe(true);
          const share = said(baseLoad(plain)).share;
          expect(share > 0 && share <= 1).toBe(true);
          expect(said(peakUse(scaled)).weekdays?.startMinute).toBe(said(peakUse(plain)).weekdays?.startMinute);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is not told from too few readings', () => {
    const sparse = { ...load(evening), readings: load(evening).readings.slice(0, 100) };
    expect(missingOf(loadFactor(sparse))).toContain('7 % of the intervals were read');
    expect(missingOf(baseLoad(sparse))).toContain('not enough data');
    expect(missingOf(peakUse({ ...sparse, readings: sparse.readings.slice(0, 48) }))).toContain('four readings');
    expect(missingOf(loadFactor(load(() => 0)))).toBe('not enough data: nothing was used');
  });
});

describe('a meter that stands still, and water that never does', () => {
  const window = { from: '2026-05-04', to: until };
  const inUse = { connected: true, nothingExpected: false };
  const dead = (hours: number) => load((hour, day) => (day * 24 + hour >= 28 * 24 - hours ? 0 : 100)).readings;

  it('is dead after two days of zeros, where use was and is expected', () => {
    const stood = [{ from: begin + 26 * 86_400, to: begin + 28 * 86_400 }];
    expect(said(standstillOf(dead(48), 1800, window, inUse))).toEqual({ dead: true, hours: 48, stood });
    expect(said(standstillOf(dead(47.5), 1800, window, inUse)).dead).toBe(false);
    expect(said(standstillOf(dead(60), 1800, window, { ...inUse, connected: false })).dead).toBe(false);
    expect(said(standstillOf(dead(60), 1800, window, { ...inUse, nothingExpected: true })).dead).toBe(false);
    expect(missingOf(standstillOf(dead(28 * 24), 1800, window, inUse))).toContain('before the standstill');
  });

  it('is dead still after it said nothing for a while, by the hours that were read', () => {
    const silent = dead(60).filter(
      ({ at }) => at < begin + (28 * 24 - 50) * 3600 || at >= begin + (28 * 24 - 30) * 3600,
    );
    expect(said(standstillOf(silent, 1800, window, inUse))).toEqual({ dead: false, hours: 40, stood: [] });
    const longer = dead(80).filter(
      ({ at }) => at < begin + (28 * 24 - 50) * 3600 || at >= begin + (28 * 24 - 30) * 3600,
    );
    expect(said(standstillOf(longer, 1800, window, inUse))).toEqual({
      dead: true,
      hours: 60,
      stood: [{ from: begin + (28 * 24 - 80) * 3600, to: begin + 28 * 86_400 }],
    });
  });

  it('was dead until it counted again, where it was used before', () => {
    const zeros = (from: number, to: number) => (hour: number, day: number) =>
      day * 24 + hour >= from && day * 24 + hour < to ? 0 : 100;
    const stood = (use: (hour: number, day: number) => number, supply = inUse) =>
      said(standstillOf(load(use).readings, 1800, window, supply)).stood.map(({ from, to }) => [
        (from - begin) / 3600,
        (to - begin) / 3600,
      ]);
    expect(stood(zeros(200.5, 250))).toEqual([[200.5, 250]]);
    expect(stood(zeros(200.5, 248))).toEqual([]);
    expect(stood(zeros(40, 100))).toEqual([]);
    expect(stood((hour, day) => (hour === 12 ? 100 : 0) * zeros(200, 300)(hour, day))).toEqual([]);
    expect(stood(zeros(200, 300), { ...inUse, connected: false })).toEqual([]);
  });

  it('is said to stand still for what is known of it', () => {
    const say = (readings: Load['readings'], supply = inUse): string => {
      const found = standstillOf(readings, 1800, window, supply);
      if (!found.enough) throw new Error(found.missing);
      return insightWords['dead-meter'](found, { unit: 'Wh', flow: 'forward', powerOfTen: 0, zone: '+00:00' });
    };
    expect(say(dead(60))).toBe(
      'The meter has counted nothing for 60 hours, though the supply is connected and was used before.',
    );
    expect(say(dead(60), { ...inUse, connected: false })).toBe(
      'Nothing was used for 60 hours: the supply is disconnected.',
    );
    expect(say(dead(60), { ...inUse, nothingExpected: true })).toBe(
      'Nothing was used for 60 hours: hardly any use is expected here.',
    );
    expect(say(load((hour, day) => (hour === 12 && day < 25 ? 100 : 0)).readings)).toBe(
      'Nothing was used for 3 days, but half the readings of the weeks before were zero too: whether the meter is dead cannot be told.',
    );
    expect(say(dead(0))).toBe('The meter counts.');
  });

  it('is not said of hours that nobody read', () => {
    const hourly = (from: number, count: number, value: number) =>
      Array.from({ length: count }, (_, row) => ({ at: begin + (from + row) * 3600, value }));
    const holed = [...hourly(0, 24, 0), ...hourly(24, 50, 5), ...hourly(24 + 50 + 700, 48, 5)];
    expect(said(nightFlow(holed, { step: 3600, zone: '+00:00' }, window))).toMatchObject({ leak: 'leak', hours: 48 });
    expect(
      said(nightFlow([...hourly(0, 20, 5), ...hourly(23, 22, 5)], { step: 3600, zone: '+00:00' }, window)).leak,
    ).toBe('none');
    expect(leaksOf(holed, 3600, '+00:00').map(({ from, to }) => (to - from) / 3600)).toEqual([50, 48]);
    const begun = [...hourly(24, 20, 5), ...hourly(24 + 30 + 700, 20, 5)];
    expect(leaksOf(begun, 3600, '+00:00')).toEqual([]);
    expect(leaksOf(hourly(0, 72, 5), 3600, '+00:00')).toHaveLength(1);
  });

  it('is suspected after a day without a pause, a leak after two, a high one above half a litre a minute', () => {
    const flow = (litres: number, pauseAt = -1) =>
      Array.from({ length: 72 }, (_, row) => ({ at: begin + row * 3600, value: row === pauseAt ? 0 : litres }));
    expect(said(nightFlow(flow(4), { step: 3600, zone: '+00:00' }, window))).toEqual({
      leak: 'leak',
      leastPerHour: 4,
      hours: 72,
    });
    expect(said(nightFlow(flow(31), { step: 3600, zone: '+00:00' }, window)).leak).toBe('high');
    expect(said(nightFlow(flow(31, 30), { step: 3600, zone: '+00:00' }, window))).toMatchObject({
      leak: 'suspected',
      hours: 41,
    });
    expect(said(nightFlow(flow(31, 47), { step: 3600, zone: '+00:00' }, window))).toMatchObject({
      leak: 'suspected',
      hours: 24,
    });
    expect(said(nightFlow(flow(31, 48), { step: 3600, zone: '+00:00' }, window))).toMatchObject({
      leak: 'none',
      hours: 23,
    });
    expect(missingOf(nightFlow(flow(31).slice(0, 20), { step: 3600, zone: '+00:00' }, window))).toContain(
      'last 24 hours',
    );
  });

  it.each<{ readonly name: string; readonly litres: readonly number[]; readonly reasons: readonly WaterReason[] }>([
    {
      name: 'running back, and on until it is back',
      litres: [9, -30, 10, 25, 1],
      reasons: ['negative', 'negative', 'negative'],
    },
    { name: 'hours of a drop', litres: [2, 2, 2, 2, 2, 2, 2], reasons: [] },
    { name: 'an hour far above', litres: [12, 0, 250, 0], reasons: ['high'] },
  ])('raises alerts of water hour by hour: $name', ({ litres, reasons }) => {
    let state = freshWater;
    const raised = litres.flatMap((one, row) => {
      const judged = judgeWaterHour(state, { at: begin + row * 3600, day: 0, litres: one, presence: 'unknown' });
      state = judged.state;
      return judged.reasons;
    });
    expect(raised).toEqual(reasons);
  });

  it('keeps little of water, however long it runs', () => {
    let state = freshWater;
    for (let row = 0; row < 24 * 400; row += 1) {
      const hour = { at: begin + row * 3600, day: Math.floor(row / 24), litres: row % 7, presence: 'home' } as const;
      state = judgeWaterHour(state, hour).state;
    }
    expect(state.days.length).toBeLessThanOrEqual(57);
    expect(JSON.stringify(state).length).toBeLessThan(1_500);
  });
});

describe('a home among others, and its year', () => {
  const window = { from: '2026-05-04', to: until };
  const others = Array.from({ length: 40 }, (_, place) => 5_000 + 250 * place);

  it('is ranked among similar homes, at least twenty of them', () => {
    expect(said(amongSimilar(12_000, others, window))).toEqual({
      against: 12_000 / 9_875 - 1,
      rank: 28.5 / 40,
      homes: 40,
    });
    expect(missingOf(amongSimilar(12_000, others.slice(0, 19), window))).toBe(
      'not enough data: 20 similar homes are needed',
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 30_000 }), (left, right) => {
        const [lower, upper] = [Math.min(left, right), Math.max(left, right)];
        const rank = (perDay: number) => said(amongSimilar(perDay, others, window)).rank;
        expect(rank(lower)).toBeLessThanOrEqual(rank(upper));
      }),
    );
  });

  it('uses in a year what its months say, or what the class says of a part of them', () => {
    expect(
      said(
        annualUsage(
          days(365, () => 10_000),
          until,
        ),
      ),
    ).toBe(3_650_000);
    const holed = days(365, () => 10_000).filter((_, place) => place % 3 !== 0);
    expect(said(annualUsage(holed, until))).toBe(3_650_000);
    const class_ = [12, 12, 10, 8, 7, 6, 6, 6, 7, 9, 11, 12];
    const spring = days(120, () => 0).map((day) => ({
      ...day,
      value: 1_000 * (class_[Number(day.date.slice(5, 7)) - 1] ?? 0),
    }));
    const whole = Array.from(
      { length: 365 },
      (_, day) => class_[Number(addDays(until, day - 365).slice(5, 7)) - 1] ?? 0,
    );
    expect(said(annualUsage(spring, until, class_))).toBeCloseTo(1_000 * whole.reduce((sum, one) => sum + one, 0), 3);
    expect(missingOf(annualUsage(spring, until))).toContain('the profile of the class');
  });

  it('has episodes with what they cost, once the detector knows it', () => {
    const judged = [0, 1, 2].map((row) => ({
      at: begin + row * 1800,
      value: 4_100,
      score: 7 + row,
      reason: 'high' as const,
      alarm: row === 0,
      expected: 100,
    }));
    const context = { window, expected: 3, daysBefore: 28 };
    expect(said(unusualUse(judged, context, { minor: 25, per: 1000 }))).toEqual([
      { from: begin, to: begin + 3600, reason: 'high', score: 9, readings: 3, excess: 12_000, cost: 300 },
    ]);
    expect(missingOf(unusualUse(judged, { ...context, daysBefore: 3 }))).toContain('14 days before the window');
  });
});
