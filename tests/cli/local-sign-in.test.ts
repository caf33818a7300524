import { afterAll, beforeAll, expect, it } from 'vitest';
import { localGrant as askedFor } from '#cli/sign-in.ts';
import { type LocalServer, startHttpServer } from '#local/http-server.ts';
import { localOperation, localRoutes } from '#local/http-server-local-routes.ts';
import { createLocalSignIn, localGrant } from '#local/oidc.ts';
import { digest } from '#shared/contracts/local/ops.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';
import { run } from './far-end.ts';

const sha256 = 'b'.repeat(64);
let server: LocalServer;

beforeAll(async () => {
  server = await startHttpServer({ port: 0 });
  const signIn = await createLocalSignIn({ baseUrl: server.url, customers: async () => [] });
  server.mount('/oidc', signIn.handler);
  const digests = localOperation(digest, async ({ table }) => ({
    digests: [{ table: table ?? 'profile', sha256, items: 2 }],
  }));
  const verifier = createVerifier(signIn.settings);
  const audit = (await openProfileSystem()).store.table('audit');
  server.mount('/_local', localRoutes({ verifier, operations: [digests], audit, clock: systemClock }));
});
afterAll(() => server.close());

it('asks for the grant that the sign-in of this machine gives', () => {
  expect(askedFor).toBe(localGrant);
});

it('gets the operator a token and the answer of an operator route', async () => {
  const { code, out } = await run(['ops', 'digest', '--table', 'readings', '--url', server.url]);
  expect({ code, out }).toEqual({ code: 0, out: [`${sha256}  readings (2 items)`] });
});

it.each([
  ['an agent', ['--role', 'agent']],
  ['a customer', ['--role', 'customer', '--customer', 'cus_0123456789ABCDEFGHJKMNPQRS']],
  ['a machine', ['--client', 'billing']],
])('gives %s a token, which is refused at an operator route', async (_title, who) => {
  const token = await run(['token', ...who, '--url', server.url]);
  expect(token).toMatchObject({ code: 0, out: [expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)] });
  const { code, notes } = await run(['ops', 'digest', '--url', server.url, '--token', token.out[0] ?? '']);
  expect({ code, notes }).toEqual({ code: 3, notes: [expect.stringContaining('403')] });
});

it.each([
  ['--role', 'emperor'],
  ['--client', 'nobody'],
])('is refused a token with %s %s', async (flag, name) => {
  expect(await run(['token', flag, name, '--url', server.url])).toMatchObject({ code: 3, out: [] });
});

it('says that the token it was given is not valid', async () => {
  expect(await run(['ops', 'digest', '--url', server.url, '--token', 'nonsense'])).toMatchObject({
    code: 3,
    notes: [expect.stringContaining('401 token.invalid')],
  });
});
