import { decisionOperations } from '#functions/insight/api-decisions.ts';
import { insightRoutes } from '#functions/insight/contract/insights.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { validationOperations } from './api.ts';
import { readingRoutes } from './contract/readings.ts';

const settings = readSettings([...apiSettings, ...factSettings]);

export const handler = apiHandler({
  service: 'validation',
  settings,
  routes: [...readingRoutes, ...insightRoutes],
  operations: (parts) => {
    const facts = factOpener(parts, parts, settings);
    return async () => {
      const known = { ...parts, ...(await facts()) };
      return { ...validationOperations(known), ...decisionOperations(known) };
    };
  },
});
