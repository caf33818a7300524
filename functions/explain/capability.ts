import { defineApi } from '#functions/capability.ts';
import { explainOperations } from './api.ts';
import { disputeOperations } from './api-disputes.ts';
import { disputeRoutes } from './contract/disputes.ts';
import { explainRoutes } from './contract/explain.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [explainRoutes, disputeRoutes],
  operations: (parts) => ({
    ...explainOperations(parts),
    ...disputeOperations(parts),
  }),
});
