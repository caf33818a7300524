// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { seal as auditSeal } from '#functions/audit/capability.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { readerRoot } from '#shared/lambda/root.ts';

export const handler = readerRoot('audit-seal', { tables }, [auditSeal]);
