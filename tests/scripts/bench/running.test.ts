import { expect, it } from 'vitest';
import { measureLatency } from '#scripts/bench/latency.ts';

it('sees payments by both doors and days of a meter in the view of the running system, each as often as asked', async () => {
  const samples = await measureLatency({ customers: 2, months: 2, warmUp: 1, rounds: 2 });
  expect(Object.keys(samples).sort()).toEqual(['api', 'bus', 'look', 'meter']);
  for (const taken of Object.values(samples)) {
    expect(taken).toHaveLength(2);
    expect(Math.min(...taken)).toBeGreaterThan(0);
  }
}, 60_000);
