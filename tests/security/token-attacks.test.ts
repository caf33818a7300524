import { createHmac, createPublicKey, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier } from '#shared/edge/actor.ts';
import {
  ApiStand,
  clients,
  goodClaims,
  issuer,
  jwksUri,
  keyId,
  publishedKeys,
  sign,
  signingKey,
  tokenOf,
} from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const now = (): number => Math.floor(Date.now() / 1000);
const without = (name: string): Record<string, unknown> => {
  const { [name]: _gone, ...rest } = goodClaims();
  return rest;
};

/** Signs text as it stands, so that a payload may say what no library would. */
const signText = (header: string, payload: string): string => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createSign('RSA-SHA256').update(input).sign(signingKey.privateKey, 'base64url')}`;
};
const goodHeader = JSON.stringify({ alg: 'RS256', kid: keyId });

const attacks: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['no algorithm', () => `${part({ alg: 'none', kid: keyId })}.${part(goodClaims())}.`],
  [
    'no algorithm, spelled otherwise, with a signature',
    () => `${part({ alg: 'NonE', kid: keyId })}.${part(goodClaims())}.AAAA`,
  ],
  [
    'the public key used as an HMAC secret',
    () => {
      const input = `${part({ alg: 'HS256', kid: keyId })}.${part(goodClaims())}`;
      const pem = createPublicKey(signingKey.privateKey).export({ type: 'spki', format: 'pem' });
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    },
  ],
  [
    'an HMAC said to be RS256',
    () => {
      const input = `${part({ alg: 'RS256', kid: keyId })}.${part(goodClaims())}`;
      return `${input}.${createHmac('sha256', 'secret').update(input).digest('base64url')}`;
    },
  ],
  ['a key of its own under our key id', () => sign(goodClaims(), {}, stranger.privateKey)],
  ['a key that is not published', () => sign(goodClaims(), { kid: 'key-2' }, stranger.privateKey)],
  ['no key id', () => new SignJWT(goodClaims()).setProtectedHeader({ alg: 'RS256' }).sign(signingKey.privateKey)],
  [
    'a key brought along in the header',
    async () => sign(goodClaims(), { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
  ],
  ['an address of keys in the header', () => sign(goodClaims(), { jku: 'https://evil.example/keys' })],
  ['an address of certificates in the header', () => sign(goodClaims(), { x5u: 'https://evil.example/chain' })],
  ['a certificate in the header', () => sign(goodClaims(), { x5c: ['AAAA'] })],
  [
    'an extension that must be understood',
    () => signText(JSON.stringify({ alg: 'RS256', kid: keyId, crit: ['exp'] }), JSON.stringify(goodClaims())),
  ],
  [
    'an unencoded payload',
    () => signText(JSON.stringify({ alg: 'RS256', kid: keyId, b64: false }), JSON.stringify(goodClaims())),
  ],
  [
    'a stronger algorithm than the key is for',
    () => new SignJWT(goodClaims()).setProtectedHeader({ alg: 'RS512', kid: keyId }).sign(signingKey.privateKey),
  ],
  [
    'a padding the key is not for',
    () => new SignJWT(goodClaims()).setProtectedHeader({ alg: 'PS256', kid: keyId }).sign(signingKey.privateKey),
  ],
  [
    'another kind of key',
    () => new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256', kid: keyId }).sign(curve.privateKey),
  ],
  ['an ID token', () => sign({ ...goodClaims(), token_use: 'id' })],
  ['a token of no use', () => sign(without('token_use'))],
  ['another issuer', () => sign({ ...goodClaims(), iss: 'https://sign-in.example/other-pool' })],
  ['an issuer that begins like ours', () => sign({ ...goodClaims(), iss: `${issuer}/` })],
  ['no issuer', () => sign(without('iss'))],
  ['another client', () => sign({ ...goodClaims(), client_id: 'other-app' })],
  ['no client', () => sign(without('client_id'))],
  ['a client named like a member of every object', () => sign({ ...goodClaims(), client_id: 'constructor' })],
  ['another audience', () => sign({ ...goodClaims(), aud: 'urn:other:api' })],
  ['no scope of this API', () => sign({ ...goodClaims(), scope: 'openid rotunda/apis xrotunda/api' })],
  ['no scope', () => sign(without('scope'))],
  ['over since two minutes', () => sign({ ...goodClaims(), iat: now() - 3720, exp: now() - 120 })],
  ['no end', () => sign(without('exp'))],
  ['an end that is text', () => sign({ ...goodClaims(), exp: String(now() + 600) })],
  ['no beginning', () => sign(without('iat'))],
  ['made two minutes from now', () => sign({ ...goodClaims(), iat: now() + 120, exp: now() + 720 })],
  ['not to be used yet', () => sign({ ...goodClaims(), nbf: now() + 120 })],
  ['good for a year', () => sign({ ...goodClaims(), exp: now() + 31_536_000 })],
  ['an end before its beginning', () => sign({ ...goodClaims(), iat: now(), exp: now() - 1 })],
  ['a role nobody has', () => sign({ ...goodClaims(), roles: ['agent', 'root'] })],
  ['no role', () => sign({ ...goodClaims(), roles: [] })],
  ['roles as text', () => sign({ ...goodClaims(), roles: 'supervisor' })],
  ['neither role nor customer', () => sign(without('roles'))],
  ['a role and a customer', () => sign({ ...goodClaims(), customer: ids.own.customer })],
  ['a customer that is no id', () => sign({ ...without('roles'), customer: '*' })],
  ['several customers', () => sign({ ...without('roles'), customer: [ids.own.customer, ids.other.customer] })],
  ['a machine with a role', () => sign({ ...goodClaims(), client_id: 'billing', sub: 'billing' })],
  ['a machine that speaks for somebody', () => sign({ ...without('roles'), client_id: 'billing', sub: 'head-end' })],
  ['no subject', () => sign(without('sub'))],
  ['a subject with line breaks', () => sign({ ...goodClaims(), sub: 'agent\nadmin' })],
  ['a claim twice', () => signText(goodHeader, JSON.stringify(goodClaims()).replace('{', '{"roles":["supervisor"],'))],
  [
    'a header member twice',
    () => signText(`{"kid":"${keyId}","alg":"none","alg":"RS256"}`, JSON.stringify(goodClaims())),
  ],
  [
    '__proto__ as a claim',
    () => signText(goodHeader, JSON.stringify(goodClaims()).replace('{', '{"__proto__":{"roles":["supervisor"]},')),
  ],
  ['a payload that is no JSON', () => signText(goodHeader, 'sub=agent')],
  ['a payload that is a list', () => signText(goodHeader, '[]')],
  [
    'an altered payload',
    async () => {
      const [header, , signature] = (await sign(goodClaims())).split('.');
      return `${header}.${part({ ...goodClaims(), roles: ['supervisor'] })}.${signature}`;
    },
  ],
  [
    'an altered signature',
    async () => {
      const token = await sign(goodClaims());
      return `${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`;
    },
  ],
  [
    'a signature with other last bits',
    async () => {
      const token = await sign(goodClaims());
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.at(-1) ?? 'A') ^ 1]}`;
    },
  ],
  ['a signature cut off', async () => `${(await sign(goodClaims())).split('.').slice(0, 2).join('.')}.`],
  ['an encrypted token of five parts', async () => `${await sign(goodClaims())}.AAAA.AAAA`],
  ['two parts', async () => (await sign(goodClaims())).split('.').slice(0, 2).join('.')],
  ['padding in the encoding', async () => `${await sign(goodClaims())}=`],
  ['a token of 1 MB', () => sign({ ...goodClaims(), filler: randomBytes(750_000).toString('base64') })],
  ['bytes that are no token', () => 'not.a.token'],
];

let stand: ApiStand;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

const digest = async (): Promise<string> => {
  const items: unknown[] = [];
  for await (const item of stand.store.scan('profile')) items.push(item);
  return JSON.stringify(items);
};

it('takes a good token, so that what follows is refused for its fault alone', async () => {
  const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, token: await sign(goodClaims()) });
  expect(answered.status).toBe(200);
  expect(attacks.length).toBeGreaterThanOrEqual(25);
});

describe('a token with', () => {
  it.each(attacks)('%s is refused, recorded and changes nothing', async (_title, make) => {
    const token = await make();
    const before = await digest();
    const entries = (await stand.entries()).length;
    const asked = stand.asked.length;
    const refused = stand.metrics.of('request.refused:token.invalid:readCustomer');
    const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, token });
    expect([answered.status, answered.json.code]).toEqual([401, 'token.invalid']);
    expect(answered.headers['www-authenticate']).toContain('Bearer');
    expect(answered.text).not.toMatch(/stack|at .*\.(ts|js)/);
    expect(stand.metrics.of('request.refused:token.invalid:readCustomer')).toBe(refused + 1);
    const after = await stand.entries();
    expect(after).toHaveLength(entries + 1);
    expect(
      after.every(
        ({ outcome, actor }) => outcome === 'allowed' || (outcome === 'refused:token.invalid' && actor === 'anonymous'),
      ),
    ).toBe(true);
    expect(stand.asked).toHaveLength(asked);
    expect(await digest()).toBe(before);
  });

  it.each([
    ['no scheme', async () => tokenOf('agent')],
    ['another scheme', async () => `Basic ${await tokenOf('agent')}`],
    ['two tokens', async () => `Bearer ${await tokenOf('agent')}, Bearer ${await tokenOf('agent')}`],
    ['a space too many', async () => `Bearer  ${await tokenOf('agent')}`],
    ['nothing behind the scheme', async () => 'Bearer '],
  ])('%s in its header is refused', async (_title, header) => {
    const answered = await stand.ask({
      url: `/v1/customers/${ids.own.customer}`,
      headers: ['authorization', await header()],
    });
    expect(answered.status).toBe(401);
  });

  it('a second header is refused, whichever of the two is good', async () => {
    const good = `Bearer ${await tokenOf('agent')}`;
    for (const headers of [
      ['authorization', good, 'Authorization', 'Bearer x.y.z'],
      ['authorization', 'Bearer x.y.z', 'Authorization', good],
    ]) {
      const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, headers });
      expect([answered.status, answered.json.code]).toEqual([400, 'header.repeated']);
    }
  });
});

describe('keys', () => {
  const counting = (fetchKeys: () => Promise<unknown>) => {
    let fetches = 0;
    const clock = { time: Date.now(), now: () => clock.time };
    const verifier = createVerifier({
      issuers: [{ issuer, jwksUri }],
      clients,
      audiences: [],
      clock,
      fetchKeys: async () => {
        fetches += 1;
        return fetchKeys();
      },
    });
    return { verifier, clock, fetches: () => fetches };
  };

  it('are fetched once for many tokens with a key nobody knows', async () => {
    const { verifier, fetches } = counting(publishedKeys);
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const token = await sign(goodClaims(), { kid: `unknown-${attempt % 5}` });
      await expect(verifier.verify(`Bearer ${token}`)).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
    expect(fetches()).toBe(1);
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).resolves.toMatchObject({ kind: 'staff' });
  });

  it('are fetched anew when they were changed, and a token of the new key is taken', async () => {
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
    let published = await publishedKeys();
    const { verifier, clock, fetches } = counting(async () => published);
    await verifier.verify(`Bearer ${await sign(goodClaims())}`);
    published = { keys: [{ ...(await exportJWK(next.publicKey)), kid: 'key-9', alg: 'RS256', use: 'sig' }] };
    clock.time += 11_000;
    const token = await sign(goodClaims(), { kid: 'key-9' }, next.privateKey);
    await expect(verifier.verify(`Bearer ${token}`)).resolves.toMatchObject({ kind: 'staff' });
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(fetches()).toBeLessThanOrEqual(3);
  });

  it.each([
    ['an encryption key', { use: 'enc' }],
    ['a key of another algorithm', { alg: 'RS512' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
  ])('of another kind are not used: %s', async (_title, change) => {
    const [key] = ((await publishedKeys()) as { keys: object[] }).keys;
    const { verifier } = counting(async () => ({ keys: [{ ...key, ...change }] }));
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it("that cannot be had are our trouble, not the caller's", async () => {
    const { verifier } = counting(() => Promise.reject(new Error('unreachable')));
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
