// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { work as importsWork } from '#functions/imports/capability.ts';
import { importPoints } from '#functions/imports/lambda-points-asked.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { importFiles } from '#shared/lambda/bodies/import-files.ts';
import { importWorker } from '#shared/lambda/bodies/import-worker.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { telemetry } from '#shared/lambda/bodies/telemetry.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot(
  'imports-work',
  { day, importFiles, importPoints, importWorker, tables, telemetry },
  importsWork,
);
