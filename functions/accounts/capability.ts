import { defineApi } from '#functions/capability.ts';
import { accountOperations } from './api.ts';
import { accountRoutes } from './contract/accounts.ts';
import { reversalRoutes } from './contract/reversals.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [accountRoutes, reversalRoutes],
  operations: accountOperations,
});
