import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiScope, type SignInSettings } from '#shared/edge/actor.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { type MountedHandler, readBytes } from './http-server.ts';
import { configuration, type ProviderModule } from './oidc-configuration.ts';
import { publicKeySet, type SignInKeys, signAccessToken, signInKeys } from './oidc-keys.ts';
import { failurePage, pageHeaders, type SignInCustomer, signInPage } from './oidc-page.ts';
import {
  apiAudience,
  claimsOfPerson,
  clientSettings,
  commandLineClients,
  machineScopes,
  scopesOfMachine,
  signerOf,
  signsInBy,
  tokenSeconds,
} from './oidc-people.ts';

/** Name of the grant by which the command line gets a token without a browser. */
export const localGrant = 'urn:rotunda:local-sign-in';

export interface LocalSignInOptions {
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string;
  /** Where the keys are kept; absent, fresh ones. */
  readonly folder?: string | undefined;
  /** Absent, those of the folder. */
  readonly keys?: SignInKeys | undefined;
  /** Customers offered on the sign-in page. */
  readonly customers: () => Promise<readonly SignInCustomer[]>;
}

/** Who asks for a token without a browser. */
export type LocalPerson = { readonly role: string; readonly customer?: string } | { readonly client: string };

export interface LocalSignIn {
  /** Mount at `/oidc`. */
  readonly handler: MountedHandler;
  /** For `createVerifier`; keys are read in this process. */
  readonly settings: SignInSettings;
  readonly issuer: string;
  /** Secret of a machine client, for client_credentials. */
  readonly secretOf: (client: string) => string | undefined;
  /** A token as the command line gets it; undefined where nobody of that name signs in here. */
  readonly tokenOf: (person: LocalPerson) => string | undefined;
}

/** Loads the provider without its advice on Node 20, which this project supports and says so itself. */
const loadProvider = async (): Promise<ProviderModule> => {
  const warn = console.warn;
  console.warn = (...said: readonly unknown[]) => {
    if (!String(said[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...said);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
};

const mint = (keys: SignInKeys, issuer: string, claims: Readonly<Record<string, unknown>>): string => {
  const now = Math.floor(systemClock.now() / 1000);
  return signAccessToken(keys, {
    iss: issuer,
    aud: apiAudience,
    jti: randomUUID(),
    iat: now,
    exp: now + tokenSeconds,
    ...claims,
  });
};

const tokenFor = (keys: SignInKeys, issuer: string, person: LocalPerson): string | undefined => {
  if ('client' in person) {
    if (!Object.hasOwn(machineScopes, person.client)) return undefined;
    const { client } = person;
    return mint(keys, issuer, { sub: client, client_id: client, token_use: 'access', scope: scopesOfMachine(client) });
  }
  const account =
    person.role === 'customer' ? person.customer : person.customer === undefined ? person.role : undefined;
  const signer = person.role === 'customer' ? 'customers' : 'staff';
  if (account === undefined || signerOf(account) !== signer) return undefined;
  const client = commandLineClients[signer];
  const claims = claimsOfPerson(account, client, Math.floor(systemClock.now() / 1000));
  return mint(keys, issuer, { sub: account, client_id: client, scope: apiScope, ...claims });
};

const personOf = (form: URLSearchParams): LocalPerson | undefined => {
  const [client, role, customer] = ['client', 'role', 'customer'].map((name) => form.get(name) ?? undefined);
  if (client !== undefined) return role === undefined && customer === undefined ? { client } : undefined;
  if (role === undefined) return undefined;
  return customer === undefined ? { role } : { role, customer };
};

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
};

const mostFormBytes = 16_384;

/** Reads a form and puts it back, so that the provider can read it too. */
const peekForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const length = Number(request.headers['content-length'] ?? 0);
  if (!(length > 0 && length <= mostFormBytes)) return new URLSearchParams();
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    read += bytes.byteLength;
    if (read >= length) break;
  }
  const body = Buffer.concat(chunks);
  request.unshift(body);
  return new URLSearchParams(body.toString('utf8'));
};

/** The sign-in of this machine: code with PKCE, client_credentials, and tokens for the command line. No passwords. */
export const createLocalSignIn = async (options: LocalSignInOptions): Promise<LocalSignIn> => {
  const keys = options.keys ?? (await signInKeys(options.folder, Object.keys(machineScopes)));
  const issuer = `${options.baseUrl}/oidc`;
  const { Provider, errors, interactionPolicy } = await loadProvider();
  const provider = new Provider(issuer, configuration(options.baseUrl, keys, interactionPolicy));
  const serve = provider.callback();

  const answerLocalGrant = (response: ServerResponse, form: URLSearchParams): void => {
    const person = personOf(form);
    const token = person === undefined ? undefined : tokenFor(keys, issuer, person);
    if (token === undefined) {
      sendJson(response, 400, {
        error: 'invalid_grant',
        error_description: 'nobody of that name signs in here: a staff role, a customer id, or a client',
      });
      return;
    }
    sendJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds });
  };

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { params } = await provider.interactionDetails(request, response);
    const client = String(params.client_id);
    if (request.method === 'GET') {
      const staff = StaffRole.options.filter((role) => signsInBy(role, client));
      const customers = (await options.customers()).filter(({ id }) => signsInBy(id, client));
      response.writeHead(200, { ...pageHeaders });
      response.end(signInPage(staff, customers));
      return;
    }
    const form = new URLSearchParams(Buffer.from(await readBytes(request, mostFormBytes)).toString('utf8'));
    const account = form.get('account') ?? '';
    const result = signsInBy(account, client)
      ? { login: { accountId: account } }
      : { error: 'access_denied', error_description: 'nobody was chosen whom this app is for' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };

  const handler: MountedHandler = async (request, response, path) => {
    if (path.startsWith('/interaction/')) {
      try {
        await interact(request, response);
      } catch (error) {
        if (!(error instanceof errors.SessionNotFound)) throw error;
        response.writeHead(400, { ...pageHeaders });
        response.end(failurePage('This sign-in is over or was begun in another browser. Start again.'));
      }
      return;
    }
    if (path === '/token' && request.method === 'POST') {
      const form = await peekForm(request);
      if (form.get('grant_type') === localGrant) {
        answerLocalGrant(response, form);
        return;
      }
    }
    const mounted = Object.assign(request, { originalUrl: request.url });
    mounted.url = (request.url ?? '').slice('/oidc'.length);
    await serve(mounted, response);
  };

  return {
    handler,
    issuer,
    settings: {
      issuers: [{ issuer, jwksUri: `${issuer}/jwks` }],
      clients: clientSettings,
      audiences: [apiAudience],
      fetchKeys: async () => publicKeySet(keys),
    },
    secretOf: (client) => keys.clientSecrets[client],
    tokenOf: (person) => tokenFor(keys, issuer, person),
  };
};
