// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { replayWork as operationsReplayWork } from '#functions/operations/capability.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { outbound } from '#shared/lambda/bodies/outbound.ts';
import { replayWorker } from '#shared/lambda/bodies/replay-worker.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot(
  'operations-replay',
  { facts, outbound, replayWorker, tables },
  operationsReplayWork,
);
