import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoClient, createTables, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { FaultInjector } from '#tests/support/aws/aws-faults.ts';
import { type DynamoLocal, startDynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { contend } from './many-writers.ts';

const names = { profile: 'many-profile', readings: 'many-readings', audit: 'many-audit', keys: 'many-keys' };

let local: DynamoLocal;
beforeAll(async () => {
  local = await startDynamoLocal();
  await createTables({ names, ...local });
});
afterAll(() => local?.stop());

/** Each of so many edits takes its turn: 64 writers run into each other at every one. */
const edits = drawn(3, 25);

describe(`64 writers with ${edits} edits each of one customer`, () => {
  it('lose none in DynamoDB, where transactions run into others and one answer in fifty is lost', async () => {
    const seed = Number(process.env.ROTUNDA_FIRE_SEED ?? Date.now() % 100_000);
    console.log(`many writers: ROTUNDA_FIRE_SEED=${seed}`);
    const of = { service: 'DynamoDB', command: 'TransactWriteItems', at: 'call' } as const;
    const faults = new FaultInjector({
      seed,
      faults: [
        { ...of, when: 'before', error: 'transaction-conflict', share: 0.1 },
        { ...of, when: 'after', error: 'reset', share: 0.02 },
      ],
    });
    const client = createDynamoClient(local);
    faults.attach(client);
    const tables = openDynamoTables({ names, client });
    const outcome = await contend(
      { profile: tables.table('profile'), keys: tables.table('keys') },
      { writers: 64, edits, rest: 2000 },
    );
    console.log(`DynamoDB: ${JSON.stringify(outcome)}, ${faults.calls} calls, ${faults.faulted} faulted`);
    expect(outcome.lost412).toBeGreaterThan(0);
    // A tenth of the commits is told that it conflicts, and each edit takes one commit at least.
    expect(faults.met.get('transaction-conflict')).toBeGreaterThan((64 * edits) / 20);
    tables.close();
  }, 600_000);
});
