import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { tariffOperations } from './api-tariffs.ts';
import { temperatureOperations } from './api-temperatures.ts';
import { tariffRoutes } from './contract/tariffs.ts';
import { weatherRoutes } from './contract/weather.ts';

export const handler = apiHandler({
  service: 'reference',
  settings: readSettings(apiSettings),
  routes: [...weatherRoutes, ...tariffRoutes],
  operations: (parts) => async () => ({ ...temperatureOperations(parts), ...tariffOperations(parts) }),
});
