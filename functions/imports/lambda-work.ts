import * as z from 'zod';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/aws/s3-uploads.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { importsWork } from './events-work.ts';

const settings = readSettings([
  'stage',
  ...tableSettings,
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

/** Has done what needs the keys of the house: facts, and rows in quarantine. */
const ask = async (what: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const done = await functions.call(settings.importsPoints, JSON.stringify(what));
  if ('failed' in done) throw new Error(`${settings.importsPoints} failed: ${done.failed}`);
  return done.answer;
};

/** Rows of 150 kB that one call takes: it holds 6 MB. */
const rowsTogether = 20;

export const handler = runtime.handle(
  importsWork({
    ...runtime,
    ...tables,
    zone: settings.zone,
    telemetry: createKinesisStream({ streamName: settings.telemetryStream }),
    objects: createS3Objects(bucket),
    uploads: createS3Uploads(bucket),
    makePoints: async (id, points) => void (await ask({ import: id, points })),
    keepRows: async (id, rows, receivedAt) => {
      const entries: string[] = [];
      for (let from = 0; from < rows.length; from += rowsTogether) {
        const some = rows.slice(from, from + rowsTogether);
        entries.push(...z.array(z.string()).parse(await ask({ import: id, receivedAt, rows: some })));
      }
      return entries;
    },
    wake: (id) => functions.start(settings.importsWorker, JSON.stringify({ import: id })),
  }),
);
