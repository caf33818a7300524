import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import type { Signer } from '#shared/vocabulary/clients.ts';
import type { Asker } from '#tests/support/api-client.ts';
import type { Clients } from './aws.ts';
import { beginProof } from './srp.ts';

const Challenge = z.object({
  USER_ID_FOR_SRP: z.string(),
  SALT: z.string(),
  SRP_B: z.string(),
  SECRET_BLOCK: z.string(),
});
const Grant = z.object({ access_token: z.string() });

const password = 'Deploy-Test-Only-1';

const tokenIn = (answered: RespondToAuthChallengeCommandOutput, username: string): string => {
  const token = answered.AuthenticationResult?.AccessToken;
  if (token === undefined) throw new Error(`${username} gets no token: ${answered.ChallengeName}`);
  return token;
};

type Person = Exclude<Asker, { readonly client: string }>;

/** Signs people and machines in to the deployed user pools, each in the way their pool is set up for. */
export class SignIn {
  readonly #clients: Clients;
  readonly #pools: Readonly<Record<Signer, string>>;
  readonly #endpoint: string;
  readonly #ids = new Map<string, string>();
  readonly #people = new Set<string>();

  /** @param pools ids of the user pools */
  constructor(clients: Clients, pools: Readonly<Record<Signer, string>>, endpoint: string) {
    this.#clients = clients;
    this.#pools = pools;
    this.#endpoint = endpoint;
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
    const response = await fetch(`${this.#endpoint}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ClientId}:${ClientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: AllowedOAuthScopes.join(' ') }),
    });
    if (!response.ok) throw new Error(`${name} gets no token: ${response.status} ${await response.text()}`);
    return Grant.parse(await response.json()).access_token;
  }

  /** Enters somebody as an administrator does: staff in the group of their role, a customer with their id. */
  async #enter(asker: Person): Promise<string> {
    const isStaff = 'role' in asker;
    const Username = `${isStaff ? asker.role : asker.customer.toLowerCase()}@example.com`;
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
    await cognito.send(new AdminSetUserPasswordCommand({ ...at, Password: password, Permanent: true }));
    if (isStaff) {
      await cognito.send(new AdminAddUserToGroupCommand({ ...at, GroupName: asker.role }));
      const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
      await cognito.send(new AdminSetUserMFAPreferenceCommand({ ...at, SoftwareTokenMfaSettings }));
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
    const proof = beginProof(pool, password);
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

  /** The second factor; a pool that does not ask for it is none of staff. Any code will do here: no secret was agreed on. */
  async #byFactor(
    USERNAME: string,
    ClientId: string,
    { ChallengeName, Session, AuthenticationResult }: RespondToAuthChallengeCommandOutput,
  ): Promise<string> {
    if (ChallengeName !== 'SOFTWARE_TOKEN_MFA' || AuthenticationResult !== undefined)
      throw new Error(`${USERNAME} is asked for no second factor: ${ChallengeName}`);
    const answered = await this.#clients.cognito.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE: '000000' },
      }),
    );
    return tokenIn(answered, USERNAME);
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
