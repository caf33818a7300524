import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openSealer, openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { Ingest } from './ingest.ts';
import { readingsStream } from './stream.ts';

const settings = readSettings(['stage', ...factSettings]);
const runtime = openRuntime('readings', settings.stage);
const tables = openTables(settings);
const sealer = openSealer(tables, settings, runtime.clock);
/** Blocks need none of it: what keeps facts is opened when the first event comes. */
const facts = once(factOpener(runtime, tables, settings));
const submit: SubmitFacts = async (...given) => (await facts()).submit(...given);

export const handler = runtime.handle(readingsStream(new Ingest({ ...runtime, ...tables, sealer, submit })));
