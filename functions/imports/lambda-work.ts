import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openSealer, openTables } from '#shared/lambda/tables.ts';
import { createKinesisStream } from '#shared/messaging/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/lambda-functions.ts';
import { createS3Objects } from '#shared/messaging/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/s3-uploads.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import { importsWork } from './events-work.ts';

const settings = readSettings(['stage', ...factSettings, 'telemetryStream', 'importsBucket', 'importsWorker']);
const runtime = openRuntime('imports-work', settings.stage);
const tables = openTables(settings);
/** Readings need none of it: what keeps facts is opened where something is to be made known. */
const facts = once(factOpener(runtime, tables, settings));
const submit: SubmitFacts = async (...given) => (await facts()).submit(...given);
const functions = createLambdaFunctions();
const bucket = { bucket: settings.importsBucket };

export const handler = runtime.handle(
  importsWork({
    ...runtime,
    ...tables,
    submit,
    sealer: openSealer(tables, settings, runtime.clock),
    zone: settings.zone,
    telemetry: createKinesisStream({ streamName: settings.telemetryStream }),
    objects: createS3Objects(bucket),
    uploads: createS3Uploads(bucket),
    registerMeter: (meter) => registerHeadEndMeter(tables.profile, meter),
    wake: (id) => functions.start(settings.importsWorker, JSON.stringify({ import: id })),
  }),
);
