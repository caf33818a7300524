import { routes } from '#shared/contracts/api/routes.ts';
import { platformOperations } from '#shared/edge/platform.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { codeVersion } from '#shared/runtime/version.ts';

const { signInUrl, ...settings } = readSettings([...apiSettings, 'signInUrl']);

/** The document's server is where the document comes from. */
const serverUrl = '/';

export const handler = apiHandler({
  service: 'platform',
  settings,
  routes,
  operations: () => async () =>
    platformOperations(routes, {
      version: codeVersion,
      serverUrl,
      ...(signInUrl === undefined
        ? {}
        : { tokenUrl: `${signInUrl}/oauth2/token`, authorizationUrl: `${signInUrl}/oauth2/authorize` }),
    }),
});
