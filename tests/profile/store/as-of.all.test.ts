import { afterAll, beforeAll, describe, it } from 'vitest';
import { createTables, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { type DynamoLocal, startDynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';
import { checkMoments } from './as-of-moments.ts';

const names = { profile: 'as-of-profile', readings: 'as-of-readings', audit: 'as-of-audit', keys: 'as-of-keys' };

let local: DynamoLocal;
let tables: ReturnType<typeof openDynamoTables>;
beforeAll(async () => {
  local = await startDynamoLocal();
  await createTables({ names, ...local });
  tables = openDynamoTables({ names, ...local });
});
afterAll(async () => {
  tables?.close();
  await local?.stop();
});

const runs = propertyRuns(15, 500);

describe('the past as it is asked for in DynamoDB', () => {
  it(
    `is at any instant the fold over the facts up to it, in whatever order they came, merges included (${runs} runs)`,
    { timeout: 1_800_000 },
    () => checkMoments(() => openProfileSystem({ profile: () => tables.table('profile') }), runs, 5),
  );
});
