import { capabilities } from '#functions/capabilities.ts';
import { functionNames } from '#functions/manifest.ts';
import { routes } from '#functions/routes.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { Known } from './plan.ts';

/** What this project has. */
export const knownNow = (): Known => ({
  capabilities: new Set(Object.keys(capabilities)),
  factTypes: new Set(factTypes.keys()),
  functions: new Set(functionNames),
  operations: new Set(routes.map(({ operationId }) => operationId)),
  routes: new Set(routes.map(({ method, path }) => `${method} ${path}`)),
});
