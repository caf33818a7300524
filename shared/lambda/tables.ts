import { createSealer, type Sealer } from '#shared/facts/seal.ts';
import { createKmsMasterKey } from '#shared/messaging/aws/kms-master-key.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import type { Table, TableName } from '#shared/table/table.ts';

/** Settings of a function that reads or writes tables; what it may do with each says its role. */
export const tableSettings = ['profileTable', 'readingsTable', 'auditTable', 'keysTable'] as const;

export type Tables = Readonly<Record<TableName, Table>>;

/** The tables of the stage. */
export const openTables = (settings: Pick<Settings, (typeof tableSettings)[number]>): Tables => {
  const { table } = openDynamoTables({
    names: {
      profile: settings.profileTable,
      readings: settings.readingsTable,
      audit: settings.auditTable,
      keys: settings.keysTable,
    },
  });
  return { profile: table('profile'), readings: table('readings'), audit: table('audit'), keys: table('keys') };
};

/** Seals and opens personal values by data keys that KMS wraps. */
export const openSealer = (tables: Tables, settings: Pick<Settings, 'masterKey'>, clock: Clock): Sealer =>
  createSealer({ keys: tables.keys, master: createKmsMasterKey({ keyId: settings.masterKey }), clock });
