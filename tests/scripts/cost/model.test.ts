import { expect, it } from 'vitest';
import { countWriteUnits } from '#scripts/bench/write-units.ts';
import { assumed, measured } from '#scripts/cost/assumed.ts';
import { countFactUnits } from '#scripts/cost/fact-units.ts';
import { countJudgeUnits } from '#scripts/cost/judge-units.ts';
import { importedDays, importedYear } from '#scripts/cost/model.ts';
import { costOf, prices } from '#scripts/cost/prices.ts';
import { recordsPerInvocation, tracesOf } from '#scripts/cost/traffic.ts';

it('takes what the bench counts for readings and usage', async () => {
  const setting = { intervalSeconds: 86_400 / assumed.intervals, homes: 2, days: 3 };
  const readings = await countWriteUnits({ ...setting, withUsage: false });
  const usage = await countWriteUnits({ ...setting, withUsage: true });
  expect((readings.writeUnits * 1000) / readings.readings).toBeCloseTo(measured.readingWrites, 2);
  expect((usage.writeUnits * 1000) / usage.readings).toBeCloseTo(measured.readingAndUsageWrites, 2);
});

it('takes what facts of a household cost when they are told', async () => {
  const { writes, reads } = await countFactUnits();
  expect(writes).toBeCloseTo(measured.factWrites, 2);
  expect(reads).toBeCloseTo(measured.factReads, 2);
});

it('takes what judging a day of a register costs, its month closed, and looking at what it tells', async () => {
  const { days, writes, reads, lookWrites, lookReads } = await countJudgeUnits();
  expect(days).toBe(61);
  expect(writes).toBeCloseTo(measured.judgeWrites, 2);
  expect(reads).toBeCloseTo(measured.judgeReads, 1);
  expect(lookWrites).toBe(measured.lookWrites);
  expect(lookReads).toBeCloseTo(measured.lookReads, 1);
}, 90_000);

it('takes a day of an imported file for one that a meter sends, but for the way it comes', () => {
  const day =
    costOf('write', (assumed.intervals / 1000) * measured.readingAndUsageWrites + measured.judgeWrites) +
    costOf('read', (assumed.intervals / 1000) * measured.usageReads + measured.judgeReads);
  expect(importedYear()).toBeCloseTo(importedDays * (day + costOf('put', 1)), 10);
});

it('puts together what comes within a window of one part of a shard, and never more than a batch', () => {
  const reader = { from: 'readings', batchSize: 100, windowSeconds: 5, parallelization: 4 };
  expect(recordsPerInvocation(reader, 0.01, 4)).toBeCloseTo(1, 2);
  expect(recordsPerInvocation(reader, 160, 4)).toBeCloseTo(1 + 10 * 5, 10);
  expect(recordsPerInvocation({ ...reader, parallelization: 1 }, 160, 4)).toBe(100);
  expect(recordsPerInvocation({ ...reader, from: 'queue' }, 160, 4)).toBe(1);
});

it('has all traces of what happens once a second or less, and one in twenty of what is more', () => {
  const seconds = 3600 * assumed.daysPerMonth;
  expect(tracesOf(1000, 1)).toBeCloseTo(1000, 6);
  expect(tracesOf(seconds * 21, 1)).toBeCloseTo(seconds * 2, 3);
});

it('says of each price where it is from and of when', () => {
  for (const { from, of, per, dollars } of Object.values(prices)) {
    expect(from).not.toBe('');
    expect(of).toMatch(/^20\d\d(-\d\d){0,2}$/);
    expect(per * dollars).toBeGreaterThan(0);
  }
});
