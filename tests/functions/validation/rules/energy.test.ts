import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { netOf, netTotals } from '#functions/validation/rules/net-energy.ts';
import { gasEnergy, inLitres } from '#functions/validation/rules/volumes.ts';
import { GasConversion } from '#shared/vocabulary/reading-rules.ts';

const runOf = (values: (number | null)[], code = 0, start = 0): IntervalRun =>
  canonical({ start, interval: 1800, values, quality: [[0, code]] });

describe('import, export and net', () => {
  it('are one difference for each interval, missing where either is', () => {
    const net = netOf(runOf([500, 0, 200, null]), runOf([0, 300, null, 10]));
    expect(net.values).toEqual([500, -300, null, null]);
    expect(netTotals(runOf([500, 0, 200, null]), runOf([0, 300, null, 10]))).toEqual({
      imported: 500,
      exported: 300,
      net: 200,
      incomplete: 2,
    });
  });

  it('carry the code of both, mixed where they differ, and the one that does not count where one does not', () => {
    expect(netOf(runOf([5], 17), runOf([1], 17)).quality).toEqual([[0, 17]]);
    expect(netOf(runOf([5], 0), runOf([1], 8)).quality).toEqual([[0, 13]]);
    expect(netOf(runOf([5], 0), runOf([1], 10)).quality).toEqual([[0, 10]]);
    expect(netOf(runOf([5], 10), runOf([1], 0)).quality).toEqual([[0, 10]]);
  });

  it('add up: the net of the totals is the total of the net', () => {
    const values = fc.array(fc.option(fc.nat(100_000), { freq: 5 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, values, fc.integer({ min: -5, max: 5 }), (taken, fed, shift) => {
        const [imported, exported] = [runOf(taken, 0), runOf(fed, 0, shift * 1800)];
        const { net, imported: all, exported: back } = netTotals(imported, exported);
        const sum = netOf(imported, exported).values.reduce<number>((total, value) => total + (value ?? 0), 0);
        expect(sum).toBe(net);
        expect(all - back).toBe(net);
      }),
      { numRuns: 300 },
    );
  });
});

describe('volumes', () => {
  const conversion = GasConversion.parse({ kilojoulesPerM3: 39_500, correctionPerMillion: 1_022_640, source: 'test' });

  it('of gas become energy: 100 m3 x 1.02264 x 39.5 MJ/m3 / 3.6 are 1,122.063 kWh', () => {
    expect(gasEnergy([100], { unit: 'm3', powerOfTen: 0 }, conversion)).toEqual([1_122_063]);
    expect(gasEnergy([100_000, null], { unit: 'm3', powerOfTen: -3 }, conversion)).toEqual([1_122_063, null]);
  });

  it('in cubic feet are those of 0.3048 m cubed', () => {
    expect(inLitres([1000], { unit: 'ft3', powerOfTen: 0 })).toEqual([28_317]);
    expect(inLitres([3, null, 0], { unit: 'm3', powerOfTen: -2 })).toEqual([30, null, 0]);
  });

  it('are refused in a unit of energy', () => {
    expect(() => inLitres([1], { unit: 'Wh', powerOfTen: 0 })).toThrow(RangeError);
    expect(() => gasEnergy([1], { unit: 'therm', powerOfTen: 0 }, conversion)).toThrow('therm is not a volume');
  });

  it('lose nothing in rounding: the intervals add up to the energy of their sum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat(50_000)), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 30_000, max: 45_000 }),
        fc.integer({ min: 900_000, max: 1_100_000 }),
        (values, kilojoulesPerM3, correctionPerMillion) => {
          const scale = { unit: 'm3', powerOfTen: -3 } as const;
          const factors = { kilojoulesPerM3, correctionPerMillion, source: 'test' };
          const energy = gasEnergy(values, scale, factors);
          const total = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
          expect(energy.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(
            gasEnergy([total], scale, factors)[0],
          );
          expect(energy.map((value) => value === null)).toEqual(values.map((value) => value === null));
        },
      ),
      { numRuns: 300 },
    );
  });
});
