import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { premiseOperations } from './api.ts';
import { premiseRoutes } from './contract/premises.ts';

export const handler = apiHandler({
  service: 'premises',
  settings: readSettings(apiSettings),
  routes: premiseRoutes,
  operations: (parts) => async () => premiseOperations(parts),
});
