import { tariffRoutes } from '#shared/contracts/api/tariffs.ts';
import { weatherRoutes } from '#shared/contracts/api/weather.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { tariffOperations } from './api-tariffs.ts';
import { temperatureOperations } from './api-temperatures.ts';

export const handler = apiHandler({
  service: 'reference',
  settings: readSettings(apiSettings),
  routes: [...weatherRoutes, ...tariffRoutes],
  operations: (parts) => async () => ({ ...temperatureOperations(parts), ...tariffOperations(parts) }),
});
