import { isDeepStrictEqual } from 'node:util';
import type { Change, Item, Key, Table, Write } from '#shared/table/table.ts';

const textOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/**
 * A table that remembers each change that goes through it, as a stream of the table would tell it: one for each write that
 * changed an item, in the order of the commits. For a body whose change feed is no part of the test; all writes must go through it.
 */
export const recordChanges = (
  table: Table,
  known: readonly Item[],
): { readonly table: Table; readonly next: () => Promise<readonly Change[]> } => {
  const items = new Map(known.map((item) => [textOf(item), item] as const));
  let changes: Change[] = [];
  let position = 0;
  const note = (key: Key, after: Item | undefined): void => {
    const before = items.get(textOf(key));
    if (isDeepStrictEqual(before, after)) return;
    if (after === undefined) items.delete(textOf(key));
    else items.set(textOf(key), after);
    position += 1;
    changes.push({
      key: { pk: key.pk, sk: key.sk },
      before,
      after,
      position: String(position).padStart(12, '0'),
    });
  };
  const noteWrite = (write: Write): void => {
    if (write.in !== undefined && write.in !== table.name) return;
    if ('put' in write) note(write.put, write.put);
    else if ('remove' in write) note(write.remove, undefined);
  };
  return {
    table: {
      name: table.name,
      get: (...asked) => table.get(...asked),
      query: (asked) => table.query(asked),
      scan: (asked) => table.scan(asked),
      async commit(writes) {
        await table.commit(writes);
        writes.forEach(noteWrite);
      },
      async batchPut(put) {
        await table.batchPut(put);
        for (const item of put) note(item, item);
      },
      close: () => table.close(),
    },
    next: async () => {
      const told = changes;
      changes = [];
      return told;
    },
  };
};
