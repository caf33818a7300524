import { defineApi, defineReader } from '#functions/capability.ts';
import { duplicateOperations } from './api.ts';
import { duplicateRoutes } from './contract/duplicates.ts';
import { duplicatesReader } from './stream.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [duplicateRoutes],
  operations: duplicateOperations,
});

/** Pairs of customers are looked at again where one of them changed. */
export const settle = /* @__PURE__ */ defineReader({
  name: 'duplicates',
  feed: 'profile',
  needs: ['tables'],
  take: duplicatesReader,
});
