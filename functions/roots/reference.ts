// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as referenceApi } from '#functions/reference/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('reference', { tables }, [referenceApi]);
