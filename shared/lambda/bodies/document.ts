import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { codeVersion } from '#shared/runtime/version.ts';

/** The document's server is where the document comes from. */
const serverUrl = '/';

const signInAt = (name: string, who: string, url: string | undefined) =>
  url === undefined
    ? []
    : [{ name, who, tokenUrl: `${url}/oauth2/token`, authorizationUrl: `${url}/oauth2/authorize` }];

export const document: Opener<'document'> = () => {
  const { signInUrl, staffSignInUrl } = readSettings(['signInUrl', 'staffSignInUrl']);
  const signIns = [...signInAt('signIn', 'Customers', signInUrl), ...signInAt('staffSignIn', 'Staff', staffSignInUrl)];
  return () => ({ document: { version: codeVersion, serverUrl, signIns }, failing: () => false });
};
