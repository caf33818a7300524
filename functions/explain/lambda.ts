import { current360 } from '#functions/customers/current-360.ts';
import { profileAsOf } from '#functions/customers/profile-as-of.ts';
import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { explainOperations } from './api.ts';
import { disputeOperations } from './api-disputes.ts';
import { disputeRoutes } from './contract/disputes.ts';
import { explainRoutes } from './contract/explain.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'explain',
  settings,
  routes: [...explainRoutes, ...disputeRoutes],
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => {
      const made = { ...parts, ...(await facts()) };
      const show = (customer: string) => current360({ ...made, readUsage: viewUsage }, customer);
      return {
        ...explainOperations({ ...made, show, showAsOf: (...asked) => profileAsOf(made, ...asked) }),
        ...disputeOperations(made),
      };
    };
  },
});
