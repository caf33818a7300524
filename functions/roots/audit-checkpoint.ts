// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { checkpoint as auditCheckpoint } from '#functions/audit/capability.ts';
import { checkpoints } from '#shared/lambda/bodies/checkpoints.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('audit-checkpoint', { checkpoints, tables }, auditCheckpoint);
