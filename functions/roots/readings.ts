// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { take as readingsTake } from '#functions/readings/capability.ts';
import { laterFacts } from '#shared/lambda/bodies/later-facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('readings', { laterFacts, tables }, readingsTake);
