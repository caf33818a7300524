import { accessLogRoutes } from '#shared/contracts/api/access-log.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { auditOperations } from './api.ts';

export const handler = apiHandler({
  service: 'access-log',
  settings: readSettings(apiSettings),
  routes: accessLogRoutes,
  operations: (parts) => async () => auditOperations(parts),
});
