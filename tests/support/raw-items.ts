import type { Item, Table } from '#shared/table/table.ts';

/** All items of a table, as they lie there. */
export const scanAll = async (table: Table): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};
