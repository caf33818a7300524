// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { silence as validationSilence } from '#functions/validation/capability.ts';
import { silenceWorker } from '#shared/lambda/bodies/silence-worker.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('silent-meters', { silenceWorker, tables }, validationSilence);
