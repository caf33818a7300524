import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { identityOperations } from './api.ts';
import { mergeRoutes } from './contract/merges.ts';

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
