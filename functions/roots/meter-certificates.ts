// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { certificates as metersCertificates } from '#functions/meters/capability.ts';
import { devices } from '#shared/lambda/bodies/devices.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('meter-certificates', { devices, tables }, metersCertificates);
