// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as metersApi } from '#functions/meters/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { devices } from '#shared/lambda/bodies/devices.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';

export const handler = apiRoot('meters', { devices, tables }, [metersApi]);
