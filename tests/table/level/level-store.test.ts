import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoryClock } from '#shared/runtime/clock.ts';
import { shardOf } from '#shared/table/level/level-log.ts';
import { feedShards, type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Change, TableName } from '#shared/table/table.ts';

const changesOf = async (store: LevelStore, name: TableName): Promise<readonly Change[]> => {
  const changes: Change[] = [];
  for (let shard = 0; shard < feedShards; shard += 1)
    for (const { entry } of await store.feed(name).read(shard, undefined, 1000)) changes.push(entry);
  return changes.sort((left, right) => (left.position < right.position ? -1 : 1));
};

describe('a store in memory', () => {
  let store: LevelStore;
  beforeEach(async () => {
    store = await openLevelStore();
  });
  afterEach(() => store.close());

  test('the feed tells each change of an item in order, with the item before and after', async () => {
    const table = store.table('profile');
    const [first, second] = [
      { pk: 'A', sk: '1', n: 1 },
      { pk: 'A', sk: '1', n: 2 },
    ];
    await table.commit([{ put: first }]);
    await table.commit([{ put: second }]);
    await table.commit([{ remove: { pk: 'A', sk: '1' } }]);
    const changes = await changesOf(store, 'profile');
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      [undefined, first],
      [first, second],
      [second, undefined],
    ]);
    expect(changes.every(({ key }) => key.pk === 'A' && key.sk === '1')).toBe(true);
  });

  test('a put that changes nothing leaves no trace in the feed, whatever the order of attributes', async () => {
    const table = store.table('readings');
    await table.batchPut([{ pk: 'M', sk: 'D', w: new Uint8Array([1, 2]), t: 3 }]);
    await table.batchPut([{ t: 3, w: new Uint8Array([1, 2]), sk: 'D', pk: 'M' }]);
    await table.commit([{ put: { sk: 'D', pk: 'M', t: 3, w: new Uint8Array([1, 2]) } }]);
    await table.commit([{ remove: { pk: 'M', sk: 'not there' } }]);
    expect(await changesOf(store, 'readings')).toHaveLength(1);
  });

  test('a commit over several tables feeds each of them', async () => {
    await store.table('profile').commit([{ put: { pk: 'P', sk: '1' } }, { in: 'audit', put: { pk: 'AUD', sk: '1' } }]);
    expect(await changesOf(store, 'profile')).toHaveLength(1);
    expect(await changesOf(store, 'audit')).toHaveLength(1);
    expect(await store.table('audit').get({ pk: 'AUD', sk: '1' })).toEqual({ pk: 'AUD', sk: '1' });
  });

  test('a refused commit feeds nothing', async () => {
    const table = store.table('profile');
    await expect(
      table.commit([{ put: { pk: 'P', sk: '1' } }, { check: { pk: 'Q', sk: '1' }, when: { kind: 'present' } }]),
    ).rejects.toThrow('condition failed for write 1');
    expect(await changesOf(store, 'profile')).toEqual([]);
  });

  test('the keys table has no feed, so that no old image keeps an erased key', () => {
    expect(() => store.feed('keys')).toThrow('no feed');
  });

  test('readers of a feed are called after each change and no longer once they stop', async () => {
    let calls = 0;
    const stop = store.feed('profile').onAppend(() => {
      calls += 1;
    });
    await store.table('profile').commit([{ put: { pk: 'P', sk: '1' } }]);
    await store.table('readings').commit([{ put: { pk: 'P', sk: '1' } }]);
    expect(calls).toBe(1);
    stop();
    await store.table('profile').commit([{ put: { pk: 'P', sk: '2' } }]);
    expect(calls).toBe(1);
  });

  test('a log keeps what is appended in order by shard, bytes and all, and is read on from a position', async () => {
    const log = store.log('telemetry', 2);
    const entry = (n: number) => ({ partitionKey: `mtr_${n}`, data: new Uint8Array([0, n, 255]), arrival: 1.5 + n });
    await Promise.all([log.append(0, [entry(1), entry(2)]), log.append(1, [entry(9)]), log.append(0, [entry(3)])]);
    const first = await log.read(0, undefined, 2);
    expect(first.map((read) => read.entry)).toEqual([entry(1), entry(2)]);
    const rest = await store.log('telemetry', 2).read(0, first.at(-1)?.position, 10);
    expect(rest.map((read) => read.entry)).toEqual([entry(3)]);
    expect((await log.read(1, undefined, 10)).map((read) => read.entry)).toEqual([entry(9)]);
    await expect(log.append(2, [entry(1)])).rejects.toThrow(RangeError);
  });

  test('two holders of one log hear of each other', async () => {
    let heard = 0;
    store.log('queue-a', 1).onAppend(() => {
      heard += 1;
    });
    await store.log('queue-a', 1).append(0, [{ partitionKey: 'x', data: new Uint8Array(), arrival: 1 }]);
    await store.log('queue-b', 1).append(0, [{ partitionKey: 'x', data: new Uint8Array(), arrival: 1 }]);
    expect(heard).toBe(1);
  });

  test('trimming removes what was consumed and nothing else', async () => {
    const table = store.table('profile');
    for (let n = 0; n < 5; n += 1) await table.commit([{ put: { pk: 'A', sk: 'x', n } }]);
    const feed = store.feed('profile');
    for (let shard = 0; shard < feedShards; shard += 1) {
      const entries = await feed.read(shard, undefined, 3);
      const upTo = entries.at(-1)?.position;
      if (upTo !== undefined) await store.trim(feed, shard, upTo);
    }
    expect((await changesOf(store, 'profile')).map(({ after }) => after?.n)).toEqual([3, 4]);
    expect(await table.get({ pk: 'A', sk: 'x' }, { consistent: true })).toEqual({ pk: 'A', sk: 'x', n: 4 });
  });

  test('the changes of one commit are read and trimmed one by one, in its order', async () => {
    const items = Array.from({ length: 250 }, (_, n) => ({ pk: 'A', sk: String(n).padStart(3, '0') }));
    await store.table('readings').batchPut(items);
    await store.table('readings').commit([{ remove: { pk: 'A', sk: '000' } }]);
    const feed = store.feed('readings');
    const shards = await Promise.all(Array.from({ length: feedShards }, (_, shard) => feed.read(shard, undefined, 1)));
    const shard = shards.findIndex((entries) => entries.length > 0);
    const seen: string[] = [];
    let position: string | undefined;
    for (;;) {
      const entries = await feed.read(shard, position, 7);
      if (entries.length === 0) break;
      for (const one of entries) {
        expect(one.position > (position ?? '')).toBe(true);
        expect(one.entry.position).toBe(one.position);
        position = one.position;
        seen.push(one.entry.key.sk);
      }
      if (position !== undefined) await store.trim(feed, shard, position);
    }
    expect(seen).toEqual([...items.map((item) => item.sk), '000']);
    expect(await feed.read(shard, undefined, 1000)).toEqual([]);
  });

  test('an item whose time has come is removed, and the feed tells it; one put anew stays', async () => {
    const clock = new StoryClock('2026-03-01T00:00:00.000Z');
    const timed = await openLevelStore({ clock });
    const table = timed.table('profile');
    const second = clock.now() / 1000;
    await table.commit([
      { put: { pk: 'A', sk: 'now', expiresAt: second } },
      { put: { pk: 'A', sk: 'later', expiresAt: second + 1 } },
      { put: { pk: 'A', sk: 'renewed', expiresAt: second } },
      { put: { pk: 'A', sk: 'never' } },
      { in: 'readings', put: { pk: 'A', sk: 'reading', expiresAt: second } },
    ]);
    await table.commit([{ put: { pk: 'A', sk: 'renewed', expiresAt: second + 60 } }]);
    expect(await timed.removeExpired()).toBe(1);
    const left = async () => (await table.query({ pk: 'A', consistent: true })).items.map((item) => item.sk);
    expect(await left()).toEqual(['later', 'never', 'renewed']);
    expect((await changesOf(timed, 'profile')).at(-1)).toMatchObject({ before: { sk: 'now' }, after: undefined });
    clock.set(clock.now() + 1000);
    expect(await timed.removeExpired()).toBe(1);
    expect(await timed.removeExpired()).toBe(0);
    expect(await left()).toEqual(['never', 'renewed']);
    expect(await timed.table('readings').get({ pk: 'A', sk: 'reading' })).toBeDefined();
    await timed.close();
  });

  test('commits at the same time are each whole: two that expect one version cannot both win', async () => {
    const table = store.table('profile');
    await table.commit([{ put: { pk: 'A', sk: 'HEAD', version: 0 } }]);
    let won = 0;
    const attempt = async (): Promise<void> => {
      for (let tries = 0; tries < 1000; tries += 1) {
        const head = await table.get({ pk: 'A', sk: 'HEAD' }, { consistent: true });
        const version = Number(head?.version);
        try {
          await table.commit([
            { put: { pk: 'A', sk: 'HEAD', version: version + 1 }, when: { kind: 'version', is: version } },
          ]);
          won += 1;
          return;
        } catch (error) {
          expect(error).toMatchObject({ name: 'ConditionFailed', failed: [0] });
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, attempt));
    expect(won).toBe(20);
    expect(await table.get({ pk: 'A', sk: 'HEAD' }, { consistent: true })).toMatchObject({ version: 20 });
  });

  test('a scan gives every item of one table', async () => {
    await store.table('profile').batchPut(Array.from({ length: 2500 }, (_, n) => ({ pk: `P${n}`, sk: '1', n })));
    await store.table('audit').batchPut([{ pk: 'other', sk: '1' }]);
    const seen = new Set<unknown>();
    for await (const item of store.scan('profile')) seen.add(item.n);
    expect(seen.size).toBe(2500);
  });
});

describe('a store that answers eventual reads stale', () => {
  test('get and query see the table as it was before its last commit, consistent reads see it as it is', async () => {
    const store = await openLevelStore({ staleReads: true });
    const table = store.table('profile');
    const key = { pk: 'A', sk: '1' };
    await table.commit([{ put: { ...key, n: 1, queue: 'q', queueSort: 'a' } }]);
    expect(await table.get(key)).toBeUndefined();
    expect(await table.get(key, { consistent: true })).toMatchObject({ n: 1 });
    await table.commit([{ put: { ...key, n: 2, queue: 'q', queueSort: 'b' } }]);
    expect(await table.get(key)).toMatchObject({ n: 1 });
    expect((await table.query({ pk: 'A' })).items).toMatchObject([{ n: 1 }]);
    expect((await table.query({ pk: 'A', consistent: true })).items).toMatchObject([{ n: 2 }]);
    expect((await table.query({ pk: 'q', index: 'queue' })).items).toMatchObject([{ n: 1, queueSort: 'a' }]);
    await store.table('audit').commit([{ put: { pk: 'B', sk: '1' } }]);
    expect(await table.get(key)).toMatchObject({ n: 1 });
    await table.commit([{ put: { pk: 'B', sk: '1' } }]);
    expect(await table.get(key)).toMatchObject({ n: 2 });
    await store.close();
  });
});

describe('a store in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rotunda-store-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('keeps items, feeds, logs and positions over a restart, and goes on counting upwards', async () => {
    const first = await openLevelStore({ folder });
    await first.table('profile').commit([{ put: { pk: 'A', sk: '1', n: 1 } }]);
    await first.log('telemetry', 1).append(0, [{ partitionKey: 'm', data: new Uint8Array([7]), arrival: 1 }]);
    await first.positions.set('relay', 2, '0000000000000007');
    const before = (await changesOf(first, 'profile')).at(-1)?.position ?? '';
    for (let shard = 0; shard < feedShards; shard += 1) await first.trim(first.feed('profile'), shard, before);
    await first.close();

    const second = await openLevelStore({ folder });
    expect(await second.table('profile').get({ pk: 'A', sk: '1' })).toEqual({ pk: 'A', sk: '1', n: 1 });
    expect(await second.positions.get('relay', 2)).toBe('0000000000000007');
    expect(await second.positions.get('relay', 1)).toBeUndefined();
    const [read] = await second.log('telemetry', 1).read(0, undefined, 10);
    expect(read?.entry).toEqual({ partitionKey: 'm', data: new Uint8Array([7]), arrival: 1 });
    await second.table('profile').commit([{ put: { pk: 'A', sk: '1', n: 2 } }]);
    const after = await changesOf(second, 'profile');
    expect(after).toHaveLength(1);
    expect((after[0]?.position ?? '') > before).toBe(true);
    await second.close();
  });

  test('a data key that is replaced by its tombstone is in no file any more', async () => {
    const store = await openLevelStore({ folder });
    const keys = store.table('keys');
    const wrapped = new Uint8Array(randomBytes(60));
    await keys.commit([{ put: { pk: 'KEY#cus_a', sk: 'HEAD', wrapped } }]);
    await store.table('profile').commit([{ put: { pk: 'CUS#cus_a', sk: 'HEAD' } }]);
    const holds = async (): Promise<boolean> => {
      const files = await readdir(folder);
      const found = await Promise.all(files.map((file) => readFile(join(folder, file))));
      return found.some((bytes) => bytes.includes(Buffer.from(wrapped).toString('base64').slice(0, 40)));
    };
    expect(await holds()).toBe(true);
    await keys.commit([{ put: { pk: 'KEY#cus_a', sk: 'HEAD', erasedAt: '2026-03-01T00:00:00.000Z' } }]);
    expect(await holds()).toBe(false);
    expect(await keys.get({ pk: 'KEY#cus_a', sk: 'HEAD' })).toMatchObject({ erasedAt: '2026-03-01T00:00:00.000Z' });
    await store.close();
  });

  test('what was replaced or removed is in no file any more once that is asked for, and all else stays', async () => {
    const store = await openLevelStore({ folder });
    const profile = store.table('profile');
    const filler = (n: number) => ({ pk: `PRM#${n}`, sk: 'HEAD', text: randomBytes(700).toString('base64') });
    const marked = (n: number, text: string) => ({
      pk: `CUS#${n}`,
      sk: 'VIEW#0',
      text: `${text}${n}-${randomBytes(30).toString('base64')}`,
    });
    const before = [...Array(40).keys()].map((n) => marked(n, 'greta-marker-'));
    for (let round = 0; round < 4; round += 1) {
      for (let at = 0; at < 40; at += 10)
        await profile.batchPut([
          ...before.slice(at, at + 10),
          ...Array.from({ length: 10 }, (_, n) => filler(round * 100 + at + n)),
        ]);
      await store
        .log('inbound', 1)
        .append(0, [{ partitionKey: `greta-marker-log-${round}`, data: new Uint8Array(), arrival: 1 }]);
      for (const { pk, sk } of before.slice(0, 20)) await profile.commit([{ remove: { pk, sk } }]);
    }
    for (const { pk, sk } of before.slice(20)) await profile.commit([{ put: { pk, sk, text: 'gone' } }]);
    const log = store.log('inbound', 1);
    store.readBy(store.feed('profile'), ['relay', 'follow']);
    store.readBy(log, ['facts']);
    for (let shard = 0; shard < feedShards; shard += 1) {
      const last = (await store.feed('profile').read(shard, undefined, 100_000)).at(-1)?.position ?? '';
      for (const reader of ['relay', 'follow']) await store.positions.set(reader, shard, last);
    }
    await store.positions.set('facts', 0, (await log.read(0, undefined, 100)).at(-1)?.position ?? '');
    const left = async (): Promise<readonly string[]> => {
      const all: string[] = [];
      for await (const item of store.scan('profile')) all.push(JSON.stringify(item));
      return all;
    };
    const items = await left();
    // Files are compressed by what stood before: of a text that was met nowhere before the random part lies as it is.
    const tails = before.map(({ text }) => text.slice(-24));
    const holds = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const file of await readdir(folder)) {
        const bytes = await readFile(join(folder, file));
        for (const tail of [...tails, 'greta-marker-log-3']) if (bytes.includes(tail)) found.push(`${file}: ${tail}`);
      }
      return found;
    };
    expect((await holds()).length).toBeGreaterThanOrEqual(40);
    await store.forgetDeleted();
    expect(await left()).toEqual(items);
    await store.close();
    expect(await holds()).toEqual([]);
    const again = await openLevelStore({ folder });
    expect(await again.table('profile').get({ pk: 'CUS#39', sk: 'VIEW#0' })).toMatchObject({ text: 'gone' });
    expect(await again.table('profile').get({ pk: 'PRM#101', sk: 'HEAD' })).toBeDefined();
    await again.close();
  });

  test('changes that a reader has not passed stay, whatever is forgotten', async () => {
    const store = await openLevelStore({ folder });
    await store.table('profile').commit([{ put: { pk: 'A', sk: '1', n: 1 } }]);
    await store.table('profile').commit([{ put: { pk: 'A', sk: '1', n: 2 } }]);
    const all = await changesOf(store, 'profile');
    store.readBy(store.feed('profile'), ['relay', 'follow']);
    const shard = shardOf('A', feedShards);
    await store.positions.set('relay', shard, all[1]?.position ?? '');
    await store.forgetDeleted();
    expect(await changesOf(store, 'profile')).toEqual(all);
    await store.positions.set('follow', shard, all[0]?.position ?? '');
    await store.forgetDeleted();
    expect(await changesOf(store, 'profile')).toEqual(all.slice(1));
    await store.close();
  });

  test('opened twice says that it is in use', async () => {
    const store = await openLevelStore({ folder });
    await expect(openLevelStore({ folder })).rejects.toMatchObject({ kind: 'unavailable', code: 'store.in-use' });
    await store.close();
    const again = await openLevelStore({ folder });
    await again.close();
  });
});
