import { erasingParts, erasingSettings } from '#functions/privacy/lambda-parts.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { factOpener } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { composeTableActs } from './compose.ts';
import { operationsHandler } from './events.ts';

const settings = readSettings(['stage', 'outboundBus', ...erasingSettings]);
const name = 'operations';
const runtime = openRuntime(name, settings.stage);
const tables = openTables(settings);
const facts = factOpener(runtime, tables, settings);
const bus = createEventBridgeBus({ busName: settings.outboundBus });

const run = once(async () => {
  const parts = { ...runtime, ...tables, ...(await facts()), bus };
  const erasing = erasingParts(parts, settings);
  return operationsHandler({
    ...parts,
    name,
    acts: composeTableActs({ ...parts, erasing, ingest: new Ingest(parts) }),
  });
});

export const handler = runtime.handle(async (event: unknown, context) => (await run())(event, context));
