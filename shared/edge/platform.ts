import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { type OpenApiSettings, openApiDocument } from '#shared/contracts/api/openapi.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Operations } from './operation.ts';

/**
 * Operations of the API about itself. The document is made when it is asked for first.
 * @param failing whether what is sent cannot be stored just now: then the API is not healthy
 */
export const platformOperations = (
  routes: readonly RouteDefinition[],
  settings: OpenApiSettings,
  failing: () => boolean = () => false,
): Pick<Operations, 'readHealth' | 'readOpenApi'> => {
  const make = () => {
    const { openapi, info, paths, components, ...rest } = openApiDocument(routes, settings);
    return { ...rest, openapi: String(openapi), info, paths, components };
  };
  let document: ReturnType<typeof make> | undefined;
  return {
    readHealth: async () => {
      if (failing()) throw new DomainError('unavailable', 'store.failing', 'What is sent cannot be stored just now.');
      return { body: { status: 'ok', version: settings.version } };
    },
    readOpenApi: async () => {
      document ??= make();
      return { body: document };
    },
  };
};
