// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { parkedActs as operationsParkedActs } from '#functions/operations/capability.ts';
import { devices } from '#shared/lambda/bodies/devices.ts';
import { setAside } from '#shared/lambda/bodies/set-aside.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('operations-parked', { devices, setAside, tables }, operationsParkedActs);
