import { mergeRoutes } from '#shared/contracts/api/merges.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { identityOperations } from './api.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'identity',
  settings,
  routes: mergeRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => identityOperations({ ...parts, ...(await facts()) });
  },
});
