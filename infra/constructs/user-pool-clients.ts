import {
  CfnManagedLoginBranding,
  CfnUserPoolClient,
  type CfnUserPoolResourceServer,
  type UserPool,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { kept } from '#infra/deployment.ts';
import { type ClientSetting, type Signer, staffSessionSeconds } from '#shared/vocabulary/clients.ts';
import { apiScope, resourceServerName } from './user-pool-scopes.ts';

/** What a client has of a user; nobody's own client may say which customer somebody is. */
const readable = ['email', 'email_verified', 'name', 'custom:customer'];
const writable = ['email', 'name'];

const loopback = /^http:\/\/localhost(:\d+)?\//;

/** An address that a sign-in may lead back to: https, or this very machine in a stage for development. */
const checkReturn = (address: string, { stage, development }: StageConfig): string => {
  if (address.startsWith('https://') || (development && loopback.test(address))) return address;
  throw new RangeError(`a sign-in of ${stage} must not lead back to ${address}: not https`);
};

const minutes = { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'minutes' } as const;
const hour = 60;
/** How long a token of people is good once a role was taken away, or somebody signed out. */
const quarter = 15;

interface ClientProps {
  readonly pool: UserPool;
  readonly server: CfnUserPoolResourceServer;
  readonly config: StageConfig;
}

export interface PeopleClientProps extends ClientProps {
  readonly name: string;
  /** Who signs in by it. */
  readonly signsIn: Signer;
  readonly returns: readonly string[];
  /** Minutes until somebody who stays signed in must sign in anew. */
  readonly staysMinutes: number;
}

/** An app that people sign in with: it keeps no secret, so it proves itself by code and PKCE, and each refresh token works once. */
export class PeopleClient extends Construct {
  readonly clientId: string;
  readonly setting: ClientSetting;

  constructor(scope: Construct, id: string, props: PeopleClientProps) {
    super(scope, id);
    const { pool, server, config, name } = props;
    this.setting = { kind: 'people', signsIn: [props.signsIn] };
    const returns = props.returns.map((address) => checkReturn(address, config));
    const client = new CfnUserPoolClient(this, 'Client', {
      userPoolId: pool.userPoolId,
      clientName: name,
      generateSecret: false,
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['code'],
      allowedOAuthScopes: ['openid', 'profile', 'email', apiScope],
      callbackUrLs: returns,
      logoutUrLs: returns,
      supportedIdentityProviders: ['COGNITO'],
      // No password crosses the wire, and without an own flow Cognito would open its default ones.
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      preventUserExistenceErrors: 'ENABLED',
      enableTokenRevocation: true,
      refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 30 },
      accessTokenValidity: quarter,
      idTokenValidity: quarter,
      // The last token that is got by refreshing ends with the stay, not after it.
      refreshTokenValidity: props.staysMinutes - quarter,
      tokenValidityUnits: minutes,
      authSessionValidity: 5,
      readAttributes: readable,
      writeAttributes: writable,
    });
    client.applyRemovalPolicy(kept);
    client.addResourceDependency(server);
    new CfnManagedLoginBranding(this, 'Pages', {
      userPoolId: pool.userPoolId,
      clientId: client.ref,
      useCognitoProvidedValues: true,
    });
    this.clientId = client.ref;
  }
}

/** The console of staff: a working day. */
export const consoleMinutes = staffSessionSeconds / 60;

export interface MachineClientProps extends ClientProps {
  readonly machine: StageConfig['machineClients'][number];
}

/** A program that calls the API with a secret of its own, for its sources and with its scopes alone. */
export class MachineClient extends Construct {
  readonly clientId: string;
  readonly setting: ClientSetting;

  constructor(scope: Construct, id: string, { pool, server, machine }: MachineClientProps) {
    super(scope, id);
    const client = new CfnUserPoolClient(this, 'Client', {
      userPoolId: pool.userPoolId,
      clientName: `machine-${machine.name}`,
      generateSecret: true,
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['client_credentials'],
      allowedOAuthScopes: [apiScope, ...machine.scopes.map((scope_) => `${resourceServerName}/${scope_}`)],
      // No way in for people: without an own flow Cognito would open its default ones.
      explicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      preventUserExistenceErrors: 'ENABLED',
      enableTokenRevocation: true,
      accessTokenValidity: hour,
      idTokenValidity: hour,
      refreshTokenValidity: hour,
      tokenValidityUnits: minutes,
      readAttributes: ['email'],
      writeAttributes: writable,
    });
    client.applyRemovalPolicy(kept);
    client.addResourceDependency(server);
    this.clientId = client.ref;
    this.setting = { kind: 'machine', sources: [...machine.sources] };
  }
}
