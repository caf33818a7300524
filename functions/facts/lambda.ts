import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { factOperations } from './api.ts';
import { factRoutes } from './contract/facts.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'facts',
  settings,
  routes: factRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => factOperations({ ...parts, ...(await facts()) });
  },
});
