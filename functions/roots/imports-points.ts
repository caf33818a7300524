// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { points as importsPoints } from '#functions/imports/capability.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('imports-points', { facts, tables }, importsPoints);
