import { itemBytes } from '#shared/table/item-size.ts';
import { type Item, limits, type Page, type Query, type Scan, type TableName } from '#shared/table/table.ts';
import { readCursor, readScanCursor, writeCursor } from '#shared/table/table-cursor.ts';
import {
  afterPart,
  decodeItem,
  escaped,
  indexKey,
  indexPrefix,
  itemKey,
  itemsPrefix,
  mostBytes,
  partEnd,
} from './level-codec.ts';

/** No byte of UTF-8 is 255, so this ends the range of a prefix. */
const afterPrefix = Buffer.from([0xff]);

interface Range {
  gte?: Buffer;
  gt?: Buffer;
  lt?: Buffer;
  lte?: Buffer;
}

/** The range of keys in Level that a query is about. */
export const rangeOf = (table: TableName, query: Query): Range => {
  const indexed = query.index !== undefined;
  const root = (indexed ? indexPrefix(table) : itemsPrefix(table)) + escaped(query.pk);
  const sort = (text: string): string => root + partEnd + (indexed ? escaped(text) : text);
  const range: Range = { gte: Buffer.from(sort(query.prefix ?? query.from ?? '')) };
  if (query.prefix !== undefined) range.lt = Buffer.concat([Buffer.from(sort(query.prefix)), afterPrefix]);
  else if (query.to === undefined) range.lt = Buffer.from(root + afterPart);
  else if (indexed) range.lt = Buffer.from(sort(query.to) + afterPart);
  else range.lte = Buffer.from(sort(query.to));
  return query.cursor === undefined ? range : from(range, table, query, query.cursor);
};

const from = (range: Range, table: TableName, query: Query, cursor: string): Range => {
  const place = readCursor(query, cursor);
  const last = Buffer.from(
    place.queueSort === undefined
      ? itemKey(table, place.pk, place.sk)
      : indexKey(table, query.pk, place.queueSort, place.pk, place.sk),
  );
  const { gte, lt, lte } = range;
  if (query.descending === true) return { ...(gte && { gte }), lt: last };
  return { gt: last, ...(lt && { lt }), ...(lte && { lte }) };
};

/** The range of keys in Level that a scan has before it. */
export const rangeOfScan = (table: TableName, { cursor }: Scan): Range => {
  const lt = Buffer.concat([Buffer.from(itemsPrefix(table)), afterPrefix]);
  if (cursor === undefined) return { gte: Buffer.from(itemsPrefix(table)), lt };
  const { pk, sk } = readScanCursor(cursor);
  return { gt: Buffer.from(itemKey(table, pk, sk)), lt };
};

/** Gathers items up to the limit of the query or 1 MB. */
export class PageBuilder {
  full = false;
  readonly #query: Pick<Query, 'limit' | 'index'>;
  readonly #items: Item[] = [];
  #mostBytes = 0;
  #bytes: number | undefined;

  constructor(query: Pick<Query, 'limit' | 'index'>) {
    this.#query = query;
  }

  add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.full) return;
      const item = decodeItem(text);
      if (!this.#fits(item, text)) {
        this.full = true;
        return;
      }
      this.#items.push(item);
      if (this.#items.length === this.#query.limit) this.full = true;
    }
  }

  /** Counts exactly only where the cheap upper bound has passed the limit. */
  #fits(item: Item, text: string): boolean {
    this.#mostBytes += mostBytes(text);
    if (this.#mostBytes <= limits.pageBytes) return true;
    this.#bytes ??= this.#items.reduce((sum, held) => sum + itemBytes(held), 0);
    this.#bytes += itemBytes(item);
    return this.#bytes <= limits.pageBytes;
  }

  build(): Page {
    const last = this.#items.at(-1);
    return this.full && last !== undefined
      ? { items: this.#items, cursor: writeCursor(this.#query, last) }
      : { items: this.#items };
  }
}
