import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { type LocalServer, startHttpServer } from '#local/http-server.ts';
import { localOperation, localRoutes } from '#local/http-server-local-routes.ts';
import { createLocalSignIn, type LocalSignIn, localGrant } from '#local/oidc.ts';
import { docsHandler } from '#local/swagger.ts';
import { defineLocalRoute } from '#shared/contracts/local/definition.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { createHttpHandler } from '#shared/edge/http.ts';
import { platformOperations } from '#shared/edge/platform.ts';
import { ApiStand } from './api-stand.ts';
import { ids } from './api-world.ts';

let folder: string;
let server: LocalServer;
let signIn: LocalSignIn;
let stand: ApiStand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-edge-'));
  stand = await ApiStand.open();
  server = await startHttpServer({ port: 0 });
  const starting = await fetch(`${server.url}/v1/health`);
  expect([starting.status, starting.headers.get('retry-after')]).toEqual([503, '1']);
  signIn = await createLocalSignIn({
    baseUrl: server.url,
    folder,
    customers: async () => [{ id: ids.own.customer, name: 'Amara <Okafor>' }],
  });
  const verifier = createVerifier(signIn.settings);
  const operations = {
    ...stand.operations,
    ...platformOperations(routes, { version: '0.1.0', serverUrl: server.url }),
  };
  server.serveApi(routes, createHttpHandler({ routes, operations, deps: { ...stand.deps, verifier } }));
  server.mount('/oidc', signIn.handler);
  server.mount('/docs', docsHandler());
  const echo = defineLocalRoute({
    method: 'POST',
    path: '/_local/echo',
    act: 'ops.send',
    summary: 'Says it again.',
    input: z.strictObject({ words: z.string() }),
    answer: z.strictObject({ words: z.string() }),
  });
  server.mount(
    '/_local',
    localRoutes({
      verifier,
      operations: [localOperation(echo, async ({ words }) => ({ words }))],
      audit: stand.deps.audit,
      clock: stand.deps.clock,
    }),
  );
});
afterAll(async () => {
  await server.close();
  await stand.close();
  await rm(folder, { recursive: true, force: true });
});

const grant = async (form: Readonly<Record<string, string>>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  const body: unknown = await response.json();
  const token =
    typeof body === 'object' && body !== null && 'access_token' in body ? String(body.access_token) : undefined;
  return { status: response.status, token, body };
};

const ask = async (path: string, token?: string, init: RequestInit = {}) => {
  const response = await fetch(`${server.url}${path}`, {
    ...init,
    headers: { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  });
  const text = await response.text();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body: { ...(body as Record<string, unknown>) } };
};

it('gives the command line a token for a role, a customer or a client, and the API takes it', async () => {
  const agent = await grant({ grant_type: localGrant, role: 'agent' });
  expect(agent.status).toBe(200);
  expect((await ask(`/v1/customers/${ids.other.customer}`, agent.token)).status).toBe(200);
  const customer = await grant({ grant_type: localGrant, role: 'customer', customer: ids.own.customer });
  expect((await ask(`/v1/customers/${ids.own.customer}`, customer.token)).status).toBe(200);
  expect((await ask(`/v1/customers/${ids.other.customer}`, customer.token)).status).toBe(404);
  const client = await grant({ grant_type: localGrant, client: 'billing' });
  const sent = await ask('/v1/facts', client.token, {
    method: 'POST',
    body: '{"facts":[{}]}',
    headers: { 'content-type': 'application/json' },
  });
  expect(sent.status).toBe(200);
  expect(stand.asked.at(-1)?.request.call.actor).toMatchObject({
    kind: 'machine',
    id: 'billing',
    sources: ['billing'],
  });
});

it.each([
  [{ role: 'king' }],
  [{ role: 'customer' }],
  [{ role: 'agent', customer: ids.own.customer }],
  [{ role: ids.own.customer }],
  [{ role: 'customer', customer: 'agent' }],
  [{ client: 'docs' }],
  [{ client: 'billing', role: 'agent' }],
  [{}],
])('gives no token to %o', async (who) => {
  const refused = await grant({ grant_type: localGrant, ...who });
  expect([refused.status, refused.token]).toEqual([400, undefined]);
});

it('gives a machine client a token for its secret, with the claims the API wants, and none for another secret', async () => {
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`head-end:${secret}`).toString('base64')}`,
  });
  const form = { grant_type: 'client_credentials', scope: 'rotunda/api rotunda/meters:write' };
  const good = await grant(form, basic(signIn.secretOf('head-end') ?? ''));
  expect(good.body).toMatchObject({ token_type: 'Bearer' });
  const read = await ask(`/v1/meters/${ids.own.meter}`, good.token);
  expect(read.status).toBe(200);
  expect((await ask(`/v1/customers/${ids.own.customer}`, good.token)).status).toBe(403);
  expect((await grant(form, basic('guess'))).status).toBe(401);
});

/** Follows redirects by hand, with a jar of cookies. */
class Browser {
  readonly #jar = new Map<string, string>();
  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const cut = pair.indexOf('=');
      this.#jar.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    return response;
  }
}

const authorisation = (challenge: string, more: Readonly<Record<string, string>> = {}) =>
  `${server.url}/oidc/auth?${new URLSearchParams({
    client_id: 'docs',
    response_type: 'code',
    redirect_uri: `${server.url}/docs/oauth2-redirect.html`,
    scope: 'openid rotunda/api',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 's',
    ...more,
  })}`;

it('signs people in by code and PKCE on a plain page, and the code is worth nothing without the verifier', async () => {
  const secret = randomBytes(32).toString('base64url');
  const browser = new Browser();
  const begun = await browser.go(authorisation(createHash('sha256').update(secret).digest('base64url')));
  const place = new URL(begun.headers.get('location') ?? '', server.url).href;
  const page = await browser.go(place);
  const text = await page.text();
  expect(text).toContain('value="supervisor"');
  expect(text).toContain('Amara &lt;Okafor&gt;');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const chosen = await browser.go(place, { method: 'POST', body: new URLSearchParams({ account: ids.own.customer }) });
  const back = await browser.go(chosen.headers.get('location') ?? '');
  const landed = new URL(back.headers.get('location') ?? '');
  expect([landed.pathname, landed.searchParams.get('state')]).toEqual(['/docs/oauth2-redirect.html', 's']);
  const code = landed.searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    client_id: 'docs',
    redirect_uri: `${server.url}/docs/oauth2-redirect.html`,
    code,
  };
  const token = await grant({ ...form, code_verifier: secret });
  expect(token.status).toBe(200);
  expect((await ask(`/v1/customers/${ids.own.customer}/360`, token.token)).status).toBe(200);
  expect((await ask(`/v1/customers/${ids.other.customer}/360`, token.token)).status).toBe(404);
  expect((await grant({ ...form, code_verifier: secret })).status).toBe(400);
});

/** Sends the form of a page that sends itself, as a browser does: it signs out whoever was signed in before. */
const submitted = async (browser: Browser, page: string): Promise<Response> => {
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  const body = new URLSearchParams();
  for (const [, name = '', value = ''] of page.matchAll(/name="(\w+)" value="([^"]*)"/g)) body.set(name, value);
  const sent = await browser.go(action, { method: 'POST', body });
  return browser.go(sent.headers.get('location') ?? '');
};

/** Signs somebody in by an app; answers what its token is good for, or why there is none. */
const signedInBy = async (browser: Browser, client: string, account: string | undefined) => {
  const secret = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(secret).digest('base64url');
  const begun = await browser.go(authorisation(challenge, { client_id: client }));
  let back = begun;
  let page = '';
  if (begun.headers.get('location')?.includes('/interaction/') === true) {
    const place = new URL(begun.headers.get('location') ?? '', server.url).href;
    page = await (await browser.go(place)).text();
    if (account === undefined) return { page };
    const chosen = await browser.go(place, { method: 'POST', body: new URLSearchParams({ account }) });
    back = await browser.go(chosen.headers.get('location') ?? '');
    if (back.status === 200) back = await submitted(browser, await back.text());
  }
  const landed = new URL(back.headers.get('location') ?? '', server.url).searchParams;
  const redirect_uri = `${server.url}/docs/oauth2-redirect.html`;
  const form = { grant_type: 'authorization_code', client_id: client, redirect_uri, code: landed.get('code') ?? '' };
  const { token } = await grant({ ...form, code_verifier: secret });
  const asked = await ask(`/v1/customers/${ids.own.customer}`, token);
  return { page, error: landed.get('error'), status: asked.status };
};

it.each([
  ['docs', 'agent', 200],
  ['docs', ids.own.customer, 200],
  ['console', 'agent', 200],
  ['console', ids.own.customer, 401],
  ['customer-portal', ids.own.customer, 200],
  ['customer-portal', 'agent', 401],
])('signs in by %s: %s is answered %i', async (client, account, status) => {
  const signed = await signedInBy(new Browser(), client, account);
  expect([signed.status, signed.error]).toEqual([status, status === 200 ? null : 'access_denied']);
  expect(signed.page.includes('value="agent"')).toBe(client !== 'customer-portal');
  expect(signed.page.includes(`value="${ids.own.customer}"`)).toBe(client !== 'console');
});

it('asks anew who somebody is who is signed in already, where the app is not for them', async () => {
  const browser = new Browser();
  expect(await signedInBy(browser, 'docs', 'agent')).toMatchObject({ status: 200 });
  expect(await signedInBy(browser, 'console', undefined)).toMatchObject({ page: '', status: 200 });
  expect((await signedInBy(browser, 'customer-portal', undefined)).page).toContain(`value="${ids.own.customer}"`);
  expect(await signedInBy(browser, 'customer-portal', ids.own.customer)).toMatchObject({ status: 200 });
});

it('refuses a sign-in without PKCE, for another address, or that was never begun', async () => {
  const browser = new Browser();
  const bare = await browser.go(authorisation('', {}).replace(/&code_challenge[^&]*/g, ''));
  expect(new URL(bare.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
  const away = await browser.go(authorisation('a'.repeat(43), { redirect_uri: 'https://elsewhere.example/' }));
  expect(away.status).toBe(400);
  expect((await browser.go(`${server.url}/oidc/interaction/unknown`)).status).toBe(400);
});

it('keeps its keys in the folder, for their owner alone, so that tokens outlive a restart', async () => {
  const file = await stat(join(folder, 'sign-in-keys.json'));
  expect(file.mode & 0o777).toBe(0o600);
  const token = signIn.tokenOf({ role: 'agent' });
  const again = await createLocalSignIn({ baseUrl: server.url, folder, customers: async () => [] });
  await expect(createVerifier(again.settings).verify(`Bearer ${token}`)).resolves.toMatchObject({ roles: ['agent'] });
  const other = await createLocalSignIn({ baseUrl: server.url, customers: async () => [] });
  await expect(createVerifier(other.settings).verify(`Bearer ${token}`)).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
});

it('publishes the sign-in as OpenID providers do, with the public part of the key alone', async () => {
  const discovery = await ask('/oidc/.well-known/openid-configuration');
  expect(discovery.body).toMatchObject({ issuer: signIn.issuer, jwks_uri: `${signIn.issuer}/jwks` });
  const keys = await ask('/oidc/jwks');
  expect(keys.text).not.toContain('"d"');
});

it('serves the docs from this machine alone, and a page for every problem', async () => {
  const start = await fetch(`${server.url}/`, { redirect: 'manual' });
  expect([start.status, start.headers.get('location')]).toEqual([302, '/docs']);
  const docs = await ask('/docs');
  expect(docs.text).not.toMatch(/https?:\/\//);
  for (const [, asset] of docs.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect([asset, (await ask(asset ?? '')).status]).toEqual([asset, 200]);
  }
  expect((await ask('/docs/problems/purpose.required')).text).toContain('Rotunda-Purpose');
  expect((await ask('/docs/problems/none.such')).status).toBe(404);
  expect((await ask('/docs/../package.json')).status).toBe(404);
  expect((await ask('/docs/%2e%2e/package.json')).status).toBe(404);
});

it('answers for exactly the routes of the list: running server, OpenAPI and list are one set', async () => {
  const { body } = await ask('/v1/openapi.json');
  const paths = z.record(z.string(), z.record(z.string(), z.unknown())).parse(body.paths);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(routes.map((route) => `${route.method} ${route.path}`).sort());
  for (const path of Object.keys(paths)) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answered = await ask(path.replaceAll(/\{[a-zA-Z]+\}/g, 'x'), undefined, { method });
      const known = described.includes(`${method} ${path}`);
      expect([`${method} ${path}`, answered.status]).toEqual([
        `${method} ${path}`,
        known ? (path === '/v1/health' || path === '/v1/openapi.json' ? 200 : 401) : 405,
      ]);
      if (!known) expect(answered.headers.get('allow')).toContain('OPTIONS');
    }
  }
});

it('gives the operator alone the routes of this machine', async () => {
  const operator = signIn.tokenOf({ role: 'operator' });
  const init = { method: 'POST', body: '{"words":"here"}', headers: { 'content-type': 'application/json' } };
  expect((await ask('/_local/echo', operator, init)).body).toEqual({ words: 'here' });
  expect((await ask('/_local/echo', signIn.tokenOf({ role: 'supervisor' }), init)).status).toBe(403);
  expect((await ask('/_local/echo', signIn.tokenOf({ client: 'billing' }), init)).status).toBe(403);
  expect((await ask('/_local/echo', undefined, init)).status).toBe(401);
  expect((await ask('/_local/echo', operator)).status).toBe(405);
  expect((await ask('/_local/none', operator)).status).toBe(404);
  expect((await ask('/_local/echo', operator, { ...init, body: '{"word":1}' })).body).toMatchObject({
    status: 422,
    code: 'body.invalid',
  });
});

/** Sends bytes as they are. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (/\r\n\r\n[\s\S]/.test(text)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });

it.each([
  ['bytes that are no request', 'hello\r\n\r\n', 400, 'request.unreadable'],
  [
    'headers beyond 16 KB',
    `GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers.too-large',
  ],
  [
    'another host name',
    'GET /v1/health HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
    421,
    'host.unknown',
  ],
  ['no host', 'GET /v1/health HTTP/1.0\r\n\r\n', 421, 'host.unknown'],
  [
    'a query that is not encoded',
    'GET /v1/customers?q=%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    400,
    'query.encoding',
  ],
  [
    'two lengths',
    'POST /v1/facts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    400,
    'request.unreadable',
  ],
  [
    'a length and chunks',
    'POST /v1/facts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    400,
    'request.unreadable',
  ],
])('refuses %s with a problem document', async (_title, bytes, status, code) => {
  const text = await raw(bytes);
  expect(text).toContain(`HTTP/1.1 ${status} `);
  expect(text).toContain('application/problem+json');
  expect(text).toContain(code);
});

it('passes bytes on as they came: invalid UTF-8 is refused by the API, not mended on the way', async () => {
  const token = signIn.tokenOf({ client: 'billing' });
  const answered = await ask('/v1/facts', token, {
    method: 'POST',
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    headers: { 'content-type': 'application/json' },
  });
  expect(answered.body).toMatchObject({ status: 400, code: 'body.encoding' });
});

it('lets a file take longer than any other request, as long as something of it comes', async () => {
  const hurried = await startHttpServer({ port: 0, wholeRequest: 300 });
  hurried.mount(
    '/files',
    async (request, response) => {
      let bytes = 0;
      for await (const piece of request) bytes += Buffer.from(piece).byteLength;
      response.end(`${bytes} bytes`);
    },
    'patient',
  );
  hurried.mount('/others', async (request, response) => {
    for await (const _ of request);
    response.end('whole');
  });
  /** Sends twenty bytes, one every 50 milliseconds, or the first five alone. */
  const sent = (path: string, most: number): Promise<string> =>
    new Promise((resolve, reject) => {
      let [text, count] = ['', 0];
      const socket = connect(hurried.port, '127.0.0.1');
      socket.write(`PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20\r\nConnection: close\r\n\r\n`);
      const timer = setInterval(() => {
        if (count < most) socket.write('x');
        count += 1;
      }, 50);
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
      socket.on('error', reject);
    });
  try {
    expect(await sent('/files/one', 20)).toContain('20 bytes');
    expect(await sent('/files/two', 5)).toContain('request.unreadable');
    expect(await sent('/others/one', 20)).toContain('request.unreadable');
  } finally {
    await hurried.close();
  }
});
