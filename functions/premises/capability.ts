import { defineApi } from '#functions/capability.ts';
import { premiseOperations } from './api.ts';
import { premiseRoutes } from './contract/premises.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables'],
  routes: [premiseRoutes],
  operations: premiseOperations,
});
