import type { Item, TableName } from '#shared/table/table.ts';
import { textOf } from '#shared/table/table-checks.ts';
import { expiryAttribute, tableLayouts } from '#shared/table/table-layout.ts';
import { decodeItem, expiryKey, indexKey } from './level-codec.ts';
import type { Op } from './level-writer.ts';

const queueEntry = (table: TableName, item: Item): readonly string[] => {
  const queue = textOf(item.queue);
  const queueSort = textOf(item.queueSort);
  return queue === undefined || queueSort === undefined ? [] : [indexKey(table, queue, queueSort, item.pk, item.sk)];
};

const expiryEntry = (table: TableName, item: Item): readonly string[] => {
  const seconds = item[expiryAttribute];
  return typeof seconds === 'number' && seconds >= 0 ? [expiryKey(table, seconds, item.pk, item.sk)] : [];
};

const entriesOf = (table: TableName, item: Item | undefined): readonly string[] => {
  if (item === undefined) return [];
  const { queueIndex, expiry } = tableLayouts[table];
  return [...(queueIndex ? queueEntry(table, item) : []), ...(expiry ? expiryEntry(table, item) : [])];
};

/** Whether a stored text may have an index entry; cheaper than reading it. */
const mayBeIndexed = (text: string): boolean => text.includes('"queueSort":') || text.includes(`"${expiryAttribute}":`);

/** What changes in the indexes when an item replaces a stored one: old entries go, new ones lead to the item's place. */
export const indexOps = (
  table: TableName,
  place: string,
  old: string | undefined,
  item: Item | undefined,
): readonly Op[] => {
  const was = old !== undefined && mayBeIndexed(old) ? entriesOf(table, decodeItem(old)) : [];
  const is = entriesOf(table, item);
  return [
    ...was.filter((key) => !is.includes(key)).map((key): Op => ({ type: 'del', key })),
    ...is.filter((key) => !was.includes(key)).map((key): Op => ({ type: 'put', key, value: place })),
  ];
};
