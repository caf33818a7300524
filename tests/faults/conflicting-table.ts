import { type Table, TransactionConflict } from '#shared/table/table.ts';

/** The embedded body has no transactions of others to run into: one commit in ten is said to have. */
export const conflicting = (
  table: Table,
  random: () => number,
): { readonly table: Table; readonly met: () => number } => {
  let met = 0;
  return {
    met: () => met,
    table: {
      name: table.name,
      get: (key, options) => table.get(key, options),
      query: (query) => table.query(query),
      scan: (scan) => table.scan(scan),
      batchPut: (items) => table.batchPut(items),
      close: () => table.close(),
      commit: async (writes) => {
        if (random() < 0.1) {
          met += 1;
          throw new TransactionConflict();
        }
        await table.commit(writes);
      },
    },
  };
};
