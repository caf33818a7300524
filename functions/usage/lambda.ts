import { premiseRoutes } from '#shared/contracts/api/premises.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { usageOperations } from './api.ts';
import { ShowUsage } from './show-usage.ts';

export const handler = apiHandler({
  service: 'usage',
  settings: readSettings(apiSettings),
  routes: premiseRoutes,
  operations: (parts) => async () => usageOperations({ showUsage: new ShowUsage(parts) }),
});
