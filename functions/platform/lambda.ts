import { routes } from '#functions/routes.ts';
import { platformOperations } from '#shared/edge/platform.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { codeVersion } from '#shared/runtime/version.ts';

const { signInUrl, staffSignInUrl, ...settings } = readSettings([...apiSettings, 'signInUrl', 'staffSignInUrl']);

/** The document's server is where the document comes from. */
const serverUrl = '/';

const signInAt = (name: string, who: string, url: string | undefined) =>
  url === undefined
    ? []
    : [{ name, who, tokenUrl: `${url}/oauth2/token`, authorizationUrl: `${url}/oauth2/authorize` }];

export const handler = apiHandler({
  service: 'platform',
  settings,
  routes,
  operations: () => async () =>
    platformOperations(routes, {
      version: codeVersion,
      serverUrl,
      signIns: [...signInAt('signIn', 'Customers', signInUrl), ...signInAt('staffSignIn', 'Staff', staffSignInUrl)],
    }),
});
