import { itemBytes } from '#shared/table/item-size.ts';
import { type Item, limits, type Page, type Query, type Table, type Write } from '#shared/table/table.ts';

/** What DynamoDB would bill for the calls since the last reset. */
export interface TableCounts {
  /** Calls that would leave for DynamoDB: a batch counts one for each 25 items. */
  readonly requests: number;
  /** Read units of 4 KB: 1 consistent, 0.5 eventual, each get rounded up, a query's items summed first. */
  readonly readUnits: number;
  /**
   * Write units of 1 KB, twice that in a commit (but for a lone put without a condition, which is no transaction). The size before a write is not read, so the size after it counts; where an item
   * shrinks or is removed, DynamoDB bills its larger size before. A commit bills each removal and check as 1 KB, likewise.
   */
  readonly writeUnits: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly itemsRead: number;
  readonly itemsWritten: number;
}

/** A table that counts what passes through it. */
export interface CountedTable extends Table {
  counts(): TableCounts;
  reset(): void;
}

const none: TableCounts = {
  requests: 0,
  readUnits: 0,
  writeUnits: 0,
  bytesRead: 0,
  bytesWritten: 0,
  itemsRead: 0,
  itemsWritten: 0,
};

const readUnits = (bytes: number, consistent: boolean | undefined): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (consistent === true ? 1 : 0.5);

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

const isLonePut = ([only, ...others]: readonly Write[]): boolean =>
  only !== undefined && others.length === 0 && 'put' in only && (only.when === undefined || only.mayRepeat === true);

/** Wraps a table and counts by DynamoDB's size rules. A commit that is refused is billed as one that succeeds. */
export const createCountedTable = (table: Table): CountedTable => {
  let counts = none;
  const add = (more: Partial<TableCounts>): void => {
    counts = {
      requests: counts.requests + (more.requests ?? 0),
      readUnits: counts.readUnits + (more.readUnits ?? 0),
      writeUnits: counts.writeUnits + (more.writeUnits ?? 0),
      bytesRead: counts.bytesRead + (more.bytesRead ?? 0),
      bytesWritten: counts.bytesWritten + (more.bytesWritten ?? 0),
      itemsRead: counts.itemsRead + (more.itemsRead ?? 0),
      itemsWritten: counts.itemsWritten + (more.itemsWritten ?? 0),
    };
  };
  const addRead = (items: readonly Item[], consistent: boolean | undefined): void => {
    const bytesRead = items.reduce((sum, item) => sum + itemBytes(item), 0);
    add({ requests: 1, readUnits: readUnits(bytesRead, consistent), bytesRead, itemsRead: items.length });
  };
  const addWrites = (sizes: readonly number[], requests: number, factor: number): void => {
    add({
      requests,
      writeUnits: sizes.reduce((sum, bytes) => sum + writeUnits(bytes) * factor, 0),
      bytesWritten: sizes.reduce((sum, bytes) => sum + bytes, 0),
      itemsWritten: sizes.length,
    });
  };
  return {
    name: table.name,
    async get(key, options) {
      const item = await table.get(key, options);
      addRead(item === undefined ? [] : [item], options?.consistent);
      return item;
    },
    async query(query: Query): Promise<Page> {
      const page = await table.query(query);
      addRead(page.items, query.consistent);
      return page;
    },
    async scan(scan) {
      const page = await table.scan(scan);
      addRead(page.items, scan.consistent);
      return page;
    },
    async commit(writes: readonly Write[]): Promise<void> {
      const sizes = writes.map((write) => ('put' in write ? itemBytes(write.put) : 0));
      if (writes.length > 0) addWrites(sizes, 1, isLonePut(writes) ? 1 : 2);
      await table.commit(writes);
    },
    async batchPut(items) {
      addWrites(items.map(itemBytes), Math.ceil(items.length / limits.batchItems), 1);
      await table.batchPut(items);
    },
    close: () => table.close(),
    counts: () => counts,
    reset() {
      counts = none;
    },
  };
};
