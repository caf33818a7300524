import { everyApi } from '#functions/capabilities.ts';
import type { ApiBody, Parts } from '#functions/capability.ts';
import { routes } from '#functions/routes.ts';
import type { Operation } from '#shared/edge/operation.ts';

type ById = Readonly<Record<string, Operation>>;

/** The same operations; throws where a route has none. */
export const forEveryRoute = (operations: ById): ById => {
  const without = routes.filter(({ operationId }) => operations[operationId] === undefined);
  if (without.length > 0)
    throw new Error(`no operation for ${without.map(({ operationId }) => operationId).join(', ')}`);
  return operations;
};

/** Every operation of the API, bound to this system's bodies. */
export const localOperations = (parts: Parts<ApiBody>): ById =>
  forEveryRoute(Object.assign({}, ...everyApi.map((api) => api.operations(parts))));
