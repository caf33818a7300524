import { createPrivateKey, createSign, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { writeWhole } from './write-whole.ts';

const Kept = z.strictObject({
  signing: z.looseObject({
    kty: z.literal('RSA'),
    kid: z.string(),
    n: z.string(),
    e: z.string(),
    d: z.string(),
    p: z.string(),
    q: z.string(),
    dp: z.string(),
    dq: z.string(),
    qi: z.string(),
  }),
  cookies: z.string(),
  clientSecrets: z.record(z.string(), z.string()),
});

/** Keys of the sign-in of this machine. */
export type SignInKeys = z.infer<typeof Kept>;

const fileName = 'sign-in-keys.json';
const secret = (): string => randomBytes(32).toString('base64url');

/** Keys that were never used; making the key that signs takes some tenths of a second. */
export const freshSignInKeys = (clients: readonly string[]): SignInKeys => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk: JsonWebKey = privateKey.export({ format: 'jwk' });
  return Kept.parse({
    signing: { ...jwk, kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' },
    cookies: secret(),
    clientSecrets: Object.fromEntries(clients.map((client) => [client, secret()])),
  });
};

const readKept = async (path: string): Promise<SignInKeys | undefined> => {
  try {
    return Kept.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    const message = `${path} is damaged: it holds no keys of the sign-in; once it is removed, new ones are made and everybody signs in anew`;
    throw new DomainError('unavailable', 'sign-in.damaged', message, { cause: error });
  }
};

/** The keys of a data folder, made where there are none, readable by their owner alone; without a folder, fresh ones. */
export const signInKeys = async (folder: string | undefined, clients: readonly string[]): Promise<SignInKeys> => {
  if (folder === undefined) return freshSignInKeys(clients);
  const path = join(folder, fileName);
  const kept = await readKept(path);
  if (kept !== undefined && clients.every((client) => kept.clientSecrets[client] !== undefined)) return kept;
  const made = freshSignInKeys(clients);
  const keys = kept === undefined ? made : { ...kept, clientSecrets: { ...made.clientSecrets, ...kept.clientSecrets } };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(path, `${JSON.stringify(keys, null, 2)}\n`, 0o600);
  return keys;
};

/** The public part, as a key set publishes it. */
export const publicKeySet = (keys: SignInKeys): { readonly keys: readonly object[] } => {
  const { kty, kid, n, e } = keys.signing;
  return { keys: [{ kty, kid, n, e, alg: 'RS256', use: 'sig' }] };
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token (RS256, RFC 9068) over claims. */
export const signAccessToken = (keys: SignInKeys, claims: Readonly<Record<string, unknown>>): string => {
  const input = `${part({ alg: 'RS256', typ: 'at+jwt', kid: keys.signing.kid })}.${part(claims)}`;
  const key = createPrivateKey({ key: { ...keys.signing }, format: 'jwk' });
  return `${input}.${createSign('RSA-SHA256').update(input).sign(key, 'base64url')}`;
};
