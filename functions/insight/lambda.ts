import { insightRoutes } from '#shared/contracts/api/insights.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { insightOperations } from './api.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'insight',
  settings,
  routes: insightRoutes,
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => insightOperations({ ...parts, ...(await facts()) });
  },
});
