import { type Table, Throttled, TransactionConflict, Unanswered } from '#shared/table/table.ts';

/** How a commit goes: `lost` took effect and nobody hears of it, the others did not. */
export type Mood = 'lost' | 'silent' | 'busy' | 'conflict';

/** A profile table that does as it is told with the next commits of a HEAD, one mood each. */
export const moodyTable = (moods: Mood[]) => (table: Table) => ({
  name: table.name,
  get: table.get.bind(table),
  query: table.query.bind(table),
  scan: table.scan.bind(table),
  batchPut: table.batchPut.bind(table),
  close: table.close.bind(table),
  commit: async (writes: Parameters<Table['commit']>[0]) => {
    const mood = writes.some((write) => 'put' in write && write.put.sk === 'HEAD') ? moods.shift() : undefined;
    if (mood === 'silent') throw new Unanswered();
    if (mood === 'busy') throw new Throttled();
    if (mood === 'conflict') throw new TransactionConflict();
    await table.commit(writes);
    if (mood === 'lost') throw new Unanswered();
  },
});
