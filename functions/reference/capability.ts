import { defineApi } from '#functions/capability.ts';
import { tariffOperations } from './api-tariffs.ts';
import { temperatureOperations } from './api-temperatures.ts';
import { tariffRoutes } from './contract/tariffs.ts';
import { weatherRoutes } from './contract/weather.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables'],
  routes: [weatherRoutes, tariffRoutes],
  operations: (parts) => ({ ...temperatureOperations(parts), ...tariffOperations(parts) }),
});
