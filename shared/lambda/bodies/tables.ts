import type { Opener } from '#shared/lambda/opener.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const tables: Opener<'tables'> = () => {
  const settings = readSettings(tableSettings);
  return () => openTables(settings);
};
