// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { inbound as factsInbound } from '#functions/facts/capability.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('facts-inbound', { facts, tables }, factsInbound);
