import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { tableContract } from '#tests/table/table.contract.ts';

tableContract('in memory', 60, async () => {
  const store = await openLevelStore();
  return { table: (name) => store.table(name), stop: () => store.close() };
});

tableContract('in a folder', 40, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-table-'));
  const store = await openLevelStore({ folder });
  return {
    table: (name) => store.table(name),
    async stop() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
