import type { Item, Scan, Table } from './table.ts';

/** Every item of a table, or of a part of it, page by page. */
export async function* scanItems(table: Table, scan: Scan = {}): AsyncGenerator<Item> {
  let { cursor } = scan;
  do {
    const page = await table.scan({ ...scan, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
