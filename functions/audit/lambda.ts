import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { auditOperations } from './api.ts';
import { accessLogRoutes } from './contract/access-log.ts';

export const handler = apiHandler({
  service: 'access-log',
  settings: readSettings(apiSettings),
  routes: accessLogRoutes,
  operations: (parts) => async () => auditOperations(parts),
});
