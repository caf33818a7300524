import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditOperations } from '#functions/audit/api.ts';
import { chainOf, linkHash, linkItem, linkOf } from '#functions/audit/chain.ts';
import { checkpointFolder, takeCheckpoint } from '#functions/audit/checkpoint.ts';
import { readAccessLog } from '#functions/audit/read-access-log.ts';
import { sealChanges } from '#functions/audit/seal.ts';
import { verifyAudit } from '#functions/audit/verify.ts';
import { auditItems, entryOf, type NewEntry, recordAccess } from '#shared/facts/audit.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import { type Change, type Item, type Table, Throttled, Unanswered, type Write } from '#shared/table/table.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';

const start = Date.parse('2026-03-05T09:00:00.000Z');
const customers = ['a', 'b', 'c'].map((name) => mintedId('customer', name));

const entry = (number: number, more: Partial<NewEntry> = {}): NewEntry => ({
  at: new Date(start + number * 1000).toISOString(),
  id: mintedId('case', `entry ${number}`).slice(4),
  actor: 'staff-agent',
  actorKind: 'staff',
  act: 'customer.read',
  purpose: 'service',
  requestId: `r-${number}`,
  route: 'GET /v1/customers/{id}/360',
  outcome: 'allowed',
  fields: ['contact', 'name'],
  count: 1,
  ...(number % 7 === 0 ? {} : { subject: customers[number % 3] ?? '' }),
  named: number % 5 === 0 ? [...customers] : [],
  ...more,
});

let store: LevelStore;
let audit: Table;
let objects: Objects;
let clock: StoryClock;
const metrics = new RecordedMetrics();
const positions = new Map<number, string>();

const changes = async (): Promise<Change[]> => {
  const feed = store.feed('audit');
  const found: Change[] = [];
  for (let shard = 0; shard < feed.shards; shard += 1) {
    const read = await feed.read(shard, positions.get(shard), 100_000);
    const last = read.at(-1);
    if (last !== undefined) positions.set(shard, last.position);
    found.push(...read.map((one) => one.entry));
  }
  return found;
};

const sealAll = async (): Promise<void> => sealChanges({ audit, metrics }, await changes());
const verify = (scanned = true) =>
  verifyAudit({ audit, objects, ...(scanned ? { scan: () => store.scan('audit') } : {}) });
const every = async (kind: string): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of store.scan('audit')) if (item.kind === kind) items.push(item);
  return items;
};

const write = async (count: number, from = 0): Promise<void> => {
  for (let number = from; number < from + count; number += 1) await recordAccess(audit, entry(number));
};

beforeEach(async () => {
  positions.clear();
  store = await openLevelStore({});
  audit = store.table('audit');
  clock = new StoryClock(start + 3_600_000);
  objects = createMemoryObjects(clock);
});
afterEach(() => store.close());

describe('sealing', () => {
  it('seals each entry once into its chain, pointers not at all, and verifies clean', async () => {
    await write(60);
    await sealAll();
    await write(40, 60);
    await sealAll();
    await takeCheckpoint({ audit, objects, clock });
    const seals = await every('seal');
    expect(seals).toHaveLength(100);
    const sealedIds = (await every('link'))
      .flatMap((item) => linkOf(item)?.entries ?? [])
      .map(([, sk]) => sk.slice(25));
    expect(new Set(sealedIds).size).toBe(100);
    expect(sealedIds).toHaveLength(100);
    expect(await verify()).toEqual({ ok: true, chains: 8, entries: 100, unsealed: 0, checkpoints: 1, faults: [] });
    expect((await verify(false)).ok).toBe(true);
  });

  it('takes what is delivered again, in part and by two sealers at once, as sealed already', async () => {
    await write(80);
    const all = await changes();
    const deps = { audit, metrics };
    await Promise.all([
      sealChanges(deps, all),
      sealChanges(deps, all.slice(0, 50)),
      sealChanges(deps, [...all].reverse()),
    ]);
    await sealChanges(deps, all);
    expect(await every('seal')).toHaveLength(80);
    expect(await verify()).toMatchObject({ ok: true, entries: 80 });
  });

  it('seals a batch though its answers get lost and single reads fail, in one delivery', async () => {
    for (let n = 0; n < 60; n += 1) await recordAccess(audit, entry(n));
    const batch = await changes();
    const tried = new Map<string, number>();
    const failsFirst = (what: string): boolean => {
      tried.set(what, (tried.get(what) ?? 0) + 1);
      return tried.get(what) === 1;
    };
    const failing: Table = {
      name: audit.name,
      get: async (key, options) => {
        if (failsFirst(`get ${key.pk} ${key.sk}`)) throw new Throttled();
        return audit.get(key, options);
      },
      query: (query) => audit.query(query),
      scan: (scan) => audit.scan(scan),
      batchPut: (items) => audit.batchPut(items),
      commit: async (writes) => {
        await audit.commit(writes);
        const [link] = writes;
        // The link of each chain stands, but its sealer is not told.
        if (link !== undefined && 'put' in link && failsFirst(`commit ${link.put.pk}`)) throw new Unanswered();
      },
      close: () => audit.close(),
    };
    await sealChanges({ audit: failing, metrics }, batch);
    expect([...tried.keys()].some((what) => what.startsWith('get '))).toBe(true);
    expect(await verify()).toMatchObject({ ok: true, entries: 60, unsealed: 0, faults: [] });
  });

  it('leaves entries that came after the last sealing as unsealed, which is no fault', async () => {
    await write(10);
    await sealAll();
    await takeCheckpoint({ audit, objects, clock });
    await recordAccess(audit, entry(4000));
    expect(await verify()).toMatchObject({ ok: true, entries: 10, unsealed: 1 });
  });

  it('takes entries and seals that come while it reads as unsealed, and what a request that died left as nothing', async () => {
    await write(30);
    await sealAll();
    await takeCheckpoint({ audit, objects, clock });
    async function* busy(): AsyncGenerator<Item> {
      let number = 5000;
      for await (const item of store.scan('audit')) {
        yield item;
        number += 1;
        await recordAccess(audit, entry(number));
        await sealAll();
      }
      for await (const item of store.scan('audit')) if (item.kind === 'seal' || Number(item.count) > 0) yield item;
    }
    const seenTwice = await verifyAudit({ audit, objects, scan: busy });
    expect(seenTwice.faults).toEqual([]);
    expect(seenTwice.entries).toBe(30);
    const half = auditItems(entry(9001, { named: [...customers] })).slice(0, 2);
    await audit.commit(half.map(({ in: _in, ...made }) => made as Write));
    expect((await verify()).faults).toEqual([]);
  });

  it('records a request about 300 subjects once, whole however often it is tried', async () => {
    const many = [...Array(300).keys()].map((number) => mintedId('account', `many ${number}`));
    const sent = entry(1, { act: 'facts.write', named: many });
    await recordAccess(audit, sent);
    await recordAccess(audit, sent);
    await sealAll();
    expect(await every('entry')).toHaveLength(1);
    expect(await verify()).toMatchObject({ ok: true, entries: 1 });
  });

  it('counts a change of an entry that nobody should have made', async () => {
    await write(1);
    const [item] = await every('entry');
    await audit.batchPut([{ ...(item as Item), outcome: 'refused:other' }]);
    await sealAll();
    expect(metrics.of('audit.meddled')).toBe(1);
  });

  it('writes a checkpoint only where a chain moved, and each names the one before', async () => {
    expect(await takeCheckpoint({ audit, objects, clock })).toBeUndefined();
    await write(5);
    await sealAll();
    expect(await takeCheckpoint({ audit, objects, clock })).toMatchObject({ number: 1 });
    expect(await takeCheckpoint({ audit, objects, clock })).toBeUndefined();
    await write(5, 5);
    await sealAll();
    expect((await takeCheckpoint({ audit, objects, clock }))?.previous).toMatch(/^[0-9a-f]{64}$/);
    await expect(objects.put(`${checkpointFolder}000000001.json`, Buffer.from('{}'))).rejects.toThrow();
  });
});

describe('the access log', () => {
  it('shows a customer every look that named them, whatever partition it stands in, newest first and paged', async () => {
    await write(30);
    await sealAll();
    await recordAccess(audit, entry(30, { subject: customers[0], named: [] }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readAccessLog(audit, [customers[0] ?? ''], { limit: 4, cursor });
      seen.push(...page.entries.map(({ entry: found }) => found.at));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const expected = [...Array(31).keys()]
      .map((number) => (number === 30 ? entry(30, { subject: customers[0] }) : entry(number)))
      .filter((one) => one.subject === customers[0] || one.named.includes(customers[0] ?? ''))
      .map((one) => one.at)
      .reverse();
    expect(seen).toEqual(expected);
    const operation = auditOperations({ audit, profile: store.table('profile') }).readAccessLog;
    expect(operation).toBeTypeOf('function');
    const first = await readAccessLog(audit, [customers[0] ?? ''], { limit: 2 });
    expect(first.entries.map(({ sealed }) => sealed)).toEqual([false, true]);
  });

  it('keeps a list of a hundred hits as one entry with a pointer for each', async () => {
    const hits = [...Array(100).keys()].map((number) => mintedId('customer', `hit ${number}`));
    const { subject: _subject, ...search } = entry(1, { act: 'customer.search', named: hits, count: 100 });
    await recordAccess(audit, search);
    await recordAccess(audit, search);
    expect([(await every('entry')).length, (await every('pointer')).length]).toEqual([1, 99]);
    const page = await readAccessLog(audit, [hits[77] ?? ''], { limit: 5 });
    expect(page.entries.map(({ entry: found }) => found.id)).toEqual([search.id]);
  });

  it('refuses to let anything leave where the entry cannot be written', async () => {
    const broken: Table = { ...audit, name: 'audit', commit: () => Promise.reject(new Error('no table')) };
    await expect(recordAccess(broken, entry(1))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'audit.unavailable',
    });
  });
});

/** One way to tamper: does it, and says where the report must point. */
interface Tampering {
  readonly kind: string;
  readonly act: (pick: number) => Promise<{ readonly entry?: string; readonly chain: number }>;
}

const pick = <Member>(members: readonly Member[], number: number): Member => {
  const member = members[number % members.length];
  if (member === undefined) throw new Error('nothing to pick from');
  return member;
};
const put = (item: Item): Promise<void> => audit.batchPut([item]);
const remove = (item: Item): Promise<void> => audit.commit([{ remove: { pk: item.pk, sk: item.sk } } satisfies Write]);
const idOf = (item: Item): string => entryOf(item)?.id ?? '';
const edits: readonly ((item: Item) => Item)[] = [
  (item) => ({ ...item, outcome: 'refused:access.denied' }),
  (item) => ({ ...item, actor: 'somebody-else' }),
  (item) => ({ ...item, fields: [] }),
  (item) => ({ ...item, count: 0 }),
  (item) => ({ ...item, purpose: 'test' }),
  (item) => ({ ...item, note: 'added' }),
  ({ actor: _actor, ...item }) => item as Item,
];

const tamperings: readonly Tampering[] = [
  {
    kind: 'an edited entry',
    act: async (number) => {
      const item = pick(await every('entry'), number);
      await put(pick(edits, number)(item));
      return { entry: idOf(item), chain: chainOf(idOf(item)) };
    },
  },
  {
    kind: 'a deleted entry',
    act: async (number) => {
      const item = pick(await every('entry'), number);
      await remove(item);
      return { entry: idOf(item), chain: chainOf(idOf(item)) };
    },
  },
  {
    kind: 'two entries swapped',
    act: async (number) => {
      const items = await every('entry');
      const one = pick(items, number);
      const other = pick(items, number + 1 + (number % (items.length - 1)));
      await put({ ...other, pk: one.pk, sk: one.sk });
      await put({ ...one, pk: other.pk, sk: other.sk });
      return { entry: idOf(one), chain: chainOf(idOf(one)) };
    },
  },
  {
    kind: 'an entry put in between',
    act: async (number) => {
      const forged = entry(number % 40, { id: mintedId('case', `forged ${number}`).slice(4), actor: 'nobody' });
      await audit.commit(auditItems(forged).map(({ in: _in, ...made }) => made as Write));
      return { entry: forged.id, chain: chainOf(forged.id) };
    },
  },
  {
    kind: 'a link cut out',
    act: async (number) => {
      const item = pick(await every('link'), number);
      await remove(item);
      return { chain: Number(item.chain) };
    },
  },
  {
    kind: 'a chain cut short, with its entries and seals',
    act: async (number) => {
      const item = pick(await every('link'), number);
      const later = (await every('link')).filter(
        (link) => link.chain === item.chain && Number(link.sequence) >= Number(item.sequence),
      );
      const gone = new Set(later.flatMap((link) => linkOf(link)?.entries ?? []).map(([, sk]) => sk.slice(25)));
      for (const link of later) await remove(link);
      for (const standing of await every('entry')) if (gone.has(idOf(standing))) await remove(standing);
      for (const seal of await every('seal')) if (gone.has(seal.pk.slice(5))) await remove(seal);
      for (const pointer of await every('pointer')) if (gone.has(pointer.sk.slice(25))) await remove(pointer);
      return { chain: Number(item.chain) };
    },
  },
  {
    kind: 'an edited link',
    act: async (number) => {
      const item = pick(await every('link'), number);
      const changed = pick(
        [
          { ...item, hash: 'a'.repeat(64) },
          { ...item, previous: 'b'.repeat(64) },
          { ...item, total: Number(item.total) + 1 },
          { ...item, entries: [] },
          { ...item, sequence: Number(item.sequence) + 1 },
        ],
        number,
      );
      await put(changed);
      return { chain: Number(item.chain) };
    },
  },
  {
    kind: 'an entry edited and its link made anew',
    act: async (number) => {
      const item = pick(await every('entry'), number);
      const edited: Item = { ...item, actor: 'somebody-else' };
      await put(edited);
      const { entryDigest } = await import('#shared/facts/audit.ts');
      for (const standing of await every('link')) {
        const link = linkOf(standing);
        if (link === undefined || !link.entries.some(([, sk]) => sk.endsWith(idOf(item)))) continue;
        const entries = link.entries.map((sealed): [string, string, string] =>
          sealed[1].endsWith(idOf(item)) ? [sealed[0], sealed[1], entryDigest(edited)] : [...sealed],
        );
        const anew = { ...link, entries };
        await put(linkItem({ ...anew, hash: linkHash(anew) }));
      }
      return { chain: chainOf(idOf(item)) };
    },
  },
  {
    kind: 'two links swapped',
    act: async (number) => {
      const links = await every('link');
      const one = pick(links, number);
      const other = pick(
        links.filter((link) => link !== one),
        number,
      );
      await put({ ...other, pk: one.pk, sk: one.sk });
      await put({ ...one, pk: other.pk, sk: other.sk });
      return { chain: Number(one.chain) };
    },
  },
  {
    kind: 'a seal taken away',
    act: async (number) => {
      const item = pick(await every('seal'), number);
      await remove(item);
      return { entry: item.pk.slice(5), chain: Number(item.chain) };
    },
  },
  {
    kind: 'a pointer taken away',
    act: async (number) => {
      const item = pick(await every('pointer'), number);
      await remove(item);
      return { entry: item.sk.slice(25), chain: chainOf(item.sk.slice(25)) };
    },
  },
  {
    kind: 'a pointer led elsewhere',
    act: async (number) => {
      const item = pick(await every('pointer'), number);
      await put({ ...item, entrySk: `${String(item.entrySk)}x` });
      return { entry: item.sk.slice(25), chain: chainOf(item.sk.slice(25)) };
    },
  },
];

describe('verification', () => {
  it('finds and places each of a thousand tamperings, and is clean again when it is put right', async () => {
    for (let round = 0; round < 3; round += 1) {
      await write(16, round * 16);
      await sealAll();
    }
    await takeCheckpoint({ audit, objects, clock });
    expect((await verify()).ok).toBe(true);
    const untouched: Item[] = [];
    for await (const item of store.scan('audit')) untouched.push(item);
    const keys = new Map(untouched.map((item) => [`${item.pk}\u0000${item.sk}`, item]));
    const putRight = async (): Promise<void> => {
      const standing = new Map<string, Item>();
      for await (const item of store.scan('audit')) standing.set(`${item.pk}\u0000${item.sk}`, item);
      for (const [key, item] of standing) if (!keys.has(key)) await remove(item);
      const wrong = untouched.filter(
        (item) => JSON.stringify(standing.get(`${item.pk}\u0000${item.sk}`)) !== JSON.stringify(item),
      );
      if (wrong.length > 0) await audit.batchPut(wrong);
    };
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tamperings), fc.nat(100_000), async (tampering, number) => {
        const place = await tampering.act(number);
        const report = await verify();
        const message = `${tampering.kind}, ${JSON.stringify(place)}: ${JSON.stringify(report.faults)}`;
        expect(report.ok, message).toBe(false);
        const placed = report.faults.some(
          (fault) => fault.chain === place.chain && (place.entry === undefined || fault.entry === place.entry),
        );
        expect(placed, message).toBe(true);
        await putRight();
        done += 1;
      }),
      { numRuns: 1000 },
    );
    expect(done).toBe(1000);
    expect((await verify()).ok).toBe(true);
  }, 120_000);

  it('finds a chain made anew from an edited entry to its end by the checkpoint alone', async () => {
    await write(120);
    await sealAll();
    await write(120, 120);
    await sealAll();
    await takeCheckpoint({ audit, objects, clock });
    const chain = 3;
    let previous: string | undefined;
    for (const item of (await every('link')).filter((link) => link.chain === chain)) {
      const link = linkOf(item);
      if (link === undefined) throw new Error('no link');
      const anew = {
        ...link,
        previous: previous ?? link.previous,
        entries: link.entries.map((sealed): [string, string, string] => [...sealed]),
      };
      const first = anew.entries[0];
      if (previous === undefined && first !== undefined) {
        const target = (await every('entry')).find((standing) => standing.sk === first[1]);
        const edited: Item = { ...(target as Item), actor: 'somebody-else' };
        await put(edited);
        const { entryDigest } = await import('#shared/facts/audit.ts');
        first[2] = entryDigest(edited);
      }
      const hash = linkHash(anew);
      await put(linkItem({ ...anew, hash }));
      previous = hash;
    }
    const report = await verify();
    expect(report.faults).toEqual([expect.objectContaining({ chain, kind: 'edited' })]);
  });

  it('finds a checkpoint that is gone, altered or out of line', async () => {
    const plain = new Map<string, Uint8Array>();
    const open: Objects = {
      put: async (name, bytes) => {
        plain.set(name, bytes);
      },
      get: async (name) => plain.get(name),
      list: async (prefix) => [...plain.keys()].filter((name) => name.startsWith(prefix)),
      remove: async (name) => {
        plain.delete(name);
      },
    };
    for (let round = 0; round < 3; round += 1) {
      await write(10, round * 10);
      await sealAll();
      await takeCheckpoint({ audit, objects: open, clock });
    }
    const report = () => verifyAudit({ audit, objects: open, scan: () => store.scan('audit') });
    expect(await report()).toMatchObject({ ok: true, checkpoints: 3 });
    const second = [...plain.keys()][1] ?? '';
    const kept = plain.get(second) ?? new Uint8Array();
    plain.delete(second);
    expect((await report()).faults[0]).toMatchObject({ kind: 'checkpoint' });
    plain.set(second, Buffer.from('{"number":2}'));
    expect((await report()).faults[0]).toMatchObject({ kind: 'checkpoint' });
    plain.set(
      second,
      Buffer.from(
        Buffer.from(kept)
          .toString()
          .replace(/"total":(\d+)/, '"total":9$1'),
      ),
    );
    expect((await report()).ok).toBe(false);
    plain.set(second, kept);
    expect((await report()).ok).toBe(true);
  });
});
