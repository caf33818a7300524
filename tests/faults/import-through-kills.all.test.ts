import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { metersThatDiffer, metersToldOtherwise } from '#scripts/bench/import.ts';
import type { FilePlan } from '#scripts/bench/import-files.ts';
import { drawnKills, type ImportRun, importThrough, type MadeFile, writeFileOf } from '#scripts/bench/import-run.ts';
import { drawn } from '#tests/support/drawn-runs.ts';

/** Meters by 150 days of quarter hours (by-meter and by-day order): 170,000 intervals each, or half a million. */
const meters = drawn(12, 35);
const plans: Record<FilePlan['format'], FilePlan> = {
  nem12: { format: 'nem12', meters, days: 150, first: '2025-01-01', seed: 11 },
  csv: { format: 'csv', meters, days: 150, first: '2025-01-01', seed: 12 },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-import-through-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.values(plans))('$meters meters by 150 days in a file of $format', (plan) => {
  let file: MadeFile;
  let calm: ImportRun;
  let killed: ImportRun;
  beforeAll(async () => {
    file = await writeFileOf(folder, plan);
    const programs = { start: [inject('builtStart')], rotunda: [inject('builtRotunda')] };
    const through = (name: string, kills: readonly number[]) =>
      importThrough(file, { folder: join(folder, `${plan.format}-${name}`), seed: ['--no-seed'], kills, programs });
    calm = await through('calm', []);
    killed = await through('killed', drawnKills(5, plan.seed));
  }, 600_000);

  it('is stored whole, each day once', () => {
    const { intervals, days } = file.truth;
    expect(intervals).toBeGreaterThan(0.99 * meters * 150 * 96);
    expect(calm.end.standing.counts).toMatchObject({ read: intervals, sent: intervals, unchanged: 0, aside: 0 });
    expect(calm.end.readings.intervals).toBe(intervals);
    // A day that two chunks share comes in two parts.
    expect(calm.end.standing.counts.blocks).toBeGreaterThanOrEqual(days);
    expect(metersThatDiffer(file.truth, calm.end)).toEqual([]);
  });

  it('ends the same where the system is killed five times and the command twice', () => {
    expect(killed.kills).toEqual({ system: 5, command: 2 });
    expect(killed.end.standing).toEqual(calm.end.standing);
    expect(killed.end.readings).toEqual(calm.end.readings);
    expect(metersThatDiffer(file.truth, killed.end)).toEqual([]);
  });

  it('is judged the same: estimates fill the same holes with the same values', () => {
    const estimated = [...calm.end.usage.values()]
      .flatMap(({ byQuality }) => byQuality)
      .filter(({ quality }) => quality > 8);
    expect(estimated.length).toBeGreaterThan(0);
    expect(metersToldOtherwise(calm.end, killed.end)).toEqual([]);
  });
});
