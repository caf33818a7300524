import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  RespondToAuthChallengeCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { apiScope } from '#shared/edge/actor.ts';
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

/** Signs people and machines in to the deployed user pool, each in the way the pool is set up for. */
export class SignIn {
  readonly #clients: Clients;
  readonly #poolId: string;
  readonly #endpoint: string;
  readonly #ids = new Map<string, string>();
  readonly #people = new Set<string>();

  constructor(clients: Clients, poolId: string, endpoint: string) {
    this.#clients = clients;
    this.#poolId = poolId;
    this.#endpoint = endpoint;
  }

  /** An access token of whoever asks. */
  tokenOf(asker: Asker): Promise<string> {
    return 'client' in asker ? this.#machineToken(asker.client) : this.personToken(asker);
  }

  /** Client id by name: `console`, `portal`, `machine-<name>`. */
  async #clientId(name: string): Promise<string> {
    if (this.#ids.size === 0) {
      const list = new ListUserPoolClientsCommand({ UserPoolId: this.#poolId, MaxResults: 60 });
      const { UserPoolClients = [] } = await this.#clients.cognito.send(list);
      for (const { ClientName = '', ClientId = '' } of UserPoolClients) this.#ids.set(ClientName, ClientId);
    }
    const id = this.#ids.get(name);
    if (id === undefined) throw new Error(`no client ${name}; there are ${[...this.#ids.keys()].join(', ')}`);
    return id;
  }

  /** By the grant of client credentials. */
  async #machineToken(name: string): Promise<string> {
    const ClientId = await this.#clientId(`machine-${name}`);
    const describe = new DescribeUserPoolClientCommand({ UserPoolId: this.#poolId, ClientId });
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
  async #enter(asker: Exclude<Asker, { readonly client: string }>): Promise<string> {
    const isStaff = 'role' in asker;
    const Username = `${isStaff ? asker.role : asker.customer.toLowerCase()}@example.com`;
    if (this.#people.has(Username)) return Username;
    const at = { UserPoolId: this.#poolId, Username };
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
    if (isStaff) await cognito.send(new AdminAddUserToGroupCommand({ ...at, GroupName: asker.role }));
    this.#people.add(Username);
    return Username;
  }

  /** By secure remote password; the trigger writes roles or customer into the token. */
  async personToken(asker: Exclude<Asker, { readonly client: string }>): Promise<string> {
    const USERNAME = await this.#enter(asker);
    const ClientId = await this.#clientId('role' in asker ? 'console' : 'portal');
    const proof = beginProof(this.#poolId, password);
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
    const answered = await cognito.send(
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
    const token = answered.AuthenticationResult?.AccessToken;
    if (token === undefined) throw new Error(`${USERNAME} gets no token: ${answered.ChallengeName}`);
    return token;
  }

  /** A token of an agent that was good for a second; the client is set back as it was. */
  async shortToken(): Promise<string> {
    const at = { UserPoolId: this.#poolId, ClientId: await this.#clientId('console') };
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

/** Whether the scope of the API stands in a token, as the gateway asks. */
export const hasApiScope = (token: string): boolean => {
  const Scopes = z.object({ scope: z.string() });
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return Scopes.parse(JSON.parse(payload)).scope.split(' ').includes(apiScope);
};
