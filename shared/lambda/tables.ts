import { createSealer, type Sealer } from '#shared/facts/seal.ts';
import { createKmsMasterKey } from '#shared/messaging/aws/kms-master-key.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import type { Table, TableName } from '#shared/table/table.ts';

/** Settings of a function that reads or writes tables; what it may do with each says its role. */
export const tableSettings = ['profileTable', 'readingsTable', 'auditTable', 'keysTable'] as const;

export type Tables = Readonly<Record<TableName, Table>>;

const opened = new Map<string, Tables>();

/** The tables of the stage; all that runs in a function shares them, and with them their client. */
export const openTables = (settings: Pick<Settings, (typeof tableSettings)[number]>): Tables => {
  const known = opened.get(settings.profileTable);
  if (known !== undefined) return known;
  const { table } = openDynamoTables({
    names: {
      profile: settings.profileTable,
      readings: settings.readingsTable,
      audit: settings.auditTable,
      keys: settings.keysTable,
    },
  });
  const made = { profile: table('profile'), readings: table('readings'), audit: table('audit'), keys: table('keys') };
  opened.set(settings.profileTable, made);
  return made;
};

/** Seals and opens personal values by data keys that KMS wraps. */
export const openSealer = (
  settings: Pick<Settings, (typeof tableSettings)[number] | 'masterKey'>,
  clock: Clock,
): Sealer =>
  createSealer({ keys: openTables(settings).keys, master: createKmsMasterKey({ keyId: settings.masterKey }), clock });
