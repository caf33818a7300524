import { defineApi } from '#functions/capability.ts';
import { current360 } from '#functions/customers/current-360.ts';
import { profileAsOf } from '#functions/customers/profile-as-of.ts';
import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { explainOperations } from './api.ts';
import { disputeOperations } from './api-disputes.ts';
import { disputeRoutes } from './contract/disputes.ts';
import { explainRoutes } from './contract/explain.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [explainRoutes, disputeRoutes],
  operations: (parts) => ({
    ...explainOperations({
      ...parts,
      show: (customer) => current360({ ...parts, readUsage: viewUsage }, customer),
      showAsOf: (...asked) => profileAsOf(parts, ...asked),
    }),
    ...disputeOperations(parts),
  }),
});
