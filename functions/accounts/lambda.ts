import { accountRoutes } from '#shared/contracts/api/accounts.ts';
import { reversalRoutes } from '#shared/contracts/api/reversals.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { accountOperations } from './api.ts';

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
