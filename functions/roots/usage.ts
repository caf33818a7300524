// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { looks as insightLooks } from '#functions/insight/capability.ts';
import { api as usageApi } from '#functions/usage/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('usage', { tables }, [usageApi, insightLooks]);
