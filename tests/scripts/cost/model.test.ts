import { expect, it } from 'vitest';
import { countWriteUnits } from '#scripts/bench/write-units.ts';
import { countFactUnits } from '#scripts/cost/fact-units.ts';
import { countJudgeUnits } from '#scripts/cost/judge-units.ts';
import { assumed, importedDays, importedYear, measured, monthOf } from '#scripts/cost/model.ts';
import { costOf, prices } from '#scripts/cost/prices.ts';
import { standingOf } from '#scripts/cost/standing.ts';

const standing = standingOf('all');
const lineOf = (meters: number, what: string): number =>
  monthOf(meters, standing).find((line) => line.what === what)?.dollars ?? Number.NaN;

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
  const perDay = ['Readings and usage, written', 'Days judged, months closed']
    .map((what) => lineOf(1000, what) / (1000 * assumed.daysPerMonth))
    .reduce((sum, dollars) => sum + dollars);
  expect(importedYear()).toBeCloseTo(importedDays * (perDay + costOf('put', 1)), 10);
});

it('multiplies units by prices, as can be reckoned by hand', () => {
  expect(costOf('write', 2_000_000)).toBeCloseTo(1.25, 10);
  expect(lineOf(1000, 'Meters connect')).toBeCloseTo((30_400 * (1 + 0.08)) / 1e6, 10);
  expect(lineOf(1000, 'Telemetry stream')).toBeCloseTo(730 * 0.015 + 0.0304 * 0.014, 10);
});

it('grows with the meters, but for what stands whatever the size', () => {
  const grows = lineOf(10_000_000, 'Readings and usage, written') / lineOf(1000, 'Readings and usage, written');
  expect(grows).toBeCloseTo(10_000, 6);
  expect(lineOf(10_000_000, 'Firewall') - lineOf(1000, 'Firewall')).toBeCloseTo(9_999_000 * 0.6e-6, 6);
});

it('stays below 45 dollars a month for a thousand meters, with all alarms that protect data', () => {
  const small = monthOf(1000, standingOf('protecting')).reduce((sum, { dollars }) => sum + dollars, 0);
  expect(small).toBeLessThan(45);
  expect(lineOf(1000, 'Alarms')).toBeGreaterThan(3 * costOf('alarmMetric', standingOf('protecting').alarmMetrics));
});

it('says of each price where it is from and of when', () => {
  for (const { from, of, per, dollars } of Object.values(prices)) {
    expect(from).not.toBe('');
    expect(of).toMatch(/^20\d\d(-\d\d){0,2}$/);
    expect(per * dollars).toBeGreaterThan(0);
  }
});
