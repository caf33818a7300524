import { insightOperations } from '#functions/insight/api.ts';
import { insightRoutes } from '#functions/insight/contract/insights.ts';
import { premiseRoutes } from '#functions/premises/contract/premises.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { usageOperations } from './api.ts';
import { usageFileRoutes } from './contract/usage-files.ts';
import { DownloadUsage } from './download-usage.ts';
import { ShowUsage } from './show-usage.ts';

export const handler = apiHandler({
  service: 'usage',
  settings: readSettings(apiSettings),
  routes: [...premiseRoutes, ...usageFileRoutes, ...insightRoutes],
  operations: (parts) => async () => ({
    ...usageOperations({ showUsage: new ShowUsage(parts), downloadUsage: new DownloadUsage(parts) }),
    ...insightOperations(parts),
  }),
});
