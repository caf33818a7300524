import { defineApi } from '#functions/capability.ts';
import { identityOperations } from './api.ts';
import { mergeRoutes } from './contract/merges.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [mergeRoutes],
  operations: identityOperations,
});
