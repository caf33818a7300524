import { createHmac, createPublicKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';

/** The sign-in whose tokens are forged, as somebody knows it who has even seen its key at work. */
export interface SignInUnderAttack {
  readonly issuer: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** Claims of an agent's token that is good. */
  readonly goodClaims: () => Record<string, unknown>;
  /** Ids of two customers. */
  readonly customers: readonly [string, string];
  /** The client that customers sign in by; the good claims have the one of staff. */
  readonly customerClient: string;
}

export type ForgedToken = readonly [title: string, make: () => string | Promise<string>];

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Tokens that must be refused, each for one fault alone. */
export const forgedTokens = (under: SignInUnderAttack): readonly ForgedToken[] => {
  const { issuer, keyId, goodClaims, customers, customerClient } = under;
  const signingKey = { privateKey: under.privateKey };
  const sign = (
    claims: Readonly<Record<string, unknown>>,
    header: Readonly<Record<string, unknown>> = {},
    key: KeyObject = under.privateKey,
  ): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: keyId, ...header }).sign(key);
  /** Signs text as it stands, so that a payload may say what no library would. */
  const now = (): number => Math.floor(Date.now() / 1000);
  const without = (name: string): Record<string, unknown> => {
    const { [name]: _gone, ...rest } = goodClaims();
    return rest;
  };

  const asCustomer = (): Record<string, unknown> => ({ ...without('roles'), client_id: customerClient });

  const signText = (header: string, payload: string): string => {
    const input = `${part(header)}.${part(payload)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(signingKey.privateKey, 'base64url')}`;
  };
  const goodHeader = JSON.stringify({ alg: 'RS256', kid: keyId });

  return [
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
    ['a role by the app of customers', () => sign({ ...goodClaims(), client_id: customerClient })],
    ['a customer by the app of staff', () => sign({ ...without('roles'), customer: customers[0] })],
    ['staff who signed in the day before', () => sign({ ...goodClaims(), auth_time: now() - 12 * 3600 - 120 })],
    ['staff who never signed in', () => sign(without('auth_time'))],
    ['staff who will sign in two minutes from now', () => sign({ ...goodClaims(), auth_time: now() + 120 })],
    ['a sign-in at a time that is text', () => sign({ ...goodClaims(), auth_time: String(now()) })],
    ['a role and a customer', () => sign({ ...goodClaims(), customer: customers[0] })],
    ['a customer that is no id', () => sign({ ...asCustomer(), customer: '*' })],
    ['several customers', () => sign({ ...asCustomer(), customer: [...customers] })],
    ['a machine with a role', () => sign({ ...goodClaims(), client_id: 'billing', sub: 'billing' })],
    ['a machine that speaks for somebody', () => sign({ ...without('roles'), client_id: 'billing', sub: 'head-end' })],
    ['no subject', () => sign(without('sub'))],
    ['a subject with line breaks', () => sign({ ...goodClaims(), sub: 'agent\nadmin' })],
    [
      'a claim twice',
      () => signText(goodHeader, JSON.stringify(goodClaims()).replace('{', '{"roles":["supervisor"],')),
    ],
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
};
