import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { customerOperations } from './api.ts';
import { changeRequestOperations } from './api-change-requests.ts';
import { changeRequestRoutes } from './contract/change-requests.ts';
import { customerRoutes } from './contract/customers.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'customers',
  settings,
  routes: [...customerRoutes, ...changeRequestRoutes],
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => {
      const all = { ...parts, ...(await facts()), readUsage: viewUsage };
      return { ...customerOperations(all), ...changeRequestOperations(all) };
    };
  },
});
