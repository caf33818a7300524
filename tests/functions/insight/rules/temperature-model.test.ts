import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DegreeDay } from '#functions/insight/rules/degree-observations.ts';
import { fitTemperatures, type Loads, loadsOf, usualLoads } from '#functions/insight/rules/temperature-model.ts';
import { usualYear } from '#functions/insight/rules/usual-year.ts';
import { Draws } from '#scripts/bench/anomalies/draws.ts';
import { climates, type HomePlan, madeHome } from './made-homes.ts';

const parts = ['base', 'heating', 'cooling'] as const;
const whole = ({ base, heating, cooling }: Loads): number => base + heating + cooling;
const climateNames = Object.keys(climates).filter((name): name is keyof typeof climates => name in climates);

const plan: HomePlan = {
  climate: 'warm summers, cold winters',
  seed: 1,
  base: 8_000,
  heating: 1_500,
  cooling: 1_800,
  heatingBalance: 15.6,
  coolingBalance: 20.4,
  delay: 3,
  scatter: 0.3,
};

const fitOf = (days: readonly DegreeDay[]) => {
  const model = fitTemperatures(days);
  if (model === undefined) throw new Error('the days have no model');
  return { model, loads: loadsOf(model, days) };
};

const withoutHours = (days: readonly DegreeDay[]): readonly DegreeDay[] =>
  days.map(({ use, celsius, before }) => ({ use, celsius, ...(before === undefined ? {} : { before }) }));

/** Homes of all climates with heating and cooling, with one, and with none. */
const homes = (scatter: number): readonly { readonly name: string; readonly plan: HomePlan }[] => {
  const draws = new Draws(1_000 + scatter * 10);
  return climateNames.flatMap((climate, place) =>
    (['heating and cooling', 'heating', 'cooling', 'neither'] as const).map((kind, one) => ({
      name: `${climate}, ${kind}`,
      plan: {
        climate,
        seed: 100 * place + 10 * one + 1,
        base: 5 + 10 * draws.even(),
        heating: kind.startsWith('heating') ? 0.8 + 2 * draws.even() : 0,
        cooling: kind.endsWith('cooling') ? 0.8 + 2 * draws.even() : 0,
        heatingBalance: 14 + 3 * draws.even(),
        coolingBalance: 19 + 4 * draws.even(),
        delay: Math.floor(6 * draws.even()),
        scatter,
      },
    })),
  );
};

/** How far a load is off: of itself where it is a fifth of all or more, else of all. */
const off = (found: Loads, made: Loads, part: (typeof parts)[number]): number =>
  Math.abs(found[part] - made[part]) / (made[part] >= 0.2 * whole(made) ? made[part] : whole(made));

describe('base, heating and cooling of homes that were made up', () => {
  for (const scatter of [0, 0.3, 0.6])
    it.each(homes(scatter))(`are told by hours within 5 %, where they scatter by ${scatter}: $name`, ({ plan }) => {
      const { days, loads } = madeHome(plan);
      const found = fitOf(days);
      for (const part of parts) expect(off(found.loads, loads, part), part).toBeLessThan(0.05);
      if (plan.heating === 0) expect(found.loads.heating).toBe(0);
      if (plan.cooling === 0) expect(found.loads.cooling).toBe(0);
    });

  it.each(homes(0.1))('are told by whole days within 10 %, where hours scatter little: $name', ({ plan }) => {
    const { days, loads } = madeHome(plan);
    const found = fitOf(withoutHours(days));
    for (const part of parts) expect(off(found.loads, loads, part), part).toBeLessThan(0.1);
  });

  it('add up to what was used, whatever the scatter', () => {
    for (const scatter of [0, 0.5, 1]) {
      const { days } = madeHome({ ...plan, scatter });
      const used = days.reduce((sum, { use }) => sum + use, 0);
      expect(whole(fitOf(days).loads) / used).toBeCloseTo(1, 2);
      expect(whole(fitOf(withoutHours(days)).loads) / used).toBeCloseTo(1, 2);
    }
  });

  it('are found with the hours by which the house holds a temperature back', () => {
    for (const delay of [0, 2, 5]) expect(fitOf(madeHome({ ...plan, delay }).days).model.delay).toBe(delay);
  });

  it('do not take a base of evenings for heating or cooling', () => {
    const { days } = madeHome({ ...plan, heating: 0, cooling: 0, scatter: 0.5 });
    expect(fitOf(days).model).toMatchObject({ heating: undefined, cooling: undefined });
  });

  it('are not seen where only chance is', () => {
    for (const climate of climateNames)
      for (const seed of [7, 38, 69]) {
        const { days } = madeHome({ ...plan, climate, seed, heating: 0, cooling: 0, scatter: 1 });
        expect(fitOf(withoutHours(days)).model).toMatchObject({ heating: undefined, cooling: undefined });
      }
  });

  it('leave no base to gas that only heats', () => {
    const { days, loads } = madeHome({ ...plan, base: 0, cooling: 0 });
    const found = fitOf(days);
    expect(found.loads.base).toBeGreaterThanOrEqual(0);
    expect(found.loads.base).toBeLessThan(0.02 * loads.heating);
  });

  it('are the same in any unit', () => {
    const { days } = madeHome(plan);
    const { model } = fitOf(days);
    fc.assert(
      fc.property(fc.constantFrom(0.001, 0.25, 1_024), (factor) => {
        const scaled = days.map((day) => ({
          ...day,
          use: day.use * factor,
          hours: (day.hours ?? []).map((one) => one * factor),
        }));
        const found = fitOf(scaled).model;
        expect(found.base / factor / model.base).toBeCloseTo(1, 6);
        expect(found.heating?.balance).toBe(model.heating?.balance);
        expect(found.cooling?.balance).toBe(model.cooling?.balance);
      }),
      { numRuns: 3 },
    );
  });

  it('are never below zero, and never not a number, whatever was used', () => {
    const { days } = madeHome(plan);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 7, maxLength: 30 }), (uses) => {
        const made = withoutHours(days).map((day, place) => ({ ...day, use: uses[place % uses.length] ?? 0 }));
        const model = fitTemperatures(made);
        if (model === undefined) return expect(new Set(uses).size).toBe(1);
        const loads = loadsOf(model, made);
        for (const part of parts) expect(loads[part]).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(model.adjustedR2)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('take the short and the long day of a change of clocks as they are', () => {
    const { days } = madeHome({ ...plan, scatter: 0 });
    const cut = (day: DegreeDay, hours: number): DegreeDay => {
      const used = day.hours ?? [];
      const longer = <T>(all: readonly T[]) => [...all.slice(0, 2), ...all.slice(1, 2), ...all.slice(2)];
      const [kept, celsius] =
        hours === 23 ? [used.slice(1), day.celsius.slice(1)] : [longer(used), longer(day.celsius)];
      return { ...day, use: kept.reduce((sum, one) => sum + one, 0), hours: kept, celsius };
    };
    const changed = days.map((day, place) => (place === 87 ? cut(day, 23) : place === 297 ? cut(day, 25) : day));
    const [plain, found] = [fitOf(days).loads, fitOf(changed).loads];
    for (const part of parts) expect(found[part] / plain[part]).toBeCloseTo(1, 1);
  });

  it('need a year of days, and days that differ', () => {
    const { days } = madeHome(plan);
    expect(fitTemperatures(days.slice(0, 327))).toBeUndefined();
    expect(fitTemperatures(days.slice(0, 328))).toBeDefined();
    expect(fitTemperatures(withoutHours(days).map((day) => ({ ...day, use: 9 })))).toBeUndefined();
  });
});

describe('the usual year of a place', () => {
  const dates = (year: number): readonly string[] =>
    Array.from({ length: year % 4 === 0 ? 366 : 365 }, (_, day) =>
      new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10),
    );
  const cold = new Map<string, readonly number[]>(dates(2024).map((date) => [date, [5]]));
  const mild = new Map<string, readonly number[]>(dates(2025).map((date) => [date, [25]]));
  const model = {
    base: 2,
    heating: { perDegree: 1, balance: 15 },
    cooling: { perDegree: 1, balance: 20 },
    delay: 4,
    adjustedR2: 1,
    days: 365,
  };

  it('has the mean degrees of its years, not the degrees of a mean temperature that needs nothing', () => {
    const year = usualYear(new Map([...cold, ...mild])) ?? [];
    expect(year).toHaveLength(365);
    expect(usualLoads(model, year)).toEqual({ base: 730, heating: 365 * 5, cooling: 365 * 2.5 });
  });

  it('is not told where a calendar day has no temperature', () => {
    expect(usualYear(new Map([...mild].filter(([date]) => date !== '2025-03-08')))).toBeUndefined();
    expect(usualYear(new Map())).toBeUndefined();
  });
});
