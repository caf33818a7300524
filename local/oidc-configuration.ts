import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { apiScope } from '#shared/edge/actor.ts';
import type { SignInKeys } from './oidc-keys.ts';
import { SignInMemory } from './oidc-memory.ts';
import { failurePage, pageHeaders } from './oidc-page.ts';
import {
  apiAudience,
  claimsOfPerson,
  machineScopes,
  peopleClients,
  scopesOfMachine,
  signerOf,
  signsInBy,
  tokenSeconds,
} from './oidc-people.ts';

const everyScope = [apiScope, ...new Set(Object.values(machineScopes).flat())].map((scope) =>
  scope === apiScope ? scope : `rotunda/${scope}`,
);

/** Nobody is asked for consent on their own machine: the grant is made as the client asks. */
const grantAll = async (context: KoaContextWithOIDC) => {
  const { client, session, provider } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const held = session.grantIdFor(client.clientId);
  const existing = held === undefined ? undefined : await provider.Grant.find(held);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(['openid', ...everyScope].join(' '));
  grant.addResourceScope(apiAudience, everyScope.join(' '));
  await grant.save();
  return grant;
};

/** What the module of the provider has, which is loaded when it is needed. */
export type ProviderModule = typeof import('oidc-provider');

/** Who is signed in already, but by an app that this one is not for, is asked anew who they are. */
const policyOf = ({ base, Check }: ProviderModule['interactionPolicy']) => {
  const policy = base();
  const check = new Check('other_signer', 'this app is for others', ({ oidc }) =>
    oidc.session?.accountId !== undefined && !signsInBy(oidc.session.accountId, oidc.client?.clientId ?? '')
      ? Check.REQUEST_PROMPT
      : Check.NO_NEED_TO_PROMPT,
  );
  policy.get('login')?.checks.add(check);
  return policy;
};

/** How the provider of this machine works: its clients, and tokens with the claims that Cognito's carry. */
export const configuration = (
  baseUrl: string,
  keys: SignInKeys,
  interactionPolicy: ProviderModule['interactionPolicy'],
): Configuration => ({
  clients: [
    ...Object.keys(peopleClients).map((client) => ({
      client_id: client,
      token_endpoint_auth_method: 'none' as const,
      grant_types: ['authorization_code'],
      response_types: ['code' as const],
      redirect_uris: [`${baseUrl}/docs/oauth2-redirect.html`, `${baseUrl}/`],
      scope: `openid ${apiScope}`,
    })),
    ...Object.keys(machineScopes).map((client) => ({
      client_id: client,
      client_secret: keys.clientSecrets[client] ?? '',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: scopesOfMachine(client),
    })),
  ],
  adapter: SignInMemory,
  jwks: { keys: [{ ...keys.signing }] },
  scopes: ['openid', ...everyScope],
  cookies: { keys: [keys.cookies] },
  pkce: { required: () => true },
  ttl: {
    AccessToken: tokenSeconds,
    ClientCredentials: tokenSeconds,
    IdToken: tokenSeconds,
    Interaction: 600,
    Session: 28_800,
    Grant: 28_800,
  },
  clientBasedCORS: (_context, origin) => origin === baseUrl,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => apiAudience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: everyScope.join(' '),
        audience: apiAudience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: tokenSeconds,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: ({ oidc }, token) =>
    token.kind === 'AccessToken'
      ? claimsOfPerson(token.accountId, token.clientId ?? '', oidc.entities.AuthorizationCode?.authTime ?? 0)
      : { token_use: 'access' },
  findAccount: (_context, account) =>
    signerOf(account) === undefined ? undefined : { accountId: account, claims: () => ({ sub: account }) },
  interactions: {
    url: (_context, interaction) => `/oidc/interaction/${interaction.uid}`,
    policy: policyOf(interactionPolicy),
  },
  loadExistingGrant: grantAll,
  renderError: (context, out) => {
    context.type = 'html';
    context.set({ ...pageHeaders });
    context.body = failurePage(`${out.error}: ${out.error_description ?? ''}`);
  },
});
