import { Ingest } from '#functions/readings/ingest.ts';
import { deviceSettings, openDevices } from '#shared/lambda/devices.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { createEventBridgeBus } from '#shared/messaging/eventbridge-bus.ts';
import { createKinesisStream } from '#shared/messaging/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/lambda-functions.ts';
import { createS3SetAside } from '#shared/messaging/s3-set-aside.ts';
import { createSqsSetAside } from '#shared/messaging/sqs-set-aside.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { composeActs } from './compose.ts';
import { operationsHandler } from './events.ts';

const settings = readSettings([
  'stage',
  'outboundBus',
  'telemetryStream',
  'failuresBucket',
  ...factSettings,
  ...deviceSettings,
]);
const { stage } = settings;
const runtime = openRuntime('operations', stage);
const { clock, logger } = runtime;
const tables = openTables(settings);
const facts = factOpener(runtime, tables, settings);
const bus = createEventBridgeBus({ busName: settings.outboundBus });

/** Dead letters go back to the queue of facts, whether the queue or the bus before it gave them up. */
const deadLetters = ['facts-dlq', 'inbound-dlq'].map((from) =>
  createSqsSetAside({ from: stageName(stage, from), to: stageName(stage, 'facts'), clock }),
);
const givenUp = createS3SetAside({
  bucket: settings.failuresBucket,
  functions: createLambdaFunctions(),
  isOurs: (name) => name.startsWith(stageName(stage, '')),
  telemetry: createKinesisStream({ streamName: settings.telemetryStream }),
  logger,
});
const setAside = [...deadLetters, givenUp];

const run = once(async () => {
  const parts = { ...runtime, ...tables, ...(await facts()), bus, setAside, devices: openDevices(settings) };
  return operationsHandler({ ...parts, acts: composeActs({ ...parts, ingest: new Ingest(parts) }) });
});

export const handler = runtime.handle(async (event: unknown, context) => (await run())(event, context));
