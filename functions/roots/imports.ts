// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as importsApi } from '#functions/imports/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { importFiles } from '#shared/lambda/bodies/import-files.ts';
import { importWorker } from '#shared/lambda/bodies/import-worker.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('imports', { importFiles, importWorker, tables }, [importsApi]);
