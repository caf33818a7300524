import { readChanges } from '#shared/edge/changes.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openSealer, openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { conflictReader } from './stream-changes.ts';

const settings = readSettings(['stage', 'masterKey', ...tableSettings]);
const runtime = openRuntime('reading-conflicts', settings.stage);
const tables = openTables(settings);
const sealer = openSealer(tables, settings, runtime.clock);
const { clock, logger } = runtime;

export const handler = runtime.handle(readChanges([conflictReader({ ...tables, sealer, clock })], logger));
