import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/aws/s3-uploads.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { importOperations } from './api.ts';
import { importRoutes } from './contract/imports.ts';

const settings = readSettings([...apiSettings, 'importsBucket', 'importsWorker']);
const functions = createLambdaFunctions();
const bucket = { bucket: settings.importsBucket };

export const handler = apiHandler({
  service: 'imports',
  settings,
  routes: importRoutes,
  operations: (parts) => async () =>
    importOperations({
      ...parts,
      uploads: createS3Uploads(bucket),
      objects: createS3Objects(bucket),
      wake: (id) => functions.start(settings.importsWorker, JSON.stringify({ import: id })),
    }),
});
