import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createDynamoClient, createTables, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { type Item, limits, type Table } from '#shared/table/table.ts';
import { type DynamoLocal, startDynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';
import { recordChanges } from '#tests/support/recorded-changes.ts';
import { allItems } from '#tests/support/walked-changes.ts';
import { checkArrival, checkForests, checkUndone, type Opens, openInMemory } from './merge-checks.ts';

// A run takes some 400 requests.
const runs = propertyRuns(10, 500);

const forestRuns = Math.ceil(runs / 4);

let local: DynamoLocal;
beforeAll(async () => {
  local = await startDynamoLocal();
});
afterAll(() => local?.stop());

/** Brings a table to these items. */
const restore = async (table: Table, wanted: readonly Item[]): Promise<void> => {
  const missing = new Map<string, Item>(wanted.map((item) => [`${item.pk}\n${item.sk}`, item]));
  const strange: Item[] = [];
  for await (const item of allItems(table)) {
    const key = `${item.pk}\n${item.sk}`;
    if (!missing.has(key)) strange.push(item);
    else if (isDeepStrictEqual(missing.get(key), item)) missing.delete(key);
  }
  for (let from = 0; from < strange.length; from += limits.transactionItems)
    await table.commit(
      strange.slice(from, from + limits.transactionItems).map(({ pk, sk }) => ({ remove: { pk, sk } })),
    );
  await table.batchPut([...missing.values()]);
};

/** Systems on one table of DynamoDB, one after the other. */
const opensOn = async (name: string): Promise<Opens> => {
  const names = {
    profile: `${name}-profile`,
    readings: `${name}-readings`,
    audit: `${name}-audit`,
    keys: `${name}-keys`,
  };
  await createTables({ names, ...local });
  // How busy this machine is does not count.
  const client = createDynamoClient({ ...local, requestTimeout: 60_000 });
  const tables = openDynamoTables({ names, client });
  const profile = tables.table('profile');
  const audit = tables.table('audit');
  return async ({ items, ...keyed }) => {
    await restore(profile, items);
    // The clock of each system begins anew: an entry of the run before would stand where this run's belongs.
    await restore(audit, []);
    const { table, next } = recordChanges(profile, items);
    return openProfileSystem({ ...keyed, profile: () => table, changes: next });
  };
};

describe.concurrent('in DynamoDB', () => {
  it(
    `merges that were all undone leave every record as if they had never been, as the embedded body has it (${runs} runs)`,
    {
      timeout: 1_500_000,
    },
    async () => checkUndone(await opensOn('undone'), runs, 8),
  );

  it(
    `merged records are shown the same in whatever order their facts arrive, as the embedded body has it (${runs} runs)`,
    {
      timeout: 1_500_000,
    },
    async () => checkArrival(await opensOn('arrival'), runs, 6),
  );

  it(
    `merges of any records make the same customers in whatever order they arrive, as the embedded body has it (${forestRuns} runs)`,
    {
      timeout: 1_500_000,
    },
    async () => checkForests(await opensOn('forests'), forestRuns, 5),
  );
});

describe('in memory', () => {
  it(
    `merges of any records make the same customers in whatever order they arrive, in larger forests (${2 * runs} runs)`,
    {
      timeout: 1_500_000,
    },
    () => checkForests(openInMemory, 2 * runs, 10),
  );
});
