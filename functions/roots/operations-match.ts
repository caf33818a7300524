// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { matchActs as operationsMatchActs } from '#functions/operations/capability.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('operations-match', { tables }, operationsMatchActs);
