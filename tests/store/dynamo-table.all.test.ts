import { createTables, openDynamoTables } from '#shared/store/dynamo-table.ts';
import { startDynamoLocal } from '#tests/support/dynamo-local.ts';
import { tableContract } from './table.contract.ts';

const names = { profile: 'test-profile', readings: 'test-readings', audit: 'test-audit', keys: 'test-keys' };

tableContract('in DynamoDB', 30, async () => {
  const local = await startDynamoLocal();
  const config = { names, ...local };
  await createTables(config);
  const tables = openDynamoTables(config);
  return {
    table: (name) => tables.table(name),
    async stop() {
      tables.close();
      await local.stop();
    },
  };
});
