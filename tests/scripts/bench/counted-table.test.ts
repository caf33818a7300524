import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CountedTable, createCountedTable } from '#scripts/bench/counted-table.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Item } from '#shared/table/table.ts';

/** An item of exactly this size as DynamoDB bills it. */
const itemOf = (pk: string, sk: string, bytes: number): Item => {
  const empty = { pk, sk, a: '' };
  return { ...empty, a: 'x'.repeat(bytes - itemBytes(empty)) };
};

describe('counting what DynamoDB would bill', () => {
  let store: LevelStore;
  let table: CountedTable;
  beforeEach(async () => {
    store = await openLevelStore();
    table = createCountedTable(store.table('profile'));
  });
  afterEach(() => store.close());

  test('a query sums its items and then rounds up to 4 KB, half of it where it may be stale', async () => {
    await table.batchPut([itemOf('A', '1', 1000), itemOf('A', '2', 1000), itemOf('A', '3', 2096)]);
    table.reset();
    await table.query({ pk: 'A', consistent: true });
    expect(table.counts()).toMatchObject({ requests: 1, readUnits: 1, bytesRead: 4096, itemsRead: 3 });
    await table.query({ pk: 'A' });
    expect(table.counts()).toMatchObject({ requests: 2, readUnits: 1.5, bytesRead: 8192 });
  });

  test('each get is rounded up for itself, also one that finds nothing', async () => {
    await table.batchPut([itemOf('A', '1', 4097)]);
    table.reset();
    await table.get({ pk: 'A', sk: '1' }, { consistent: true });
    await table.get({ pk: 'A', sk: 'none' });
    expect(table.counts()).toMatchObject({ requests: 2, readUnits: 2.5 });
  });

  test('a commit costs twice what a batch costs, and a batch is one request for each 25 items', async () => {
    const items = Array.from({ length: 26 }, (_, n) => itemOf('A', String(n), 1025));
    await table.batchPut(items);
    expect(table.counts()).toMatchObject({ requests: 2, writeUnits: 52, itemsWritten: 26, bytesWritten: 26 * 1025 });
    table.reset();
    await table.commit([
      { put: itemOf('B', '1', 1025) },
      { remove: { pk: 'A', sk: '1' } },
      { check: { pk: 'A', sk: '2' }, when: { kind: 'present' } },
    ]);
    expect(table.counts()).toMatchObject({ requests: 1, writeUnits: 8 });
    table.reset();
    await table.commit([{ put: itemOf('B', '2', 1025) }]);
    await table.commit([{ put: itemOf('B', '3', 1025), when: { kind: 'absent' } }]);
    expect(table.counts()).toMatchObject({ requests: 2, writeUnits: 6 });
  });
});
