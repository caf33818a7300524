import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { privacyOperations } from './api.ts';
import { erasureRoutes } from './contract/erasures.ts';

const settings = readSettings([...apiSettings, ...factSettings, 'erasures']);

export const handler = apiHandler({
  service: 'privacy',
  settings,
  routes: erasureRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => privacyOperations({ ...parts, ...(await facts()), erasures: settings.erasures });
  },
});
