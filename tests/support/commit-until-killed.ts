import { openLevelStore } from '#shared/table/level/level-store.ts';

/**
 * A process that commits without end and says on a line which commit was acknowledged; it is meant to be killed. Each commit
 * has two items in two tables and a log entry follows it.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
const store = await openLevelStore({ folder });
const table = store.table('profile');
const log = store.log('telemetry', 1);

const commitEach = async (worker: number): Promise<never> => {
  for (let n = 0; ; n += 1) {
    const sk = `${worker}-${String(n).padStart(6, '0')}`;
    await table.commit([
      { put: { pk: 'left', sk, filler: 'x'.repeat(500) }, when: { kind: 'absent' } },
      { in: 'audit', put: { pk: 'right', sk, filler: 'y'.repeat(500) }, when: { kind: 'absent' } },
    ]);
    await log.append(0, [{ partitionKey: sk, data: new Uint8Array([1]), arrival: 0 }]);
    process.stdout.write(`${sk}\n`);
  }
};

await Promise.all([0, 1, 2, 3].map(commitEach));
