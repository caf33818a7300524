import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier';
import * as z from 'zod';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { type ClientSetting, type Signer, staffSessionSeconds } from '#shared/vocabulary/clients.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { parseJsonText } from './json-body.ts';
import { type FetchKeys, fetchKeys, KeyCache } from './jwks.ts';

/** Whose tokens are taken. Cognito and the local provider differ in these settings alone. */
export interface SignInSettings {
  readonly issuers: readonly { readonly issuer: string; readonly jwksUri: string }[];
  /** By client id; a token of another client is refused. */
  readonly clients: Readonly<Record<string, ClientSetting>>;
  /** Values of `aud` that are taken, where a token has one (Cognito access tokens have none). */
  readonly audiences: readonly string[];
  readonly fetchKeys?: FetchKeys;
  readonly clock?: Clock;
}

export interface TokenVerifier {
  /** The actor of an Authorization header; DomainError (401) where it proves none, (503) where keys cannot be had. */
  verify(authorization: string | undefined): Promise<Actor>;
}

/** Scope every token of this API carries, and the prefix of the others as Cognito writes them. */
export const apiScope = 'rotunda/api';
const scopePrefix = 'rotunda/';

/** Seconds two clocks may differ. */
const tolerance = 60;
const mostTokenBytes = 8192;
const longestLifeSeconds = 86_400;

const Header = z.strictObject({
  alg: z.literal('RS256'),
  kid: z.string().min(1).max(200),
  typ: z
    .string()
    .regex(/^(JWT|at\+jwt|application\/at\+jwt)$/i)
    .optional(),
});

const Claims = z.looseObject({
  iss: z.string(),
  sub: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/),
  token_use: z.literal('access'),
  client_id: z.string().min(1),
  scope: z.string(),
  exp: z.int(),
  iat: z.int(),
  /** When the person proved who they are; tokens that are got by refreshing keep it. */
  auth_time: z.int().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  roles: z.array(StaffRole).min(1).optional(),
  customer: id('customer').optional(),
});
type Claims = z.infer<typeof Claims>;

const refuse = (cause?: unknown): DomainError =>
  new DomainError('unauthenticated', 'token.invalid', 'The token is not valid.', cause === undefined ? {} : { cause });

const decodePart = (part: string): string => {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw refuse();
  return bytes.toString('utf8');
};

/** Reads the parts strictly, before any key is asked for: no member twice, no header that names keys of its own. */
const checkForm = (token: string): void => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  Header.parse(parseJsonText(decodePart(header)));
  parseJsonText(decodePart(payload));
  decodePart(signature);
};

/** The token of an Authorization header; undefined where it holds none in the right form. */
const bearer = (authorization: string): string | undefined => {
  if (authorization.length > mostTokenBytes) return undefined;
  return /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(authorization)?.[1];
};

const checkTimes = (claims: Claims, nowSeconds: number): void => {
  if (claims.iat > nowSeconds + tolerance) throw refuse();
  if (claims.exp <= claims.iat || claims.exp - claims.iat > longestLifeSeconds) throw refuse();
};

const checkAudience = (claims: Claims, taken: readonly string[]): void => {
  if (claims.aud === undefined) return;
  const named = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (!named.some((audience) => taken.includes(audience))) throw refuse();
};

/** Staff prove who they are each working day; a token that does not say when they did is none. */
const checkSession = ({ auth_time: signedInAt }: Claims, nowSeconds: number): void => {
  if (signedInAt === undefined || signedInAt > nowSeconds + tolerance) throw refuse();
  if (nowSeconds - signedInAt > staffSessionSeconds + tolerance) throw refuse();
};

/** Whoever it is, they signed in by an app that is for them. */
const checkSigner = (client: Extract<ClientSetting, { readonly kind: 'people' }>, signer: Signer): void => {
  if (!client.signsIn.includes(signer)) throw refuse();
};

const actorOf = (claims: Claims, client: ClientSetting | undefined, nowSeconds: number): Actor => {
  const scopes = claims.scope.split(' ');
  if (!scopes.includes(apiScope) || client === undefined) throw refuse();
  const { roles, customer } = claims;
  if (client.kind === 'machine') {
    if (roles !== undefined || customer !== undefined || claims.sub !== claims.client_id) throw refuse();
    return {
      kind: 'machine',
      id: claims.client_id,
      scopes: scopes.map((scope) => (scope.startsWith(scopePrefix) ? scope.slice(scopePrefix.length) : scope)),
      sources: client.sources,
    };
  }
  if (roles !== undefined && customer === undefined) {
    checkSigner(client, 'staff');
    checkSession(claims, nowSeconds);
    return { kind: 'staff', id: claims.sub, roles };
  }
  if (customer !== undefined && roles === undefined) {
    checkSigner(client, 'customers');
    return { kind: 'customer', id: claims.sub, customerId: customer };
  }
  throw refuse();
};

/** The one verifier, for Cognito's tokens and those of the local provider. */
export const createVerifier = (settings: SignInSettings): TokenVerifier => {
  const clock = settings.clock ?? systemClock;
  const clients = new Map(Object.entries(settings.clients));
  const verifier = JwtVerifier.create(
    settings.issuers.map(({ issuer, jwksUri }) => ({
      issuer,
      jwksUri,
      audience: null,
      graceSeconds: tolerance,
    })),
    { jwksCache: new KeyCache(settings.fetchKeys ?? fetchKeys, clock) },
  );
  const read = async (token: string): Promise<Actor> => {
    checkForm(token);
    const claims = Claims.parse(await verifier.verify(token));
    const nowSeconds = Math.floor(clock.now() / 1000);
    checkTimes(claims, nowSeconds);
    checkAudience(claims, settings.audiences);
    return actorOf(claims, clients.get(claims.client_id), nowSeconds);
  };
  return {
    async verify(authorization) {
      if (authorization === undefined || authorization.trim() === '') {
        throw new DomainError(
          'unauthenticated',
          'token.missing',
          'Sign in and send the token: Authorization: Bearer …',
        );
      }
      const token = bearer(authorization);
      if (token === undefined) throw refuse();
      try {
        return await read(token);
      } catch (error) {
        if (error instanceof DomainError && error.kind !== 'syntax') throw error;
        throw refuse(error);
      }
    },
  };
};
