import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { itemBytes } from '#shared/table/item-size.ts';
import {
  ConditionFailed,
  type Item,
  LimitExceeded,
  limits,
  type Page,
  type Query,
  type Scan,
  type Table,
  type TableName,
  type Value,
  type Write,
} from '#shared/table/table.ts';
import { writeScanCursor } from '#shared/table/table-cursor.ts';
import { TableModel } from '#tests/support/table-model.ts';
import { anyValue } from '#tests/support/table-values.ts';

export interface TablesUnderTest {
  table(name: TableName): Table;
  stop(): Promise<void>;
}

const all = async (table: Table, query: Query): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<Table['query']>> = await table.query({
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (query.limit !== undefined) expect(page.items.length).toBeLessThanOrEqual(query.limit);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};

const failedOf = async (commit: Promise<void>): Promise<readonly number[]> => {
  try {
    await commit;
    return [];
  } catch (error) {
    if (error instanceof ConditionFailed) return error.failed;
    throw error;
  }
};

/** An item of exactly this many bytes as DynamoDB bills it. */
const itemOfBytes = (pk: string, sk: string, bytes: number): Item => {
  const empty = { pk, sk, a: '' };
  return { ...empty, a: 'x'.repeat(bytes - itemBytes(empty)) };
};

/** What every body of a table keeps to. Tests share the tables and keep apart by their partitions. */
export const tableContract = (body: string, runs: number, make: () => Promise<TablesUnderTest>): void => {
  describe(`a table ${body}`, () => {
    let tables: TablesUnderTest;
    let table: Table;
    let pk: string;
    beforeAll(async () => {
      tables = await make();
      table = tables.table('profile');
    });
    beforeEach(() => {
      pk = randomUUID();
    });
    afterAll(() => tables?.stop());

    const put = (...items: readonly Item[]) => table.commit(items.map((item) => ({ put: item })));
    const get = (sk: string) => table.get({ pk, sk }, { consistent: true });
    const sorts = async (query: Omit<Query, 'pk'>): Promise<readonly string[]> =>
      (await all(table, { consistent: true, ...query, pk })).map((item) => item.sk);

    describe('keeps items', () => {
      test('an item of any values comes back as it went in', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), anyValue, { maxKeys: 6, noNullPrototype: true }),
            async (values) => {
              const { queue: _queue, queueSort: _queueSort, ...plain } = values;
              const item = { ...plain, pk, sk: 'any' };
              await put(item);
              expect(await get('any')).toEqual(item);
            },
          ),
          { numRuns: runs },
        );
      });

      test('bytes come back as bytes, texts that look like marks as texts', async () => {
        const item = {
          pk,
          sk: '1',
          b: new Uint8Array([0, 255]),
          l: [new Uint8Array()],
          t: '\u0000bAAA=',
          u: '~x',
          s: '\u0000s',
        };
        await put(item);
        const read = await get('1');
        expect(read).toEqual(item);
        expect(read?.b).toBeInstanceOf(Uint8Array);
        expect(Buffer.isBuffer(read?.b)).toBe(false);
      });

      test('what a reader does to an item does not touch the table', async () => {
        await put({ pk, sk: '1', list: [1, 2] });
        const read = await get('1');
        if (Array.isArray(read?.list)) read.list.push(3);
        expect(await get('1')).toEqual({ pk, sk: '1', list: [1, 2] });
      });

      test('an absent item is undefined, and one that is removed is absent', async () => {
        expect(await get('1')).toBeUndefined();
        await put({ pk, sk: '1' });
        await table.commit([{ remove: { pk, sk: '1' } }, { remove: { pk, sk: 'never was' } }]);
        expect(await get('1')).toBeUndefined();
      });

      test('a put replaces the whole item', async () => {
        await put({ pk, sk: '1', a: 1 });
        await put({ pk, sk: '1', b: 2 });
        expect(await get('1')).toEqual({ pk, sk: '1', b: 2 });
      });
    });

    describe('commits', () => {
      test('each condition holds where it should and fails where it should', async () => {
        await put({ pk, sk: 'x', version: 3, state: 'open', text: '3', w: Uint8Array.of(1, 2) });
        const tries: readonly (readonly [string, Write['when'], boolean])[] = [
          ['x', { kind: 'absent' }, false],
          ['y', { kind: 'absent' }, true],
          ['x', { kind: 'present' }, true],
          ['y', { kind: 'present' }, false],
          ['x', { kind: 'version', is: 3 }, true],
          ['x', { kind: 'version', is: 4 }, false],
          ['y', { kind: 'version', is: 3 }, false],
          ['x', { kind: 'equals', attribute: 'state', is: 'open' }, true],
          ['x', { kind: 'equals', attribute: 'state', is: 'shut' }, false],
          ['x', { kind: 'equals', attribute: 'text', is: 3 }, false],
          ['x', { kind: 'equals', attribute: 'w', is: Uint8Array.of(1, 2) }, true],
          ['x', { kind: 'equals', attribute: 'w', is: Uint8Array.of(1, 3) }, false],
          ['x', { kind: 'equals', attribute: 'w', is: Uint8Array.of(1, 2, 0) }, false],
          ['x', { kind: 'equals', attribute: 'text', is: Uint8Array.of(51) }, false],
          ['x', { kind: 'equals', attribute: 'missing', is: 'open' }, false],
          ['y', { kind: 'equals', attribute: 'state', is: 'open' }, false],
        ];
        for (const [sk, when, holds] of tries) {
          if (when === undefined) throw new Error('each try has a condition');
          const check = await failedOf(table.commit([{ check: { pk, sk }, when }]));
          expect([sk, when, check]).toEqual([sk, when, holds ? [] : [0]]);
          const remove = await failedOf(
            table.commit([
              { remove: { pk, sk: `${sk}?` }, when: { kind: 'absent' } },
              { check: { pk, sk }, when },
            ]),
          );
          expect([sk, when, remove]).toEqual([sk, when, holds ? [] : [1]]);
        }
      });

      test('a commit is whole or absent, and names every write that failed', async () => {
        await put({ pk, sk: 'a', version: 1 });
        const failed = await failedOf(
          table.commit([
            { put: { pk, sk: 'new' } },
            { put: { pk, sk: 'a', version: 2 }, when: { kind: 'absent' } },
            { remove: { pk, sk: 'b' }, when: { kind: 'present' } },
          ]),
        );
        expect(failed).toEqual([1, 2]);
        expect(await sorts({})).toEqual(['a']);
        expect(await get('a')).toEqual({ pk, sk: 'a', version: 1 });
      });

      test('a commit writes to several tables at once', async () => {
        await table.commit([
          { put: { pk, sk: 'p' } },
          { in: 'audit', put: { pk, sk: 'a', n: 1 }, when: { kind: 'absent' } },
          { in: 'keys', check: { pk, sk: 'k' }, when: { kind: 'absent' } },
        ]);
        expect(await tables.table('audit').get({ pk, sk: 'a' }, { consistent: true })).toEqual({ pk, sk: 'a', n: 1 });
        const again = table.commit([
          { put: { pk, sk: 'q' } },
          { in: 'audit', put: { pk, sk: 'a', n: 2 }, when: { kind: 'absent' } },
        ]);
        expect(await failedOf(again)).toEqual([1]);
        expect(await get('q')).toBeUndefined();
      });

      test('one key in two tables is two items', async () => {
        await table.commit([{ put: { pk, sk: '1' } }, { in: 'readings', put: { pk, sk: '1' } }]);
        expect(await get('1')).toEqual({ pk, sk: '1' });
      });

      test('a commit of nothing does nothing', async () => {
        await table.commit([]);
        await table.batchPut([]);
      });

      test('a put without a condition stands alone too', async () => {
        await tables.table('readings').commit([{ in: 'profile', put: { pk, sk: 'alone' } }]);
        expect(await get('alone')).toEqual({ pk, sk: 'alone' });
      });

      test('a put that may repeat stands alone, and is refused where its condition does not hold', async () => {
        const put = { pk, sk: 'counter', n: 1 };
        await table.commit([{ put, when: { kind: 'absent' }, mayRepeat: true }]);
        const again = table.commit([{ put, when: { kind: 'absent' }, mayRepeat: true }]);
        expect(await failedOf(again)).toEqual([0]);
        const next = { ...put, n: 2 };
        await table.commit([{ put: next, when: { kind: 'equals', attribute: 'n', is: 1 }, mayRepeat: true }]);
        expect(await get('counter')).toEqual(next);
      });
    });

    describe('puts batches', () => {
      test('more items than one batch holds are all put, over what was there', async () => {
        await put({ pk, sk: '0007', old: true });
        const items = Array.from({ length: 130 }, (_, n) => ({ pk, sk: String(n).padStart(4, '0'), n }));
        await table.batchPut(items);
        expect(await all(table, { pk, consistent: true })).toEqual(items);
      });

      test('two puts of one key are refused', async () => {
        await expect(
          table.batchPut([
            { pk, sk: '1' },
            { pk, sk: '1', a: 2 },
          ]),
        ).rejects.toBeInstanceOf(LimitExceeded);
      });
    });

    describe('queries', () => {
      const names = ['A', 'B#1', 'B#2', 'B#2#x', 'B$', 'C', 'b', 'é', '\uffee', '\u{1f600}'];
      beforeEach(() =>
        put(...names.map((sk) => ({ pk, sk })), { pk: `${pk}#`, sk: 'A' }, { pk: `${pk}\u0000`, sk: 'A' }),
      );

      test('a partition comes whole, in the order of its sort keys as UTF-8, and nothing of its neighbours', async () => {
        expect(await sorts({})).toEqual(names);
        expect(await sorts({ descending: true })).toEqual([...names].reverse());
        expect(await sorts({ prefix: '' })).toEqual(names);
      });

      test('bounds are inclusive and a prefix takes all that begins with it', async () => {
        expect(await sorts({ from: 'B#2', to: 'C' })).toEqual(['B#2', 'B#2#x', 'B$', 'C']);
        expect(await sorts({ from: 'b' })).toEqual(['b', 'é', '\uffee', '\u{1f600}']);
        expect(await sorts({ to: 'B#1' })).toEqual(['A', 'B#1']);
        expect(await sorts({ prefix: 'B#' })).toEqual(['B#1', 'B#2', 'B#2#x']);
        expect(await sorts({ prefix: 'B#', descending: true })).toEqual(['B#2#x', 'B#2', 'B#1']);
        expect(await sorts({ from: 'B#10', to: 'B#1~', descending: true })).toEqual([]);
        expect(await sorts({ from: 'D', to: 'B' })).toEqual([]);
      });

      test('pages of any length give each item once, in both directions', async () => {
        for (let limit = 1; limit <= names.length + 1; limit += 1) {
          expect(await sorts({ limit })).toEqual(names);
          expect(await sorts({ limit, descending: true, prefix: 'B' })).toEqual(['B$', 'B#2#x', 'B#2', 'B#1']);
          expect(await sorts({ limit, from: 'B', to: 'b' })).toEqual(names.slice(1, 7));
        }
      });

      test('a page that reaches its limit has a cursor, one that does not has none', async () => {
        expect((await table.query({ pk, limit: 3, consistent: true })).cursor).toBeTypeOf('string');
        expect((await table.query({ pk, limit: 100, consistent: true })).cursor).toBeUndefined();
      });

      test('a cursor of another query is refused, and so is text that is none', async () => {
        const { cursor } = await table.query({ pk, limit: 1, consistent: true });
        if (cursor === undefined) throw new Error('a full page has a cursor');
        for (const query of [
          { pk: `${pk}#`, cursor },
          { pk, prefix: 'B', cursor },
          { pk, from: 'B', cursor },
          { pk, cursor: 'x' },
          { pk: 'q', index: 'queue' as const, cursor },
        ])
          await expect(table.query(query)).rejects.toBeInstanceOf(LimitExceeded);
      });

      test('what DynamoDB refuses to query is refused', async () => {
        for (const query of [
          { pk: '' },
          { pk, limit: 0 },
          { pk, limit: 1.5 },
          { pk, to: '' },
          { pk, from: 'a', prefix: 'a' },
        ])
          await expect(table.query(query)).rejects.toBeInstanceOf(LimitExceeded);
      });
    });

    test('a page ends before 1 MB and the rest follows', async () => {
      const items = Array.from({ length: 9 }, (_, n) => itemOfBytes(pk, String(n), 300_000));
      for (const item of items) await put(item);
      const first = await table.query({ pk, consistent: true });
      expect(first.items.length).toBeLessThan(5);
      expect(first.items.length).toBeGreaterThan(2);
      expect(first.cursor).toBeTypeOf('string');
      expect(await sorts({})).toEqual(items.map((item) => item.sk));
      expect(await sorts({ descending: true })).toEqual(items.map((item) => item.sk).reverse());
    });

    describe('finds work by the index', () => {
      const waiting = async (query: Omit<Query, 'pk' | 'index'> = {}): Promise<readonly string[]> =>
        (await all(table, { ...query, pk: `QUE#${pk}`, index: 'queue' })).map((item) => item.sk);

      test('items with a place in a queue are found in its order, whole, and others are not', async () => {
        const item = { pk, sk: 'x', queue: `QUE#${pk}`, queueSort: '2', more: { a: 1 } };
        await put(
          item,
          { pk, sk: 'y', queue: `QUE#${pk}`, queueSort: '10' },
          { pk, sk: 'z', queue: `QUE#${pk}` },
          { pk, sk: 'w', queueSort: '1' },
        );
        expect(await waiting()).toEqual(['y', 'x']);
        expect(await waiting({ descending: true })).toEqual(['x', 'y']);
        expect(await waiting({ from: '2' })).toEqual(['x']);
        expect(await waiting({ to: '2' })).toEqual(['y', 'x']);
        expect(await waiting({ to: '10' })).toEqual(['y']);
        expect(await waiting({ prefix: '1' })).toEqual(['y']);
        expect((await table.query({ pk: `QUE#${pk}`, index: 'queue', from: '2' })).items).toEqual([item]);
      });

      test('an item moves with its place and leaves when it has none', async () => {
        await put(
          { pk, sk: 'x', queue: `QUE#${pk}`, queueSort: '5' },
          { pk, sk: 'y', queue: `QUE#${pk}`, queueSort: '6' },
        );
        await put({ pk, sk: 'x', queue: `QUE#${pk}`, queueSort: '7' });
        expect(await waiting()).toEqual(['y', 'x']);
        await put({ pk, sk: 'x' });
        await table.commit([{ remove: { pk, sk: 'y' } }]);
        expect(await waiting()).toEqual([]);
      });

      test('items of one place are paged each once', async () => {
        const names = Array.from({ length: 7 }, (_, n) => `n${n}`);
        await put(...names.map((sk) => ({ pk, sk, queue: `QUE#${pk}`, queueSort: 'same' })));
        for (const limit of [1, 2, 3, 7])
          for (const descending of [false, true])
            expect([...(await waiting({ limit, descending }))].sort()).toEqual(names);
      });

      test('an index is not read consistently, and another table has none', async () => {
        const query = { pk: 'q', index: 'queue' } as const;
        await expect(table.query({ ...query, consistent: true })).rejects.toBeInstanceOf(LimitExceeded);
        await expect(tables.table('audit').query(query)).rejects.toBeInstanceOf(LimitExceeded);
      });
    });

    describe('scans', () => {
      const scanned = async (scan: Scan): Promise<readonly Item[]> => {
        const items: Item[] = [];
        let cursor: string | undefined;
        do {
          const page: Page = await table.scan({ ...scan, ...(cursor === undefined ? {} : { cursor }) });
          if (scan.limit !== undefined) expect(page.items.length).toBeLessThanOrEqual(scan.limit);
          items.push(...page.items);
          cursor = page.cursor;
        } while (cursor !== undefined);
        return items;
      };
      const places = (items: readonly Item[]) =>
        items.filter((item) => item.pk.startsWith(pk)).map((item) => `${item.pk.slice(pk.length)} ${item.sk}`);
      const partitions = Array.from({ length: 12 }, (_, n) => `#${n}`);
      const sorts = ['A', 'B', 'é', '\u{1f600}'];
      const every = partitions.flatMap((partition) => sorts.map((sk) => `${partition} ${sk}`)).sort();
      beforeEach(() =>
        put(
          ...partitions.flatMap((partition) =>
            sorts.map((sk) => ({ pk: pk + partition, sk, big: 'x'.repeat(40_000) })),
          ),
        ),
      );

      test('every item comes once, whatever the length of the pages', async () => {
        for (const limit of [7, 500]) {
          expect(places(await scanned({ limit, consistent: true })).sort()).toEqual(every);
        }
      });

      test('a page ends at 1 MB and says where it goes on', async () => {
        const page = await table.scan({ consistent: true });
        const [last, ...others] = page.items.toReversed().map(itemBytes);
        // DynamoDB Local hands over the item that passes the limit too.
        expect(last).toBeLessThanOrEqual(limits.itemBytes);
        expect(others.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(limits.pageBytes);
        expect(page.cursor).toBeTypeOf('string');
      });

      test('the items of a partition come together, in the order of their sort keys', async () => {
        const found = places(await scanned({ consistent: true }));
        for (const partition of partitions) {
          const first = found.indexOf(`${partition} A`);
          expect(found.slice(first, first + sorts.length)).toEqual(sorts.map((sk) => `${partition} ${sk}`));
        }
      });

      test('the parts together are the table, each partition whole in one of them', async () => {
        const parts: (readonly string[])[] = [];
        for (let index = 0; index < 3; index += 1)
          parts.push(places(await scanned({ segment: { index, of: 3 }, limit: 10, consistent: true })));
        expect(parts.flat().sort()).toEqual(every);
        for (const partition of partitions)
          expect(
            parts.filter((part) => part.includes(`${partition} A`)).map((part) => part.includes(`${partition} é`)),
          ).toEqual([true]);
      });

      test('a scan goes on behind any item, in the order it had', async () => {
        const [first, second] = (await table.scan({ limit: 2, consistent: true })).items;
        if (first === undefined || second === undefined) throw new Error('the table holds items');
        const rest = await table.scan({ limit: 1, cursor: writeScanCursor(first), consistent: true });
        expect(rest.items).toEqual([second]);
      });

      test('a part that is none and a text that is no cursor are refused', async () => {
        for (const scan of [
          { segment: { index: 2, of: 2 } },
          { segment: { index: 0, of: 0 } },
          { limit: 0 },
          { cursor: 'x' },
        ])
          await expect(table.scan(scan)).rejects.toBeInstanceOf(LimitExceeded);
      });
    });

    describe('refuses what DynamoDB refuses', () => {
      const refused = (commit: Promise<unknown>) => expect(commit).rejects.toBeInstanceOf(LimitExceeded);
      const nested = (depth: number): Value => (depth === 0 ? 'leaf' : [nested(depth - 1)]);

      test('an item of 400 KB is kept, one byte more is refused', async () => {
        await put(itemOfBytes(pk, '1', limits.itemBytes));
        expect(itemBytes((await get('1')) ?? { pk, sk: '1' })).toBe(limits.itemBytes);
        await refused(put(itemOfBytes(pk, '2', limits.itemBytes + 1)));
        await refused(table.batchPut([itemOfBytes(pk, '2', limits.itemBytes + 1)]));
      });

      test('100 writes are one commit, 101 are refused', async () => {
        const writes = Array.from({ length: 101 }, (_, n) => ({ put: { pk, sk: `k${n}` } }));
        await table.commit(writes.slice(0, 100));
        expect(await sorts({})).toHaveLength(100);
        await refused(table.commit(writes));
      });

      test('a commit above 4 MB is refused', async () => {
        const writes = Array.from({ length: 11 }, (_, n) => ({ put: itemOfBytes(pk, `k${n}`, 400_000) }));
        await table.commit(writes.slice(0, 10));
        await refused(table.commit(writes));
      });

      test('a commit that writes one item twice is refused, also where one of the writes only checks', async () => {
        await refused(put({ pk, sk: '1' }, { pk, sk: '1', a: 1 }));
        await refused(table.commit([{ put: { pk, sk: '1' } }, { check: { pk, sk: '1' }, when: { kind: 'absent' } }]));
        expect(await sorts({})).toEqual([]);
      });

      test('empty and too long keys are refused, the longest are kept', async () => {
        const longest = 'k'.repeat(limits.sortKeyBytes);
        const widest = (pk + 'é'.repeat(limits.partitionKeyBytes)).slice(
          0,
          pk.length + (limits.partitionKeyBytes - pk.length) / 2,
        );
        await put({ pk, sk: longest }, { pk: widest, sk: '1' });
        expect(await get(longest)).toEqual({ pk, sk: longest });
        expect(await table.get({ pk: widest, sk: '1' }, { consistent: true })).toEqual({ pk: widest, sk: '1' });
        for (const key of [
          { pk: '', sk: '1' },
          { pk, sk: '' },
          { pk, sk: `${longest}k` },
          { pk: `${widest}é`, sk: '1' },
        ]) {
          await refused(put(key));
          await refused(table.get(key));
          await refused(table.commit([{ remove: key }]));
        }
        await refused(put({ pk, sk: '1', queue: '', queueSort: '1' }));
        await refused(put({ pk, sk: '1', queue: 'q', queueSort: 1 }));
      });

      test('numbers that are none, members without a name or a value, and deep nests are refused', async () => {
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e200, 1e-200, [Number.NaN], { '': 1 }, nested(33)])
          await refused(put({ pk, sk: '1', value }));
        const missing: Record<string, string | undefined> = { gone: undefined };
        // What a caller without types may hand in.
        await refused(put({ pk, sk: '1', ...(missing as Record<string, string>) }));
        await put({ pk, sk: 'deep', value: nested(31) });
        expect(await get('deep')).toEqual({ pk, sk: 'deep', value: nested(31) });
      });
    });

    test('any sequence of writes leaves what the simplest table would have', async () => {
      const sort = fc.constantFrom('a', 'a#1', 'a#2', 'b', 'é');
      const partition = fc.constantFrom('P', 'Q');
      const when = fc.oneof(
        fc.constant(undefined),
        fc.constant({ kind: 'absent' as const }),
        fc.constant({ kind: 'present' as const }),
        fc.nat(3).map((is) => ({ kind: 'version' as const, is })),
        fc.constantFrom('q', 'r').map((is) => ({ kind: 'equals' as const, attribute: 'mark', is })),
      );
      const item = fc.record({
        pk: partition,
        sk: sort,
        version: fc.nat(3),
        mark: fc.constantFrom('q', 'r'),
        place: fc.nat(4),
      });
      const step = fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            commit: fc.uniqueArray(fc.record({ item, when, act: fc.constantFrom('put', 'put', 'remove', 'check') }), {
              minLength: 1,
              maxLength: 5,
              selector: (write) => `${write.item.pk} ${write.item.sk}`,
            }),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            batch: fc.uniqueArray(item, { maxLength: 6, selector: (one) => `${one.pk} ${one.sk}` }),
          }),
        },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
          const space = randomUUID();
          const model = new TableModel();
          const made = (one: { pk: string; sk: string; version: number; mark: string; place: number }): Item => {
            const { place, ...rest } = one;
            const key = { ...rest, pk: space + one.pk };
            return place === 0 ? key : { ...key, queue: space, queueSort: `${place}` };
          };
          for (const one of steps) {
            if ('batch' in one) {
              model.put(one.batch.map(made));
              await table.batchPut(one.batch.map(made));
              continue;
            }
            const writes = one.commit.map((write): Write => {
              const full = made(write.item);
              const key = { pk: full.pk, sk: full.sk };
              if (write.act === 'check') return { check: key, when: write.when ?? { kind: 'present' } };
              const expected = write.when === undefined ? {} : { when: write.when };
              return write.act === 'remove' ? { remove: key, ...expected } : { put: full, ...expected };
            });
            expect(await failedOf(table.commit(writes))).toEqual(model.commit(writes));
          }
          for (const query of [
            {},
            { descending: true },
            { prefix: 'a' },
            { from: 'a#1' },
            { from: 'a', to: 'b' },
            { to: 'a#2', descending: true },
          ])
            for (const name of ['P', 'Q'])
              expect(await all(table, { pk: space + name, ...query, limit, consistent: true })).toEqual(
                model.query({ pk: space + name, ...query }),
              );
          for (const query of [{}, { from: '2', to: '3' }]) {
            const found = await all(table, { pk: space, index: 'queue', ...query, limit });
            const order = (items: readonly Item[]) => items.map((one) => `${one.queueSort} ${one.pk} ${one.sk}`);
            expect(order(found).map((text) => text.charAt(0))).toEqual(
              order(found)
                .map((text) => text.charAt(0))
                .sort(),
            );
            expect(order(found).sort()).toEqual(order(model.query({ pk: space, index: 'queue', ...query })).sort());
          }
        }),
        { numRuns: runs },
      );
    });
  });
};
