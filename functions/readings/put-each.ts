import type { Item, Table } from '#shared/table/table.ts';

const chunk = 25;

/**
 * Blind puts of items with different keys; gives the places of those that were not written. All at once first; where that fails,
 * in small batches and then one by one, so that one bad item fails alone. A table that takes nothing is not asked for each item.
 */
export const putEach = async (
  table: Table,
  items: readonly Item[],
  onFailure: (error: unknown) => void,
): Promise<readonly number[]> => {
  const puts = async (some: readonly Item[]): Promise<boolean> => {
    try {
      await table.batchPut(some);
      return true;
    } catch (error) {
      onFailure(error);
      return false;
    }
  };
  if (items.length === 0 || (await puts(items))) return [];
  const failed: number[] = [];
  for (let from = 0; from < items.length; from += chunk) {
    const part = items.slice(from, from + chunk);
    if (items.length > chunk && (await puts(part))) continue;
    let written = 0;
    for (const [place, item] of part.entries()) {
      if (await puts([item])) written += 1;
      else failed.push(from + place);
    }
    if (written > 0) continue;
    for (let rest = from + part.length; rest < items.length; rest += 1) failed.push(rest);
    return failed;
  }
  return failed;
};
