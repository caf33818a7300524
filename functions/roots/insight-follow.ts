// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { detect as insightDetect, publish as insightPublish } from '#functions/insight/capability.ts';
import { overwritten as readingsOverwritten } from '#functions/readings/capability.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { readerRoot } from '#shared/lambda/root.ts';

export const handler = readerRoot('insight-follow', { facts, tables }, [
  readingsOverwritten,
  insightDetect,
  insightPublish,
]);
