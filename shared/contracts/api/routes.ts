import { accessLogRoutes } from './access-log.ts';
import { accountRoutes } from './accounts.ts';
import { customerRoutes } from './customers.ts';
import type { RouteDefinition } from './definition.ts';
import { factRoutes } from './facts.ts';
import { meterRoutes } from './meters.ts';
import { outageRoutes } from './outages.ts';
import { platformRoutes } from './platform.ts';
import { premiseRoutes } from './premises.ts';

/** Every route of the API: what the gateway, the local server, OpenAPI, the policy tests and the docs read. */
export const routes: readonly RouteDefinition[] = [
  ...platformRoutes,
  ...factRoutes,
  ...customerRoutes,
  ...accessLogRoutes,
  ...accountRoutes,
  ...outageRoutes,
  ...premiseRoutes,
  ...meterRoutes,
];
