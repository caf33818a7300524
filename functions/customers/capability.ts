import { defineApi } from '#functions/capability.ts';
import { customerOperations } from './api.ts';
import { changeRequestOperations } from './api-change-requests.ts';
import { changeRequestRoutes } from './contract/change-requests.ts';
import { customerRoutes } from './contract/customers.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [customerRoutes, changeRequestRoutes],
  operations: (parts) => ({
    ...customerOperations(parts),
    ...changeRequestOperations(parts),
  }),
});
