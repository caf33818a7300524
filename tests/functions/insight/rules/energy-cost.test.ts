import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, evidenceOfPrices, isKnown, pricesBy, writePrice } from '#functions/insight/rules/energy-cost.ts';
import type { Tariff } from '#functions/reference/rules/tariff.ts';

const standard: Tariff = {
  code: 'STANDARD',
  commodity: 'electricity',
  currency: 'GBP',
  unit: 'kWh',
  prices: [
    { from: '2025-10-01', energyPrice: '0.2486' },
    { from: '2026-04-01', energyPrice: '0.26905' },
  ],
};
const night: Tariff = { ...standard, code: 'NIGHT', prices: [{ from: '2026-01-01', energyPrice: '0.1' }] };
const known = new Map([standard, night].map((tariff) => [tariff.code, tariff]));
const agreed = [
  { tariff: 'STANDARD', from: '2025-01-01', to: '2026-05-01' },
  { tariff: 'NIGHT', from: '2026-05-01', to: null },
];
const wattHours = { unit: 'Wh', powerOfTen: 0 } as const;
const on = (date: string, scale: Parameters<typeof pricesBy>[3] = wattHours) =>
  pricesBy(agreed, known, 'electricity', scale)(date);
const costAt = (date: string, amount: number, scale = wattHours): number | undefined => {
  const price = on(date, scale);
  return isKnown(price) ? costOf(price, amount) : undefined;
};

describe('what use costs', () => {
  it('goes by the price that held on the day, of the tariff that was agreed then', () => {
    expect(costAt('2026-03-31', 1_000_000)).toBe(24_860);
    expect(costAt('2026-04-01', 1_000_000)).toBe(26_905);
    expect(costAt('2026-04-30', 1_000_000)).toBe(26_905);
    expect(costAt('2026-05-01', 1_000_000)).toBe(10_000);
  });

  it('is the same in whatever scale the register counts, to the penny', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -3, max: 3 }), (units, power) => {
        const exact = (BigInt(units) * 2486n) / 100_000n;
        const scale = { unit: 'Wh', powerOfTen: power } as const;
        const price = pricesBy(agreed, known, 'electricity', scale)('2026-01-01');
        const cost = isKnown(price) ? costOf(price, units * 10 ** -power) : Number.NaN;
        expect(Math.abs(cost - Number(exact))).toBeLessThanOrEqual(1);
        expect(Object.is(cost, -0)).toBe(false);
      }),
    );
  });

  it('is in the minor units of the currency: yen have none', () => {
    const yen = { ...standard, currency: 'JPY', prices: [{ from: '2025-01-01', energyPrice: '31.5' }] };
    const price = pricesBy(agreed, new Map([['STANDARD', yen]]), 'electricity', wattHours)('2026-01-01');
    expect(isKnown(price) && costOf(price, 10_000)).toBe(315);
  });

  it('takes water by the cubic metre from a register that counts litres', () => {
    const water: Tariff = {
      ...standard,
      code: 'WATER',
      commodity: 'water',
      unit: 'm3',
      prices: [{ from: '2025-01-01', energyPrice: '2.15' }],
    };
    const by = pricesBy([{ tariff: 'WATER', from: '2025-01-01', to: null }], new Map([['WATER', water]]), 'water', {
      unit: 'L',
      powerOfTen: 0,
    });
    const price = by('2026-01-01');
    expect(isKnown(price) && costOf(price, 4_000)).toBe(860);
  });

  it.each([
    ['nobody has an agreement', on('2024-12-31'), 'no agreement is in force'],
    ['the price list begins later', on('2025-09-30'), 'tariff STANDARD has no price for 2025-09-30'],
    [
      'the tariff is not known',
      pricesBy([{ tariff: 'GREEN', from: '2025-01-01', to: null }], known, 'electricity', wattHours)('2026-01-01'),
      'no prices of tariff GREEN are known',
    ],
    [
      'the tariff is of another commodity',
      pricesBy(agreed, known, 'gas', { unit: 'm3', powerOfTen: -3 })('2026-01-01'),
      'tariff STANDARD is one of electricity',
    ],
    [
      'the register counts in another unit',
      on('2026-01-01', { unit: 'varh', powerOfTen: 0 }),
      'tariff STANDARD has prices of a kWh, and the register counts in varh',
    ],
  ])('is not known, and it is said why, where %s', (_why, price, missing) => {
    expect(price).toEqual({ missing });
  });

  it('has the tariff and its price as evidence, each once', () => {
    expect(evidenceOfPrices(['2026-03-31', '2026-04-02', '2026-04-03', '2025-01-02'].map((date) => on(date)))).toEqual({
      tariff: 'STANDARD',
      energyPrice: '0.2486 GBP a kWh, 0.26905 GBP a kWh',
      cost: 'not known: tariff STANDARD has no price for 2025-01-02',
    });
    expect(evidenceOfPrices([undefined])).toEqual({});
    const price = on('2026-01-01');
    expect(isKnown(price) && writePrice(price)).toBe('0.2486 GBP a kWh');
  });
});
