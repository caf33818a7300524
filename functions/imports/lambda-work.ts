import { openRuntime } from '#shared/lambda/invocation.ts';
import { openSealer, openTables, tableSettings } from '#shared/lambda/tables.ts';
import { createKinesisStream } from '#shared/messaging/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/lambda-functions.ts';
import { createS3Objects } from '#shared/messaging/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/s3-uploads.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { importsWork } from './events-work.ts';

const settings = readSettings([
  'stage',
  ...tableSettings,
  'masterKey',
  'zone',
  'telemetryStream',
  'importsBucket',
  'importsWorker',
  'importsPoints',
]);
const runtime = openRuntime('imports-work', settings.stage);
const tables = openTables(settings);
const functions = createLambdaFunctions();
const bucket = { bucket: settings.importsBucket };

export const handler = runtime.handle(
  importsWork({
    ...runtime,
    ...tables,
    sealer: openSealer(tables, settings, runtime.clock),
    zone: settings.zone,
    telemetry: createKinesisStream({ streamName: settings.telemetryStream }),
    objects: createS3Objects(bucket),
    uploads: createS3Uploads(bucket),
    makePoints: async (id, points) => {
      const made = await functions.call(settings.importsPoints, JSON.stringify({ import: id, points }));
      if ('failed' in made) throw new Error(`points of ${id} could not be made known: ${made.failed}`);
    },
    wake: (id) => functions.start(settings.importsWorker, JSON.stringify({ import: id })),
  }),
);
