import type { Jwk, Jwks, JwksCache, JwkWithKid } from 'aws-jwt-verify/jwk';
import type { Clock } from '#shared/runtime/clock.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** Fetches the keys of an issuer; the answer is checked by the cache. */
export type FetchKeys = (jwksUri: string) => Promise<unknown>;

/** Fetches keys over HTTP: 3 seconds, 100 KB, no redirect. */
export const fetchKeys: FetchKeys = async (jwksUri) => {
  const response = await fetch(jwksUri, { redirect: 'error', signal: AbortSignal.timeout(3000) });
  if (!response.ok) throw new Error(`keys: status ${response.status}`);
  const text = await response.text();
  if (text.length > 100_000) throw new Error('keys: too large');
  return JSON.parse(text);
};

const isText = (value: unknown): value is string => typeof value === 'string';

const rsaKey = (value: unknown): Jwk | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kty, use, alg, kid, n, e }: Readonly<Record<string, unknown>> = { ...value };
  if (kty !== 'RSA' || !isText(kid) || !isText(n) || !isText(e)) return undefined;
  if ((use !== undefined && use !== 'sig') || (alg !== undefined && alg !== 'RS256')) return undefined;
  return { kty, use: 'sig', alg: 'RS256', kid, n, e };
};

/** Signing keys of a key set: RSA for RS256 alone; whatever else stands in it is not used. */
export const signingKeys = (keySet: unknown): Jwks => {
  const keys: unknown = typeof keySet === 'object' && keySet !== null && 'keys' in keySet ? keySet.keys : undefined;
  if (!Array.isArray(keys)) throw new Error('keys: no key set');
  return { keys: keys.map(rsaKey).filter((key) => key !== undefined) };
};

const notKnown = (): DomainError => new DomainError('unauthenticated', 'token.invalid', 'The token is not valid.');

interface Held {
  readonly keys: ReadonlyMap<string, JwkWithKid>;
  readonly fetchedAt: number;
}

/** Milliseconds: an unknown key is not asked for again so soon; the keys of an issuer are read at most so often. */
const unknownFor = 300_000;
const fetchEvery = 10_000;
const mostUnknown = 1000;

/** Keys by issuer. A token with an unknown key makes at most one fetch in 10 seconds, and is then refused from memory. */
export class KeyCache implements JwksCache {
  readonly #fetch: FetchKeys;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  readonly #unknown = new Map<string, number>();
  readonly #fetching = new Map<string, Promise<Held>>();

  constructor(fetch: FetchKeys, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  async getJwk(
    jwksUri: string,
    token: { readonly header: { readonly kid?: string | undefined } },
  ): Promise<JwkWithKid> {
    const { kid } = token.header;
    if (kid === undefined) throw notKnown();
    const known = this.#held.get(jwksUri)?.keys.get(kid);
    if (known !== undefined) return known;
    if (!this.#mayFetch(jwksUri, kid)) throw notKnown();
    const found = (await this.#refresh(jwksUri)).keys.get(kid);
    if (found !== undefined) return found;
    this.#remember(`${jwksUri} ${kid}`);
    throw notKnown();
  }

  getCachedJwk(jwksUri: string, token: { readonly header: { readonly kid?: string | undefined } }): JwkWithKid {
    const known = this.#held.get(jwksUri)?.keys.get(token.header.kid ?? '');
    if (known === undefined) throw notKnown();
    return known;
  }

  addJwks(jwksUri: string, jwks: Jwks): void {
    this.#hold(jwksUri, jwks);
  }

  async getJwks(jwksUri: string): Promise<Jwks> {
    return { keys: [...(await this.#refresh(jwksUri)).keys.values()] };
  }

  #mayFetch(jwksUri: string, kid: string): boolean {
    const now = this.#clock.now();
    const refusedAt = this.#unknown.get(`${jwksUri} ${kid}`);
    if (refusedAt !== undefined && now - refusedAt < unknownFor) return false;
    const held = this.#held.get(jwksUri);
    return held === undefined || now - held.fetchedAt >= fetchEvery || this.#fetching.has(jwksUri);
  }

  #remember(name: string): void {
    if (this.#unknown.size >= mostUnknown) this.#unknown.clear();
    this.#unknown.set(name, this.#clock.now());
  }

  async #refresh(jwksUri: string): Promise<Held> {
    const running = this.#fetching.get(jwksUri) ?? this.#load(jwksUri);
    this.#fetching.set(jwksUri, running);
    try {
      return await running;
    } finally {
      this.#fetching.delete(jwksUri);
    }
  }

  async #load(jwksUri: string): Promise<Held> {
    try {
      return this.#hold(jwksUri, signingKeys(await this.#fetch(jwksUri)));
    } catch (cause) {
      throw new DomainError('unavailable', 'sign-in.unavailable', 'The sign-in cannot be reached; try again.', {
        cause,
      });
    }
  }

  #hold(jwksUri: string, jwks: Jwks): Held {
    const keys = new Map<string, JwkWithKid>();
    for (const key of jwks.keys) if (key.kid !== undefined) keys.set(key.kid, { ...key, kid: key.kid });
    const held = { keys, fetchedAt: this.#clock.now() };
    this.#held.set(jwksUri, held);
    return held;
  }
}
