// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { acts as operationsActs } from '#functions/operations/capability.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { erasing } from '#shared/lambda/bodies/erasing.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { importFiles } from '#shared/lambda/bodies/import-files.ts';
import { replayWorker } from '#shared/lambda/bodies/replay-worker.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot(
  'operations',
  { day, erasing, facts, importFiles, replayWorker, tables },
  operationsActs,
);
