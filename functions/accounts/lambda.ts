import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { accountOperations } from './api.ts';
import { accountRoutes } from './contract/accounts.ts';
import { reversalRoutes } from './contract/reversals.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'accounts',
  settings,
  routes: [...accountRoutes, ...reversalRoutes],
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    const { payments } = settings;
    return async () => accountOperations({ ...parts, ...(await facts()), payments });
  },
});
