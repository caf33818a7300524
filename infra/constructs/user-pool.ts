import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPool,
  CfnUserPoolGroup,
  CfnUserPoolResourceServer,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  StringAttribute,
  UserPool,
  UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { physicalName } from '#infra/deployment.ts';
import type { ClientSetting } from '#shared/vocabulary/clients.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { type Ground, HouseFunction } from './function.ts';
import { consoleMinutes, MachineClient, PeopleClient, portalMinutes } from './user-pool-clients.ts';
import { resourceServerName, scopesOfServer } from './user-pool-scopes.ts';

/** `cus_` and 26 characters. */
const customerIdLength = 30;

/** Construct id of a client: `head-end` becomes `HeadEnd`. */
const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/**
 * Who signs in: people with an e-mail address that an administrator has entered (staff by groups named as their roles,
 * customers by the attribute `custom:customer`), and machines with a secret. Nobody signs up by themselves. The function
 * `sign-in` writes roles or customer into the access token.
 */
export class SignInPool extends Construct {
  readonly pool: UserPool;
  readonly function: HouseFunction;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** Where people and machines get tokens; `/oauth2/authorize` and `/oauth2/token` below it. */
  readonly signInUrl: string;
  /** Client ids by name: `console`, `portal`, and `machine-<name>`. */
  readonly clientIds: Readonly<Record<string, string>>;
  /** The setting `clients` of the functions. */
  readonly clients: Readonly<Record<string, ClientSetting>>;

  constructor(scope: Construct, id: string, ground: Ground) {
    super(scope, id);
    const { deployment } = ground;
    const { config } = deployment;
    this.function = new HouseFunction(this, 'Trigger', {
      ground,
      name: 'sign-in',
      description: 'Rotunda: writes roles or customer into access tokens',
      settings: { stage: config.stage },
      memoryMb: 256,
      // Cognito waits five seconds.
      timeout: Duration.seconds(5),
    });
    this.pool = this.#pool(physicalName(deployment, 'users'), config.deletionProtection);
    this.#letTriggerWriteTokens();
    this.#groups();
    const server = new CfnUserPoolResourceServer(this, 'Server', {
      userPoolId: this.pool.userPoolId,
      identifier: resourceServerName,
      name: 'Rotunda',
      scopes: [...scopesOfServer],
    });
    const { account, region, urlSuffix } = Stack.of(this);
    const domain = new UserPoolDomain(this, 'Domain', {
      userPool: this.pool,
      cognitoDomain: { domainPrefix: `rotunda-${config.stage}-${account}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.issuer = `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`;
    this.signInUrl = `https://${domain.domainName}.auth.${region}.amazoncognito.com`;
    const common = { pool: this.pool, server, config };
    const people = [
      { name: 'console', returns: config.signInReturns, staysMinutes: consoleMinutes },
      { name: 'portal', returns: config.portalReturns, staysMinutes: portalMinutes },
    ]
      .filter(({ returns }) => returns.length > 0)
      .map((one) => ({ name: one.name, client: new PeopleClient(this, pascal(one.name), { ...common, ...one }) }));
    const machines = config.machineClients.map((machine) => ({
      name: `machine-${machine.name}`,
      client: new MachineClient(this, `Machine${pascal(machine.name)}`, { ...common, machine }),
    }));
    const all = [...people, ...machines];
    this.clientIds = Object.fromEntries(all.map(({ name, client }) => [name, client.clientId]));
    this.clients = Object.fromEntries(all.map(({ client }) => [client.clientId, client.setting]));
  }

  #pool(name: string, deletionProtection: boolean): UserPool {
    return new UserPool(this, 'Pool', {
      userPoolName: name,
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // A new address counts once its owner has confirmed it.
      keepOriginal: { email: true },
      customAttributes: {
        customer: new StringAttribute({ minLen: customerIdLength, maxLen: customerIdLength, mutable: true }),
      },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        passwordHistorySize: 5,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** The second form of the trigger is the first that writes access tokens. Machines' tokens need nothing written. */
  #letTriggerWriteTokens(): void {
    const { pool } = this;
    const { alias } = this.function;
    const resource = pool.node.defaultChild;
    if (!(resource instanceof CfnUserPool)) throw new TypeError('the pool is made of no CfnUserPool');
    resource.addPropertyOverride('LambdaConfig.PreTokenGenerationConfig', {
      LambdaArn: alias.functionArn,
      LambdaVersion: 'V2_0',
    });
    alias.addPermission('Cognito', {
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: pool.userPoolArn,
    });
  }

  #groups(): void {
    for (const [precedence, role] of StaffRole.options.entries()) {
      new CfnUserPoolGroup(this, `Role${pascal(role)}`, {
        userPoolId: this.pool.userPoolId,
        groupName: role,
        description: `Staff with the role ${role}`,
        precedence,
      });
    }
  }
}
