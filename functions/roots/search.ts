// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as searchApi } from '#functions/search/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { country } from '#shared/lambda/bodies/country.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { sealer } from '#shared/lambda/bodies/sealer.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('search', { country, day, sealer, tables }, [searchApi]);
