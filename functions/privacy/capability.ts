import { defineApi, defineReader, type Parts } from '#functions/capability.ts';
import { forgetImportsOf } from '#functions/imports/forget-imports.ts';
import { privacyOperations } from './api.ts';
import { erasureRoutes } from './contract/erasures.ts';
import type { EraseParts } from './erase-customer.ts';
import { erasureReader } from './stream.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts', 'erasures'],
  routes: [erasureRoutes],
  operations: privacyOperations,
});

/** What erases people, from the bodies of the system. */
export const erasingParts = (parts: Parts<'tables' | 'day' | 'facts' | 'erasing' | 'importFiles'>): EraseParts => ({
  ...parts,
  forgetImports: (...asked) => forgetImportsOf(parts, ...asked),
});

/** Carries out erasures that were approved. */
export const erase = /* @__PURE__ */ defineReader({
  name: 'erasures',
  feed: 'profile',
  needs: ['tables', 'day', 'facts', 'erasing', 'importFiles'],
  take: (parts) => erasureReader(erasingParts(parts)),
});
