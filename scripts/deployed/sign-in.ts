import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
  UpdateUserPoolClientCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import type { Signer } from '#shared/vocabulary/clients.ts';
import type { Asker } from '#tests/support/api-client.ts';
import type { Clients } from './aws.ts';
import { beginProof } from './srp.ts';
import { periodMs, totp } from './totp.ts';

const Challenge = z.object({
  USER_ID_FOR_SRP: z.string(),
  SALT: z.string(),
  SRP_B: z.string(),
  SECRET_BLOCK: z.string(),
});
const Grant = z.object({ access_token: z.string() });

const tokenIn = (answered: RespondToAuthChallengeCommandOutput, username: string): string => {
  const token = answered.AuthenticationResult?.AccessToken;
  if (token === undefined) throw new Error(`${username} gets no token: ${answered.ChallengeName}`);
  return token;
};

type Person = Exclude<Asker, { readonly client: string }>;

/** Where people and machines sign in. */
export interface SignInPlace {
  /** Ids of the user pools. */
  readonly pools: Readonly<Record<Signer, string>>;
  /** Where machines get tokens. */
  readonly tokenUrl: string;
  /**
   * The second factor of staff: an authenticator, which each sets up at the first sign-in; or, where a user pool only pretends to
   * ask for one, whatever code there is.
   */
  readonly factor: 'authenticator' | 'any code';
}

/** Signs people and machines in to the deployed user pools, each in the way their pool is set up for. */
export class SignIn {
  readonly #clients: Clients;
  readonly #place: SignInPlace;
  readonly #ids = new Map<string, string>();
  readonly #people = new Set<string>();
  /** Names of people that do not follow from who they are. */
  readonly #names = new Map<string, string>();
  /** Secrets of authenticators, and the half minute whose code was taken last, by name. */
  readonly #authenticators = new Map<string, { readonly secret: string; readonly used: number }>();
  readonly #password = `Aa1-${randomUUID()}`;

  constructor(clients: Clients, place: SignInPlace) {
    this.#clients = clients;
    this.#place = place;
  }

  get #pools(): SignInPlace['pools'] {
    return this.#place.pools;
  }

  /** Id of the user pool of staff. */
  get staffPool(): string {
    return this.#place.pools.staff;
  }

  get factor(): SignInPlace['factor'] {
    return this.#place.factor;
  }

  /** Looks anew for clients when one is asked for: a deployment may have made others. */
  forgetClients(): void {
    this.#ids.clear();
  }

  /** An access token of whoever asks. */
  tokenOf(asker: Asker): Promise<string> {
    return 'client' in asker ? this.#machineToken(asker.client) : this.personToken(asker);
  }

  /** Client id by name: `console`, `portal`, `machine-<name>`. */
  async #clientId(name: string): Promise<string> {
    if (this.#ids.size === 0) {
      for (const UserPoolId of Object.values(this.#pools)) {
        const list = new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 });
        const { UserPoolClients = [] } = await this.#clients.cognito.send(list);
        for (const { ClientName = '', ClientId = '' } of UserPoolClients) this.#ids.set(ClientName, ClientId);
      }
    }
    const id = this.#ids.get(name);
    if (id === undefined) throw new Error(`no client ${name}; there are ${[...this.#ids.keys()].join(', ')}`);
    return id;
  }

  /** By the grant of client credentials. */
  async #machineToken(name: string): Promise<string> {
    const ClientId = await this.#clientId(`machine-${name}`);
    const describe = new DescribeUserPoolClientCommand({ UserPoolId: this.#pools.customers, ClientId });
    const { UserPoolClient } = await this.#clients.cognito.send(describe);
    const { ClientSecret = '', AllowedOAuthScopes = [] } = UserPoolClient ?? {};
    const response = await fetch(this.#place.tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ClientId}:${ClientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: AllowedOAuthScopes.join(' ') }),
    });
    if (!response.ok) throw new Error(`${name} gets no token: ${response.status} ${await response.text()}`);
    return Grant.parse(await response.json()).access_token;
  }

  /** Somebody who was entered, and invited, by somebody else: gives them the password that the invitation would have them choose. */
  async adopt(asker: Person, Username: string): Promise<void> {
    const UserPoolId = this.#pools['role' in asker ? 'staff' : 'customers'];
    const set = new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: this.#password, Permanent: true });
    await this.#clients.cognito.send(set);
    await this.#preset(UserPoolId, Username, 'role' in asker);
    this.#names.set(JSON.stringify(asker), Username);
    this.#people.add(Username);
  }

  /** Gives staff a second factor that nobody has proven, where their pool takes one. */
  async #preset(UserPoolId: string, Username: string, isStaff: boolean): Promise<void> {
    if (!isStaff || this.#place.factor === 'authenticator') return;
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
    const set = new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, SoftwareTokenMfaSettings });
    await this.#clients.cognito.send(set);
  }

  /** Enters somebody as an administrator does: staff in the group of their role, a customer with their id. */
  async #enter(asker: Person): Promise<string> {
    const isStaff = 'role' in asker;
    const Username =
      this.#names.get(JSON.stringify(asker)) ?? `${isStaff ? asker.role : asker.customer.toLowerCase()}@example.com`;
    if (this.#people.has(Username)) return Username;
    const at = { UserPoolId: this.#pools[isStaff ? 'staff' : 'customers'], Username };
    const { cognito } = this.#clients;
    await cognito.send(
      new AdminCreateUserCommand({
        ...at,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: Username },
          { Name: 'email_verified', Value: 'true' },
          ...(isStaff ? [] : [{ Name: 'custom:customer', Value: asker.customer }]),
        ],
      }),
    );
    await cognito.send(new AdminSetUserPasswordCommand({ ...at, Password: this.#password, Permanent: true }));
    if (isStaff) {
      await cognito.send(new AdminAddUserToGroupCommand({ ...at, GroupName: asker.role }));
      await this.#preset(at.UserPoolId, Username, isStaff);
    }
    this.#people.add(Username);
    return Username;
  }

  /** By secure remote password, and of staff by an authenticator too; the trigger writes roles or customer into the token. */
  async personToken(asker: Person): Promise<string> {
    const USERNAME = await this.#enter(asker);
    const isStaff = 'role' in asker;
    const ClientId = await this.#clientId(isStaff ? 'console' : 'portal');
    const proven = await this.#prove(USERNAME, ClientId, this.#pools[isStaff ? 'staff' : 'customers']);
    return isStaff ? this.#byFactor(USERNAME, ClientId, proven) : tokenIn(proven, USERNAME);
  }

  /** What the pool answers to a password that is right. */
  async #prove(USERNAME: string, ClientId: string, pool: string): Promise<RespondToAuthChallengeCommandOutput> {
    const proof = beginProof(pool, this.#password);
    const { cognito } = this.#clients;
    const begun = await cognito.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME, SRP_A: proof.publicHex },
      }),
    );
    const asked = Challenge.parse(begun.ChallengeParameters);
    const { timestamp, signature } = proof.answer({
      userId: asked.USER_ID_FOR_SRP,
      salt: asked.SALT,
      serverPublic: asked.SRP_B,
      secretBlock: asked.SECRET_BLOCK,
    });
    return cognito.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: {
          USERNAME: asked.USER_ID_FOR_SRP,
          TIMESTAMP: timestamp,
          PASSWORD_CLAIM_SIGNATURE: signature,
          PASSWORD_CLAIM_SECRET_BLOCK: asked.SECRET_BLOCK,
        },
      }),
    );
  }

  /** The second factor; a pool that does not ask for it is none of staff. */
  async #byFactor(USERNAME: string, ClientId: string, proven: RespondToAuthChallengeCommandOutput): Promise<string> {
    const { ChallengeName, Session, AuthenticationResult } = proven;
    const { cognito } = this.#clients;
    if (ChallengeName === 'MFA_SETUP') {
      const session = await this.#setUp(USERNAME, Session);
      const ready = { ClientId, ChallengeName, Session: session, ChallengeResponses: { USERNAME } };
      return tokenIn(await cognito.send(new RespondToAuthChallengeCommand(ready)), USERNAME);
    }
    if (ChallengeName !== 'SOFTWARE_TOKEN_MFA' || AuthenticationResult !== undefined)
      throw new Error(`${USERNAME} is asked for no second factor: ${ChallengeName}`);
    const SOFTWARE_TOKEN_MFA_CODE = await this.#code(USERNAME);
    const answer = { ClientId, ChallengeName, Session, ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE } };
    return tokenIn(await cognito.send(new RespondToAuthChallengeCommand(answer)), USERNAME);
  }

  /** Sets up the authenticator of somebody who signs in for the first time; answers the session in which the sign-in goes on. */
  async #setUp(username: string, session: string | undefined): Promise<string | undefined> {
    const { cognito } = this.#clients;
    const made = await cognito.send(new AssociateSoftwareTokenCommand({ Session: session }));
    if (made.SecretCode === undefined) throw new Error(`${username} gets no secret for an authenticator`);
    this.#authenticators.set(username, { secret: made.SecretCode, used: 0 });
    const UserCode = await this.#code(username);
    const { Status, Session } = await cognito.send(new VerifySoftwareTokenCommand({ Session: made.Session, UserCode }));
    if (Status !== 'SUCCESS') throw new Error(`the authenticator of ${username} was not taken: ${Status}`);
    return Session;
  }

  /** What the authenticator shows; a code is good for once, so that the next is waited for. */
  async #code(username: string): Promise<string> {
    if (this.#place.factor === 'any code') return '000000';
    const { secret, used } = this.#authenticators.get(username) ?? {};
    if (secret === undefined || used === undefined) throw new Error(`${username} has no authenticator here`);
    const free = (used + 1) * periodMs;
    if (Date.now() < free) await sleep(free - Date.now());
    const now = Date.now();
    this.#authenticators.set(username, { secret, used: Math.floor(now / periodMs) });
    return totp(secret, now);
  }

  /** A token of an agent that was good for a second; the client is set back as it was. */
  async shortToken(): Promise<string> {
    const at = { UserPoolId: this.#pools.staff, ClientId: await this.#clientId('console') };
    const { cognito } = this.#clients;
    const { UserPoolClient: before } = await cognito.send(new DescribeUserPoolClientCommand(at));
    const { ClientSecret: _secret, CreationDate: _created, LastModifiedDate: _modified, ...kept } = before ?? {};
    const units = { ...kept.TokenValidityUnits, AccessToken: 'seconds' as const };
    await cognito.send(
      new UpdateUserPoolClientCommand({ ...kept, ...at, AccessTokenValidity: 1, TokenValidityUnits: units }),
    );
    try {
      return await this.personToken({ role: 'agent' });
    } finally {
      await cognito.send(new UpdateUserPoolClientCommand({ ...kept, ...at }));
    }
  }
}
