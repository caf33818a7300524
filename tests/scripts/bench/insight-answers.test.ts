import { expect, it } from 'vitest';
import { askAllInsights } from '#scripts/bench/insight-answers.ts';

it('answers of a whole seeded utility, of electricity, gas, water and panels, rest on what was kept and are what judging anew comes to', async () => {
  const { points, registers, judgedAnew, otherwise, second } = await askAllInsights({ customers: 17, months: 5 });
  expect(points).toBeGreaterThan(20);
  expect(registers).toBeGreaterThan(points);
  expect(new Set(second.map(({ kind }) => kind))).toEqual(new Set(['E1', 'G1', 'W1', 'B1 and E1']));
  expect({ judgedAnew, otherwise }).toEqual({ judgedAnew: 0, otherwise: 0 });
}, 240_000);
