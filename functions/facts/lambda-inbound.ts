import type { SQSEvent } from 'aws-lambda';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { factsFromQueue } from './events.ts';

const settings = readSettings(['stage', ...factSettings]);
const runtime = openRuntime('facts-inbound', settings.stage);
const tables = openTables(settings);
const facts = factOpener(runtime, tables, settings);
const take = once(async () => factsFromQueue({ ...runtime, ...tables, ...(await facts()) }));

export const handler = runtime.handle(async (event: SQSEvent) => (await take())(event));
