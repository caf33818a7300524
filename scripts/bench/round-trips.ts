import type { Table } from '#shared/table/table.ts';

/** Tables whose requests are counted by round trips: requests that wait for none of the others go together. */
export interface RoundTrips {
  over(table: Table): Table;
  /** Round trips since the last reset. */
  count(): number;
  reset(): void;
}

/** Holds each request until all that are asked meanwhile have come, and lets them go as one round trip. */
export const createRoundTrips = (): RoundTrips => {
  let trips = 0;
  let departing: Promise<void> | undefined;
  const board = (): Promise<void> => {
    departing ??= new Promise((resolve) => {
      setImmediate(() => {
        departing = undefined;
        trips += 1;
        resolve();
      });
    });
    return departing;
  };
  return {
    over: (table) => ({
      name: table.name,
      get: async (key, options) => {
        await board();
        return table.get(key, options);
      },
      query: async (query) => {
        await board();
        return table.query(query);
      },
      scan: async (scan) => {
        await board();
        return table.scan(scan);
      },
      commit: async (writes) => {
        await board();
        await table.commit(writes);
      },
      batchPut: async (items) => {
        await board();
        await table.batchPut(items);
      },
      close: () => table.close(),
    }),
    count: () => trips,
    reset: () => {
      trips = 0;
    },
  };
};
