import { defineApi } from '#functions/capability.ts';
import { routes } from '#functions/routes.ts';
import { platformOperations } from '#shared/edge/platform.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['document'],
  routes: [routes],
  operations: ({ document, failing }) => platformOperations(routes, document, failing),
});
