import { openRuntime } from '#shared/lambda/invocation.ts';
import { openSealer, openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { Ingest } from './ingest.ts';
import { readingsStream } from './stream.ts';

const settings = readSettings(['stage', 'masterKey', ...tableSettings]);
const runtime = openRuntime('readings', settings.stage);
const tables = openTables(settings);
const sealer = openSealer(tables, settings, runtime.clock);

export const handler = runtime.handle(readingsStream(new Ingest({ ...runtime, ...tables, sealer })));
