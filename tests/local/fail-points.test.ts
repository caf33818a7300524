import { describe, expect, it } from 'vitest';
import { failPointNames, failPointsOf } from '#local/fail-points.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

const act = async (value: number): Promise<number> => value * 2;

describe('a point where the process ends', () => {
  it('leaves every part as it is when none is set', async () => {
    const store = await openLevelStore();
    const points = failPointsOf(undefined);
    const table = store.table('profile');
    for (const name of failPointNames) {
      expect(points.before(name, act)).toBe(act);
      expect(points.after(name, act)).toBe(act);
      expect(points.table(name, table)).toBe(table);
    }
    await store.close();
  });

  it('ends the process at the pass that was asked for, before or after the act', async () => {
    const passed: string[] = [];
    const points = failPointsOf('seed.kept:2', () => passed.push('end'));
    const noted = async (): Promise<void> => {
      passed.push('act');
    };
    const [entered, left] = [points.before('seed.kept', noted), points.after('seed.kept', noted)];
    await left();
    await entered();
    await left();
    expect(passed).toEqual(['act', 'end', 'act', 'act']);
    const late = failPointsOf('seed.kept', () => passed.push('end late'));
    await late.after('seed.kept', noted)();
    await late.after('audit.linked', noted)();
    expect(passed.slice(4)).toEqual(['act', 'end late', 'act']);
  });

  it('ends the process after a commit or a batch of puts, which stand', async () => {
    const store = await openLevelStore();
    let ends = 0;
    const table = failPointsOf('ingest.put:3', () => {
      ends += 1;
    }).table('ingest.put', store.table('readings'));
    const item = (sk: string) => ({ pk: 'M#m#1', sk, w: 1 });
    await table.commit([{ put: item('D#1') }]);
    await expect(table.commit([{ put: item('D#1'), when: { kind: 'absent' } }])).rejects.toThrow();
    await table.batchPut([item('D#2')]);
    expect(ends).toBe(0);
    await table.batchPut([item('D#3')]);
    expect(ends).toBe(1);
    expect((await table.query({ pk: 'M#m#1', consistent: true })).items).toHaveLength(3);
    expect(await table.get({ pk: 'M#m#1', sk: 'D#3' }, { consistent: true })).toBeDefined();
    await store.close();
  });

  it('refuses a name or a count that is none', () => {
    for (const setting of ['nowhere', 'seed.kept:0', 'seed.kept:x', ''])
      expect(() => failPointsOf(setting)).toThrow('no fail point');
  });
});
