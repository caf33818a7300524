import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { composeMatchActs } from './compose.ts';
import { operationsHandler } from './events.ts';

const settings = readSettings(['stage', ...tableSettings]);
const name = 'operations-match';
const runtime = openRuntime(name, settings.stage);
const parts = { ...runtime, ...openTables(settings) };

export const handler = runtime.handle(operationsHandler({ ...parts, name, acts: composeMatchActs(parts) }));
