import { accountRoutes } from '#shared/contracts/api/accounts.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { accountOperations } from './api.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'accounts',
  settings,
  routes: accountRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => accountOperations({ ...parts, ...(await facts()) });
  },
});
