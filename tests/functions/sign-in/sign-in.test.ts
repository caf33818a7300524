import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { claimsOfUser } from '#functions/sign-in/claims-of-user.ts';
import { tokenTrigger } from '#functions/sign-in/events.ts';
import { createLocalSignIn, type LocalPerson } from '#local/oidc.ts';
import { publicKeySet, signAccessToken, signInKeys } from '#local/oidc-keys.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { Signer } from '#shared/vocabulary/clients.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

const customer = 'cus_0000000000000000000000000A';
const sub = 'b1d2c3e4-0000-4000-8000-000000000001';
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool';

interface User {
  readonly groups?: readonly string[];
  readonly customer?: string;
}

/** The event as Cognito sends it. */
const eventOf = (user: User, more: Readonly<Record<string, unknown>> = {}) => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_pool',
  userName: sub,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'console' },
  request: {
    userAttributes: {
      sub,
      email_verified: 'true',
      'cognito:user_status': 'CONFIRMED',
      ...(user.customer === undefined ? {} : { 'custom:customer': user.customer }),
    },
    groupConfiguration: { groupsToOverride: user.groups ?? [], iamRolesToOverride: [], preferredRole: null },
    scopes: ['openid', 'rotunda/api', 'aws.cognito.signin.user.admin'],
  },
  response: { claimsAndScopeOverrideDetails: null },
  ...more,
});
type Event = ReturnType<typeof eventOf>;

const Answer = z.object({
  response: z.object({
    claimsAndScopeOverrideDetails: z.strictObject({
      accessTokenGeneration: z.strictObject({
        claimsToAddOrOverride: z.record(z.string(), z.unknown()),
        claimsToSuppress: z.array(z.string()),
        scopesToAdd: z.array(z.string()),
        scopesToSuppress: z.array(z.string()),
      }),
    }),
  }),
});

const opened = (signsIn: Signer) => {
  const [logger, metrics] = [new RecordedLogger(), new RecordedMetrics()];
  return { logger, metrics, trigger: tokenTrigger({ logger, metrics, signsIn }) };
};

/** Where somebody of that kind signs in: the pool, whose trigger knows whom it is for, and its client. */
const poolOf = ({ customer: own }: User): Signer => (own === undefined ? 'staff' : 'customers');
const clientIn: Readonly<Record<Signer, string>> = { staff: 'console', customers: 'portal' };

/** Claims of the access token that Cognito writes by the trigger's answer. */
const cognitoClaims = async (event: Event, signsIn: Signer): Promise<Readonly<Record<string, unknown>>> => {
  const answer = Answer.parse(await opened(signsIn).trigger(event));
  const generation = answer.response.claimsAndScopeOverrideDetails.accessTokenGeneration;
  const scopes = [...new Set([...event.request.scopes, ...generation.scopesToAdd])];
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = {
    sub,
    'cognito:groups': event.request.groupConfiguration.groupsToOverride,
    iss: issuer,
    version: 2,
    client_id: clientIn[signsIn],
    origin_jti: 'o',
    event_id: 'e',
    token_use: 'access',
    scope: scopes.filter((scope) => !generation.scopesToSuppress.includes(scope)).join(' '),
    auth_time: now,
    iat: now,
    exp: now + 3600,
    jti: 'j',
    username: sub,
    ...generation.claimsToAddOrOverride,
  };
  for (const name of generation.claimsToSuppress) delete claims[name];
  return claims;
};

const keys = await signInKeys(undefined, []);
const verifier = createVerifier({
  issuers: [{ issuer, jwksUri: `${issuer}/.well-known/jwks.json` }],
  clients: {
    console: { kind: 'people', signsIn: ['staff'] },
    portal: { kind: 'people', signsIn: ['customers'] },
    billing: { kind: 'machine', sources: ['billing'] },
  },
  audiences: [],
  fetchKeys: async () => publicKeySet(keys),
});
const actorOf = async (user: User, signsIn: Signer = poolOf(user)) =>
  verifier.verify(`Bearer ${signAccessToken(keys, await cognitoClaims(eventOf(user), signsIn))}`);

const local = await createLocalSignIn({ baseUrl: 'http://127.0.0.1:1', customers: async () => [] });
/** Claims of a token of the sign-in of one machine that say what its holder may do. */
const localClaims = (person: LocalPerson): Readonly<Record<string, unknown>> => {
  const payload = local.tokenOf(person)?.split('.')[1] ?? '';
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return claims;
};
const meaning = ({ token_use, scope, roles, customer: own }: Readonly<Record<string, unknown>>) => ({
  token_use,
  scopes: String(scope)
    .split(' ')
    .filter((name) => name !== 'openid'),
  roles,
  customer: own,
});

const nothing = { token_use: 'access', scopes: [], roles: undefined, customer: undefined };
const refused = { kind: 'unauthenticated', code: 'token.invalid' };

describe('the sign-in', () => {
  it('gives staff their roles and a customer their id, as the sign-in of one machine does', async () => {
    for (const role of StaffRole.options) {
      expect(meaning(await cognitoClaims(eventOf({ groups: [role] }), 'staff'))).toEqual(
        meaning(localClaims({ role })),
      );
      expect(await actorOf({ groups: [role] })).toEqual({ kind: 'staff', id: sub, roles: [role] });
    }
    expect(meaning(await cognitoClaims(eventOf({ customer }), 'customers'))).toEqual(
      meaning(localClaims({ role: 'customer', customer })),
    );
    expect(await actorOf({ customer })).toEqual({ kind: 'customer', id: sub, customerId: customer });
  });

  it('takes no group for a role that is none', async () => {
    expect(await actorOf({ groups: ['admins', 'supervisor', 'Agent', 'billing', 'eu-west-1_Google'] })).toMatchObject({
      roles: ['supervisor', 'billing'],
    });
  });

  it('gives nothing to somebody who is neither, or staff and customer at once: the token is refused everywhere', async () => {
    const nobodies: readonly User[] = [
      {},
      { groups: ['admins'] },
      { customer: 'cus_short' },
      { customer: 'acc_0000000000000000000000000A' },
      { groups: ['agent'], customer },
      { groups: ['agent'], customer: 'cus_short' },
    ];
    for (const user of nobodies) {
      for (const signsIn of Signer.options) {
        expect(meaning(await cognitoClaims(eventOf(user), signsIn))).toEqual(nothing);
        await expect(actorOf(user, signsIn)).rejects.toMatchObject(refused);
      }
    }
    const { trigger, metrics, logger } = opened('customers');
    await trigger(eventOf({ customer: 'cus_short' }));
    expect(metrics.of('sign-in.refused')).toBe(1);
    expect(JSON.stringify(logger.lines)).not.toContain('cus_short');
  });

  it('gives no role where customers sign in, and no customer where staff do, and no token of there is taken for one', async () => {
    for (const role of StaffRole.options) {
      expect(meaning(await cognitoClaims(eventOf({ groups: [role] }), 'customers'))).toEqual(nothing);
      await expect(actorOf({ groups: [role] }, 'customers')).rejects.toMatchObject(refused);
    }
    expect(meaning(await cognitoClaims(eventOf({ customer }), 'staff'))).toEqual(nothing);
    await expect(actorOf({ customer }, 'staff')).rejects.toMatchObject(refused);
  });

  it('gives staff no role by a password alone: after the first one, and on a device that was remembered', async () => {
    const sources = ['TokenGeneration_NewPasswordChallenge', 'TokenGeneration_AuthenticateDevice'];
    for (const triggerSource of sources) {
      const event = eventOf({ groups: ['supervisor'] }, { triggerSource });
      expect(meaning(await cognitoClaims(event, 'staff'))).toEqual(nothing);
    }
    for (const triggerSource of ['HostedAuth', 'Authentication', 'RefreshTokens']) {
      const event = eventOf({ groups: ['supervisor'] }, { triggerSource: `TokenGeneration_${triggerSource}` });
      expect(meaning(await cognitoClaims(event, 'staff'))).toMatchObject({ roles: ['supervisor'] });
    }
  });

  it('lets staff work for twelve hours, and no longer however often they get new tokens', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const claims = await cognitoClaims(eventOf({ groups: ['agent'] }), 'staff');
    const at = (hours: number) => signAccessToken(keys, { ...claims, auth_time: seconds - hours * 3600 });
    await expect(verifier.verify(`Bearer ${at(11.9)}`)).resolves.toMatchObject({ kind: 'staff' });
    await expect(verifier.verify(`Bearer ${at(12.1)}`)).rejects.toMatchObject(refused);
    const own = await cognitoClaims(eventOf({ customer }), 'customers');
    const customers = signAccessToken(keys, { ...own, auth_time: seconds - 20 * 24 * 3600 });
    await expect(verifier.verify(`Bearer ${customers}`)).resolves.toMatchObject({ kind: 'customer' });
  });

  it('leaves no token the right to change its own user', async () => {
    for (const user of [{ customer }, { groups: ['agent'] }, {}])
      for (const signsIn of Signer.options) {
        const { scope } = await cognitoClaims(eventOf(user), signsIn);
        expect(String(scope)).not.toContain('aws.cognito.signin.user.admin');
      }
  });

  it('gives the scope of the API also where it was not asked for, at each kind of sign-in and refresh', async () => {
    for (const triggerSource of [
      'TokenGeneration_HostedAuth',
      'TokenGeneration_Authentication',
      'TokenGeneration_NewPasswordChallenge',
      'TokenGeneration_AuthenticateDevice',
      'TokenGeneration_RefreshTokens',
    ]) {
      for (const version of ['2', '3']) {
        const event = eventOf({ customer }, { triggerSource, version });
        event.request.scopes = ['aws.cognito.signin.user.admin'];
        expect(meaning(await cognitoClaims(event, 'customers'))).toMatchObject({ scopes: ['rotunda/api'], customer });
      }
    }
  });

  it('returns the tokens of machines as they are', async () => {
    const event = {
      ...eventOf({}),
      version: '3',
      triggerSource: 'TokenGeneration_ClientCredentials',
      request: { userAttributes: {}, groupConfiguration: {}, scopes: ['rotunda/api', 'rotunda/facts:write'] },
    };
    for (const signsIn of Signer.options) expect(await opened(signsIn).trigger(event)).toBe(event);
  });

  it('issues nothing by an event of a version that says nothing of access tokens', async () => {
    for (const event of [eventOf({ customer }, { version: '1' }), {}, null, 'text'])
      await expect(opened('customers').trigger(event)).rejects.toThrow();
  });

  it('returns the whole event, as Cognito wants it back', async () => {
    const event = eventOf({ customer });
    const answer = await opened('customers').trigger(event);
    expect(answer).toMatchObject({ ...event, response: {} });
  });

  it('never gives both roles and customer, nor either where others sign in, whatever groups and attribute a user has', () => {
    const groups = fc.array(fc.oneof(fc.constantFrom(...StaffRole.options), fc.string()));
    const own = fc.option(fc.oneof(fc.constant(customer), fc.string()), { nil: undefined });
    fc.assert(
      fc.property(groups, own, fc.constantFrom(...Signer.options), (named, attribute, signsIn) => {
        const claims = claimsOfUser({ groups: named, customer: attribute }, signsIn);
        if (claims !== undefined) expect('roles' in claims).toBe(signsIn === 'staff');
        const members = Object.entries(claims ?? {});
        expect(members.length).toBe(claims === undefined ? 0 : 1);
        if (claims !== undefined && 'roles' in claims)
          expect(claims.roles.length > 0 && claims.roles.every((role) => named.includes(role))).toBe(true);
        if (claims !== undefined && 'customer' in claims) expect(claims.customer).toBe(attribute);
      }),
    );
  });
});
