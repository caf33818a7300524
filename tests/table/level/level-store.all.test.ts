import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { feedShards, type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { TableName } from '#shared/table/table.ts';

const script = fileURLToPath(new URL('../../support/commit-until-killed.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-killed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the committing process and kills it after so many acknowledgements; answers those that were heard. */
const commitsUntilKilled = async (after: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard: string[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    heard.push(line);
    if (heard.length === after) child.kill('SIGKILL');
  }
  await exited;
  return heard;
};

const sorts = async (store: LevelStore, name: TableName): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const item of store.scan(name)) found.push(item.sk);
  return found.sort();
};

const fed = async (store: LevelStore, name: TableName): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let shard = 0; shard < feedShards; shard += 1)
    for (const { entry } of await store.feed(name).read(shard, undefined, 1_000_000)) found.push(entry.key.sk);
  return found.sort();
};

test('a process killed in the middle keeps all it acknowledged, and each commit whole with its changes', async () => {
  const acknowledged = new Set<string>();
  for (const after of [50, 333, 1200]) {
    await rm(folder, { recursive: true, force: true });
    acknowledged.clear();
    for (const line of await commitsUntilKilled(after)) acknowledged.add(line);
    expect(acknowledged.size).toBeGreaterThanOrEqual(after);
    const store = await openLevelStore({ folder });
    const left = await sorts(store, 'profile');
    expect(await sorts(store, 'audit')).toEqual(left);
    expect(await fed(store, 'profile')).toEqual(left);
    expect(await fed(store, 'audit')).toEqual(left);
    const logged = (await store.log('telemetry', 1).read(0, undefined, 1_000_000)).map(
      ({ entry }) => entry.partitionKey,
    );
    const lost = [...acknowledged].filter((sk) => !left.includes(sk) || !logged.includes(sk));
    expect(lost).toEqual([]);
    await store.table('profile').commit([{ put: { pk: 'left', sk: 'after' } }]);
    expect(await fed(store, 'profile')).toContain('after');
    await store.close();
  }
});
