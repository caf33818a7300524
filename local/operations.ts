import { everyApi } from '#functions/capabilities.ts';
import type { ApiBody, Parts } from '#functions/capability.ts';
import { routes } from '#functions/routes.ts';
import type { Operation } from '#shared/edge/operation.ts';

/** Every operation of the API, bound to this system's bodies. Throws where a route has none. */
export const localOperations = (parts: Parts<ApiBody>): Readonly<Record<string, Operation>> => {
  const operations: Readonly<Record<string, Operation>> = Object.assign(
    {},
    ...everyApi.map((api) => api.operations(parts)),
  );
  const without = routes.filter(({ operationId }) => operations[operationId] === undefined);
  if (without.length > 0)
    throw new Error(`no operation for ${without.map(({ operationId }) => operationId).join(', ')}`);
  return operations;
};
