import { describe, expect, it } from 'vitest';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { askMany } from '#scripts/bench/at-ten-thousand.ts';
import { type BenchSystem, openBenchSystem } from '#scripts/bench/bench-system.ts';
import { openLargeUtility } from '#scripts/bench/large-utility.ts';
import { secondRecords } from '#scripts/seed/cast.ts';
import { storyOf } from '#scripts/seed/story.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';

/** Enough for every part of the story. */
const customers = 26;
const months = 2;

/** The same story through the doors for facts, each fact committed and followed. */
const toldThroughDoors = async (today: string): Promise<BenchSystem> => {
  const system = await openBenchSystem(`${today}T00:00:00.000Z`);
  const story = storyOf({ seed: 'bench', customers, months, until: today, zone: 'Europe/London', currency: 'GBP' });
  for (const party of story.cast) {
    for (const step of story.tell(party).steps) {
      for (const meter of step.meters) {
        const registers = meter.registers.map(({ register }) => register);
        await registerHeadEndMeter(system.profile, { serial: meter.serial, registers });
      }
      if (step.waits) await system.settle();
      await system.tell(step.facts);
    }
  }
  await system.settle();
  return system;
};

const isUsage = (sk: string): boolean => sk.startsWith('VIEW#5#') && sk.split('#').length === 6;

/** What views and search read, item by item. */
const shownBy = async (store: LevelStore): Promise<ReadonlyMap<string, string>> => {
  const shown = new Map<string, string>();
  for await (const item of store.scan('profile')) {
    if (!/^(VIEW|WAS)#/.test(item.sk) && !/^SR[A-Z]#/.test(item.pk)) continue;
    // Exact entries lie under hashes by a key that each system has for itself.
    const { pk: _hash, ...entry } = item;
    const said = `SRC ${item.sk} ${JSON.stringify(item.says)}`;
    if (item.pk.startsWith('SRC#')) shown.set(said, `${shown.get(said) ?? ''}${canonicalJson(entry)}`);
    else if (!isUsage(item.sk)) shown.set(`${item.pk} ${item.sk}`, canonicalJson(item));
  }
  return shown;
};

describe('a utility that is put in bulk', () => {
  it('has the views and search entries that commits and their followers leave', async () => {
    const utility = await openLargeUtility(customers, months);
    const system = await toldThroughDoors(utility.today);
    const [bulk, told] = [await shownBy(utility.store), await shownBy(system.store)];
    expect(bulk.size).toBeGreaterThan(customers * 10);
    expect(bulk).toEqual(told);
    // Of the first two dozen, one for each reason is known twice.
    expect(utility.customers).toBe(customers + secondRecords.length);
    await Promise.all([utility.store.close(), system.close()]);
  }, 60_000);

  it('is asked in every way people ask, and each one asked for is found', async () => {
    const utility = await openLargeUtility(customers, months);
    const asked = await askMany(utility, { warmUp: 7, questions: 28 });
    expect(asked.search).toHaveLength(28);
    expect(asked.view).toHaveLength(28);
    expect([...asked.found.values()]).toEqual(Array(7).fill({ asked: 4, found: 4 }));
    expect(Math.min(...asked.requests)).toBeGreaterThan(0);
    await utility.store.close();
  });
});
