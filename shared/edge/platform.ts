import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { type OpenApiSettings, openApiDocument } from '#shared/contracts/api/openapi.ts';
import type { Operations } from './operation.ts';

/** Operations of the API about itself. The document is made once. */
export const platformOperations = (
  routes: readonly RouteDefinition[],
  settings: OpenApiSettings,
): Pick<Operations, 'readHealth' | 'readOpenApi'> => {
  const { openapi, info, paths, components, ...rest } = openApiDocument(routes, settings);
  const document = { ...rest, openapi: String(openapi), info, paths, components };
  return {
    readHealth: async () => ({ body: { status: 'ok', version: settings.version } }),
    readOpenApi: async () => ({ body: document }),
  };
};
