import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { duplicateOperations } from './api.ts';
import { duplicateRoutes } from './contract/duplicates.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'duplicates',
  settings,
  routes: duplicateRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => duplicateOperations({ ...parts, ...(await facts()) });
  },
});
