import { readChanges } from '#shared/edge/changes.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { sealReader } from './stream.ts';

const settings = readSettings(['stage', ...tableSettings]);
const runtime = openRuntime('audit-seal', settings.stage);
const { audit } = openTables(settings);

export const handler = runtime.handle(readChanges([sealReader({ audit, metrics: runtime.metrics })], runtime.logger));
