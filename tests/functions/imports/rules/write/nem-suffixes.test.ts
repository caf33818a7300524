import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowOfSuffix } from '#functions/imports/rules/nem/codes.ts';
import { nemSuffixes } from '#functions/imports/rules/write/nem-suffixes.ts';
import { NotWritable } from '#functions/imports/rules/write/written-series.ts';

const register = (id: string, flow: 'forward' | 'reverse' | 'net' = 'forward', unit: 'Wh' | 'varh' = 'Wh') => ({
  id,
  flow,
  unit,
});

it('keeps the names that are suffixes and gives the others the next that is free', () => {
  const suffixes = nemSuffixes([
    register('1'),
    register('E1'),
    register('2', 'reverse'),
    register('3', 'forward', 'varh'),
    register('4', 'reverse', 'varh'),
    register('B7'),
    register('X2', 'reverse'),
    register('N1', 'net'),
  ]);
  expect([...suffixes].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
    ['1', 'E2'],
    ['2', 'B1'],
    ['3', 'Q1'],
    ['4', 'K1'],
    // Named like what flows to the grid, and yet it does not.
    ['B7', 'E3'],
    ['E1', 'E1'],
    ['N1', 'N1'],
    ['X2', 'B2'],
  ]);
});

it('refuses what is net, and more than nine alike', () => {
  expect(() => nemSuffixes([register('1', 'net')])).toThrow(NotWritable);
  const many = (count: number) => Array.from({ length: count }, (_, index) => register(String(index + 1)));
  expect(new Set(nemSuffixes(many(9)).values()).size).toBe(9);
  expect(() => nemSuffixes(many(10))).toThrow(/no suffix left/);
});

it('gives each register one of its own, of its own direction', () => {
  const registers = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[A-Z0-9]{1,2}$/),
      flow: fc.constantFrom('forward' as const, 'reverse' as const),
      unit: fc.constantFrom('Wh' as const, 'varh' as const),
    }),
    { selector: ({ id }) => id, maxLength: 9 },
  );
  fc.assert(
    fc.property(registers, (all) => {
      const suffixes = nemSuffixes(all);
      expect(new Set(suffixes.values()).size).toBe(all.length);
      for (const { id, flow } of all) expect(flowOfSuffix(suffixes.get(id) ?? '')).toBe(flow);
    }),
  );
});
