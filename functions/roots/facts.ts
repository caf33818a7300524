// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as factsApi } from '#functions/facts/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('facts', { facts, tables }, [factsApi]);
