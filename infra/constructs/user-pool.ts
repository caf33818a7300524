import { Duration, Stack } from 'aws-cdk-lib';
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
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type FunctionName, functionNamed, functionsIn } from '#functions/manifest.ts';
import { type Deployment, isProtected, kept, physicalName } from '#infra/deployment.ts';
import type { ClientSetting, Signer } from '#shared/vocabulary/clients.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { constructId } from './construct-id.ts';
import { type Ground, HouseFunction } from './function.ts';
import { consoleMinutes, MachineClient, PeopleClient } from './user-pool-clients.ts';
import { resourceServerName, scopesOfPeople, scopesOfServer } from './user-pool-scopes.ts';

/** `cus_` and 26 characters. */
const customerIdLength = 30;

/** The function that writes the tokens of those who sign in to a pool. */
const tokenWriterOf = (signer: Signer): FunctionName => {
  const writer = functionsIn('stateful').find((name) => {
    const { name: called } = functionNamed(name).on;
    return called?.by === 'sign-in' && called.of === signer;
  });
  if (writer === undefined) throw new RangeError(`the manifest names no function for the sign-in of ${signer}`);
  return writer;
};

/** What a pool of one kind of people has that the other has not. */
interface Kind {
  /** House name of the pool. */
  readonly pool: string;
  readonly domain: (stage: string, account: string) => string;
  readonly mfa: Mfa;
  readonly writes: string;
}

const kinds: Readonly<Record<Signer, Kind>> = {
  customers: {
    pool: 'users',
    domain: (stage, account) => `rotunda-${stage}-${account}`,
    mfa: Mfa.OPTIONAL,
    writes: 'which customer somebody is',
  },
  staff: {
    pool: 'staff',
    domain: (stage, account) => `rotunda-${stage}-staff-${account}`,
    mfa: Mfa.REQUIRED,
    writes: 'the roles of staff',
  },
};

/**
 * Who signs in, staff or customers: people with an e-mail address that an administrator has entered, and nobody by themselves. A
 * pool asks for a second factor of everybody or of nobody, so each kind has one of its own, and the function that writes the access
 * tokens of a pool knows whom it is for. What is not of that kind gets a token without rights.
 */
abstract class SignInPool extends Construct {
  readonly pool: UserPool;
  readonly function: HouseFunction;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** Where tokens are got; `/oauth2/authorize` and `/oauth2/token` below it. */
  readonly signInUrl: string;
  /** The setting `clients` of the functions. */
  abstract readonly clients: Readonly<Record<string, ClientSetting>>;
  protected readonly server: CfnUserPoolResourceServer;

  constructor(scope: Construct, id: string, ground: Ground, signer: Signer) {
    super(scope, id);
    const { deployment } = ground;
    const { stage } = deployment.config;
    const kind = kinds[signer];
    this.function = new HouseFunction(this, 'Trigger', {
      ground,
      name: tokenWriterOf(signer),
      settings: { stage, signsIn: signer },
    });
    this.pool = this.#pool(deployment, kind);
    this.#letTriggerWriteTokens();
    this.server = new CfnUserPoolResourceServer(this, 'Server', {
      userPoolId: this.pool.userPoolId,
      identifier: resourceServerName,
      name: 'Rotunda',
      scopes: [...(signer === 'staff' ? scopesOfPeople : scopesOfServer)],
    });
    const { account, region, urlSuffix } = Stack.of(this);
    const domain = new UserPoolDomain(this, 'Domain', {
      userPool: this.pool,
      cognitoDomain: { domainPrefix: kind.domain(stage, account) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.issuer = `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`;
    this.signInUrl = `https://${domain.domainName}.auth.${region}.amazoncognito.com`;
  }

  #pool(deployment: Deployment, { pool, mfa }: Kind): UserPool {
    const { mail } = deployment.config;
    return new UserPool(this, 'Pool', {
      userPoolName: physicalName(deployment, pool),
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
      mfa,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: isProtected(deployment),
      ...(mail === undefined
        ? {}
        : {
            email: UserPoolEmail.withSES({
              fromEmail: mail.from,
              ...(mail.domain === undefined ? {} : { sesVerifiedDomain: mail.domain }),
            }),
          }),
      removalPolicy: kept,
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
}

/** Customers by the attribute `custom:customer`, by the portal, and machines with a secret. */
export class CustomerPool extends SignInPool {
  readonly clients: Readonly<Record<string, ClientSetting>>;
  /** Client ids of the programs, by their names in the configuration. */
  readonly machineClientIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, ground: Ground) {
    super(scope, id, ground, 'customers');
    const { config } = ground.deployment;
    const common = { pool: this.pool, server: this.server, config };
    const portal = { ...common, name: 'portal', signsIn: 'customers' as const, staysMinutes: config.portalMinutes };
    const returns = config.portalReturns;
    const people = returns.length === 0 ? [] : [new PeopleClient(this, 'Portal', { ...portal, returns })];
    const machines = config.machineClients.map((machine) => ({
      name: machine.name,
      client: new MachineClient(this, `Machine${constructId(machine.name)}`, { ...common, machine }),
    }));
    this.machineClientIds = new Map(machines.map(({ name, client }) => [name, client.clientId]));
    const all = [...people, ...machines.map(({ client }) => client)];
    this.clients = Object.fromEntries(all.map((client) => [client.clientId, client.setting]));
  }
}

/** Staff by groups named as their roles, by the console, and never without a second factor. */
export class StaffPool extends SignInPool {
  readonly clients: Readonly<Record<string, ClientSetting>>;

  constructor(scope: Construct, id: string, ground: Ground) {
    super(scope, id, ground, 'staff');
    this.#groups();
    const { config } = ground.deployment;
    const { clientId, setting } = new PeopleClient(this, 'Console', {
      pool: this.pool,
      server: this.server,
      config,
      name: 'console',
      signsIn: 'staff',
      returns: config.signInReturns,
      staysMinutes: consoleMinutes,
    });
    this.clients = { [clientId]: setting };
  }

  #groups(): void {
    for (const [precedence, role] of StaffRole.options.entries()) {
      new CfnUserPoolGroup(this, `Role${constructId(role)}`, {
        userPoolId: this.pool.userPoolId,
        groupName: role,
        description: `Staff with the role ${role}`,
        precedence,
      });
    }
  }
}
