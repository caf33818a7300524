// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as auditApi } from '#functions/audit/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('access-log', { tables }, [auditApi]);
