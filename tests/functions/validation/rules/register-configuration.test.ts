import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRestDay } from '#functions/validation/rules/estimate/day-shapes.ts';
import { judgeDays } from '#functions/validation/rules/judge-day.ts';
import { configurationOf } from '#functions/validation/rules/register-configuration.ts';
import { validationPolicy } from '#functions/validation/rules/validation-policy.ts';
import { gasEnergy } from '#functions/validation/rules/volumes.ts';
import { Flow, type Register } from '#shared/vocabulary/measures.ts';
import {
  ClassProfileName,
  HolidayCalendar,
  RegisterValidation,
  RuleId,
  RuleParameters,
} from '#shared/vocabulary/reading-rules.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { alone, groundOf, hourly, wholeDay } from './judged-days.ts';

const registerOf = (more: Partial<Register> = {}): Register => ({ ...hourly, ...more });
const gasMeter = registerOf({ commodity: 'gas', unit: 'm3', powerOfTen: -3 });
/** 39.5 MJ for each m3, corrected to reference conditions by 1.02264. */
const conversion = { kilojoulesPerM3: 39_500, correctionPerMillion: 1_022_640, source: 'for the test' };

describe('a register of which nothing in particular is said', () => {
  it('is judged by the pack of its commodity and direction', () => {
    const offOf = (commodity: Commodity, flow: Flow) => configurationOf(registerOf({ commodity, flow })).off;
    expect(offOf('electricity', 'forward')).toEqual([]);
    expect(offOf('electricity', 'reverse')).toEqual(['zero', 'high-low']);
    expect(offOf('electricity', 'net')).toEqual(['high-low']);
    expect(offOf('gas', 'forward')).toEqual(['spike', 'zero']);
    expect(offOf('water', 'forward')).toEqual(['spike']);
  });

  it('has a pack that names its source, whatever it measures', () => {
    for (const commodity of Commodity.options) {
      for (const flow of Flow.options) {
        expect(validationPolicy.packs[commodity][flow].source.length).toBeGreaterThan(10);
      }
    }
  });
});

describe('the policy', () => {
  it('has calendars with a source, and profiles whose weights add up to those of a year', () => {
    for (const name of HolidayCalendar.options) expect(validationPolicy.calendars[name].source).not.toBe('');
    for (const name of ClassProfileName.options) {
      const { workday, restday, months, yearWeight, stepSeconds, source } = validationPolicy.profiles[name];
      expect([workday.length, restday.length]).toEqual([86_400 / stepSeconds, 86_400 / stepSeconds]);
      expect(source).not.toBe('');
      let weight = 0;
      for (let date = '2013-01-01'; date < '2014-01-01'; date = addDays(date, 1)) {
        const isRest = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
        const ofDay = (isRest ? restday : workday).reduce((sum, one) => sum + one, 0);
        weight += ofDay * (months?.[Number(date.slice(5, 7)) - 1] ?? 1);
      }
      expect(weight).toBe(yearWeight);
    }
  });
});

const within: Readonly<Record<string, fc.Arbitrary<number | undefined>>> = Object.fromEntries(
  Object.entries(RuleParameters.shape).map(([name, schema]) => {
    const allowed = (value: number): boolean => schema.safeParse(value).success;
    const values = [0, 1, 2, 7, 20, 28, 31, 56, 60, 1000, 10_000, 86_400, 1_000_000].filter(allowed);
    return [name, fc.option(fc.constantFrom(...values), { nil: undefined })];
  }),
);
const said = fc.record(
  {
    off: fc.subarray(RuleId.options),
    on: fc.subarray(RuleId.options),
    parameters: fc.record(within),
    dial: fc.record({
      digits: fc.integer({ min: 1, max: 12 }),
      powerOfTen: fc.integer({ min: -6, max: 6 }),
      multiplier: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    rated: fc.record({ value: fc.integer({ min: 1, max: 1_000_000_000_000 }), unit: fc.constantFrom('Wh', 'm3', 'L') }),
    gas: fc.constant(conversion),
    calendar: fc.constantFrom(...HolidayCalendar.options),
  },
  { requiredKeys: [] },
);

describe('what may be said of a register', () => {
  it('is always a configuration, and its rules and parameters are the ones that were said', () => {
    const registers = [
      registerOf(),
      registerOf({ flow: 'reverse' }),
      gasMeter,
      registerOf({ unit: 'L', powerOfTen: 6 }),
    ];
    fc.assert(
      fc.property(said, fc.constantFrom(...registers), (raw, register) => {
        const parsed = RegisterValidation.parse(JSON.parse(JSON.stringify(raw)));
        const configuration = configurationOf(register, parsed);
        for (const rule of parsed.off ?? []) expect(configuration.off).toContain(rule);
        for (const rule of parsed.on ?? []) {
          if (parsed.off?.includes(rule) !== true) expect(configuration.off).not.toContain(rule);
        }
        for (const [name, value] of Object.entries(parsed.parameters ?? {})) {
          const [group = '', field = ''] = name.split('.');
          expect(Object(Object(configuration)[group])[field]).toBe(value);
        }
      }),
    );
  });

  it('has its dial in the scale of the register: 5 digits of 1 kWh go over at 10^8 Wh', () => {
    expect(configurationOf(registerOf(), { dial: { digits: 5, powerOfTen: 3, multiplier: 40 } }).dial).toEqual({
      digits: 8,
      powerOfTen: 0,
      multiplier: 40,
    });
  });

  it('has holidays that are like a day of the weekend', () => {
    const configuration = configurationOf(registerOf(), { calendar: 'england-and-wales' });
    expect(isRestDay(configuration, '2026-12-28')).toBe(true);
    expect(isRestDay(configuration, '2026-12-29')).toBe(false);
    expect(isRestDay(configurationOf(registerOf()), '2026-12-28')).toBe(false);
  });
});

describe('gas to energy', () => {
  const register = gasMeter;
  const boiler = { gas: conversion, rated: { value: 30_000, unit: 'Wh' as const } };

  it('a boiler of 30 kW bounds what its meter can count in an hour, in thousandths of a cubic metre', () => {
    const { ratedPerHour } = configurationOf(register, { ...boiler, rated: { value: 300_000, unit: 'Wh' } });
    // 300 kWh are 300,000 x 3600 J / (39.5 MJ x 1.02264) = 26.7 m3, and whole units are kept.
    expect(ratedPerHour).toBe(26);
    const [energy] = gasEnergy([26_735], register, conversion);
    expect(energy).toBeGreaterThan(299_900);
    expect(energy).toBeLessThan(300_100);
  });

  it('an annual quantity in kWh fills a hole of its meter in cubic metres', () => {
    const annual = { value: 12_000_000, unit: 'Wh' as const };
    const configuration = configurationOf(register, { gas: conversion, profile: { name: 'flat', annual } });
    // 12,000 kWh x 3.6 MJ / (39.5 MJ x 1.02264) = 1,069.458 m3.
    expect(configuration.classProfile?.annual).toBe(1_069_458);
    const ground = { ...groundOf(register), configuration };
    const date = '2026-03-02';
    const day = wholeDay(register, date, (index) => (index >= 10 && index < 14 ? null : 100));
    const { estimates } = judgeDays(alone(ground, [{ date, blocks: [day] }]));
    expect(estimates).toMatchObject([{ method: 'class-profile', quality: 12, values: [122, 122, 122, 122] }]);
    const energy = gasEnergy(estimates[0]?.values ?? [], register, conversion).reduce<number>(
      (sum, one) => sum + (one ?? 0),
      0,
    );
    // Four hours of 12,000 kWh a year.
    expect(Math.abs(energy - (12_000_000 * 4) / 8760)).toBeLessThan(12);
  });

  it('says nothing of a meter in cubic metres where nobody said how gas becomes energy', () => {
    const { classProfile, ratedPerHour } = configurationOf(register, {
      rated: { value: 30_000, unit: 'Wh' },
      profile: { name: 'flat', annual: { value: 12_000_000, unit: 'Wh' } },
    });
    expect([classProfile, ratedPerHour]).toEqual([undefined, undefined]);
  });

  it('takes volumes of another unit as they are: 1 m3 is 1,000 litres', () => {
    const water = registerOf({ commodity: 'water', unit: 'L', powerOfTen: 0 });
    expect(configurationOf(water, { rated: { value: 3, unit: 'm3' } }).ratedPerHour).toBe(3000);
  });
});
