import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { outageOperations } from './api.ts';
import { outageRoutes } from './contract/outages.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'outages',
  settings,
  routes: outageRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => outageOperations({ ...parts, ...(await facts()) });
  },
});
