import type { Item, Table } from '#shared/table/table.ts';

/** A register of a meter. */
export interface RegisterPlace {
  readonly meter: string;
  readonly register: string;
}

/** All items of a range of a partition, read consistently. */
export const allItemsOf = async (
  readings: Table,
  query: { readonly pk: string; readonly from: string; readonly to: string },
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await readings.query({ ...query, consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};
