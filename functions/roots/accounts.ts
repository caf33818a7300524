// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as accountsApi } from '#functions/accounts/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('accounts', { day, facts, tables }, [accountsApi]);
