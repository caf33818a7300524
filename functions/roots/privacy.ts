// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as privacyApi } from '#functions/privacy/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { erasures } from '#shared/lambda/bodies/erasures.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('privacy', { day, erasures, facts, tables }, [privacyApi]);
