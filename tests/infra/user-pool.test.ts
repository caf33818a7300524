import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { stageConfig } from '#infra/config.ts';
import { machineScopes } from '#infra/constructs/user-pool-scopes.ts';
import { actRules } from '#shared/access/acts.ts';
import { apiScope } from '#shared/edge/actor.ts';
import { environmentName } from '#shared/runtime/settings.ts';
import { ClientSetting, Signer, staffSessionSeconds } from '#shared/vocabulary/clients.ts';
import { idFrom } from '#shared/vocabulary/ids.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { place, type StackTemplate, synthesise, type TemplateResource } from '#tests/support/templates.ts';

let stacks: Readonly<Record<'dev' | 'prod', Readonly<Record<string, StackTemplate>>>>;
beforeAll(() => {
  stacks = { dev: synthesise('dev'), prod: synthesise('prod') };
}, 300_000);

const stackOf = (stage: 'dev' | 'prod', name: string): StackTemplate => {
  const found = stacks[stage][name];
  if (found === undefined) throw new Error(`no stack ${name}`);
  return found;
};

const Client = z.looseObject({
  ClientName: z.string(),
  GenerateSecret: z.boolean(),
  AllowedOAuthFlows: z.array(z.string()),
  AllowedOAuthScopes: z.array(z.string()),
  CallbackURLs: z.array(z.string()).optional(),
  LogoutURLs: z.array(z.string()).optional(),
  ExplicitAuthFlows: z.array(z.string()),
  WriteAttributes: z.array(z.string()).min(1),
  AccessTokenValidity: z.number(),
  RefreshTokenValidity: z.number(),
  TokenValidityUnits: z.looseObject({ AccessToken: z.literal('minutes'), RefreshToken: z.literal('minutes') }),
});
const clientsOf = (stage: 'dev' | 'prod') =>
  stackOf(stage, 'Stateful')
    .ofType('AWS::Cognito::UserPoolClient')
    .map(({ logicalId, DeletionPolicy, Properties }) => ({
      logicalId,
      DeletionPolicy,
      Properties,
      ...Client.parse(Properties),
    }));
const people = (stage: 'dev' | 'prod') => clientsOf(stage).filter(({ GenerateSecret }) => !GenerateSecret);
const machines = (stage: 'dev' | 'prod') => clientsOf(stage).filter(({ GenerateSecret }) => GenerateSecret);
const poolsOf = (stage: 'dev' | 'prod') => stackOf(stage, 'Stateful').ofType('AWS::Cognito::UserPool');
const poolOf = (stage: 'dev' | 'prod', signer: Signer): TemplateResource => {
  const name = `rotunda-${stage}-${signer === 'staff' ? 'staff' : 'users'}`;
  const [found, ...more] = poolsOf(stage).filter(({ Properties }) => Properties?.UserPoolName === name);
  if (found === undefined || more.length > 0) throw new Error(`${more.length} more of ${name}`);
  return found;
};
/** What stands in a pool. */
const inPool = (stage: 'dev' | 'prod', type: string, signer: Signer): readonly TemplateResource[] =>
  stackOf(stage, 'Stateful')
    .ofType(type)
    .filter(({ Properties }) => isDeepStrictEqual(Properties?.UserPoolId, { Ref: poolOf(stage, signer).logicalId }));

describe('the user pools', () => {
  it('are one of staff and one of customers, and no more', () => {
    for (const stage of ['dev', 'prod'] as const) expect(poolsOf(stage)).toHaveLength(Signer.options.length);
  });

  it.each([
    ['staff', 'ON'],
    ['customers', 'OPTIONAL'],
  ] as const)(
    'let in whom an administrator has entered, by e-mail address and a strong password; a second factor of %s is %s',
    (signer, mfa) => {
      expect(poolOf('prod', signer).Properties).toMatchObject({
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        UserPoolTier: 'ESSENTIALS',
        MfaConfiguration: mfa,
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
        Policies: {
          PasswordPolicy: {
            MinimumLength: 12,
            RequireLowercase: true,
            RequireNumbers: true,
            RequireSymbols: true,
            RequireUppercase: true,
          },
        },
      });
      // A device that was remembered would be asked for no factor.
      expect(poolOf('prod', signer).Properties?.DeviceConfiguration).toBeUndefined();
    },
  );

  it('outlive their stack, and with them the clients', () => {
    for (const stage of ['dev', 'prod'] as const) {
      for (const pool of poolsOf(stage)) {
        expect(pool.Properties?.DeletionProtection).toBe(stage === 'prod' ? 'ACTIVE' : 'INACTIVE');
        expect([pool.DeletionPolicy, pool.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
      }
      for (const client of clientsOf(stage)) expect(client.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  it.each([
    ['staff', 'rotunda-dev-sign-in-staff'],
    ['customers', 'rotunda-dev-sign-in'],
  ] as const)(
    'have access tokens of %s written by the function %s, which knows them and which the pool alone may call',
    (signer, name) => {
      const Config = z.object({
        PreTokenGenerationConfig: z.object({
          LambdaArn: z.object({ Ref: z.string() }),
          LambdaVersion: z.literal('V2_0'),
        }),
      });
      const { PreTokenGenerationConfig } = Config.parse(poolOf('dev', signer).Properties?.LambdaConfig);
      const stateful = stackOf('dev', 'Stateful');
      const alias = stateful
        .ofType('AWS::Lambda::Alias')
        .find(({ logicalId }) => logicalId === PreTokenGenerationConfig.LambdaArn.Ref);
      expect(alias?.Properties).toMatchObject({ Name: 'live' });
      const Version = z.looseObject({ FunctionName: z.object({ Ref: z.string() }) });
      const { Ref: ofAlias } = Version.parse(alias?.Properties).FunctionName;
      const trigger = stateful.ofType('AWS::Lambda::Function').find(({ logicalId }) => logicalId === ofAlias);
      expect(trigger?.Properties).toMatchObject({
        FunctionName: name,
        Environment: { Variables: { [environmentName('signsIn')]: signer } },
      });
      const permissions = stateful
        .ofType('AWS::Lambda::Permission')
        .map(({ Properties }) => Properties)
        .filter((properties) => isDeepStrictEqual(properties?.FunctionName, PreTokenGenerationConfig.LambdaArn));
      expect(permissions).toMatchObject([
        {
          Action: 'lambda:InvokeFunction',
          Principal: 'cognito-idp.amazonaws.com',
          FunctionName: PreTokenGenerationConfig.LambdaArn,
          SourceArn: { 'Fn::GetAtt': [poolOf('dev', signer).logicalId, 'Arn'] },
        },
      ]);
    },
  );

  it('have a group for each role, among staff alone', () => {
    const groups = (signer: Signer) => inPool('dev', 'AWS::Cognito::UserPoolGroup', signer);
    expect(
      groups('staff')
        .map(({ Properties }) => Properties?.GroupName)
        .sort(),
    ).toEqual([...StaffRole.options].sort());
    expect(groups('customers')).toEqual([]);
  });

  it('keep which customer somebody is, in the length of an id, where no client can write it', () => {
    const Schema = z.array(z.looseObject({ Name: z.string() }));
    const { length } = idFrom('customer', '0'.repeat(26));
    expect(Schema.parse(poolOf('dev', 'customers').Properties?.Schema)).toMatchObject([
      { Name: 'customer', StringAttributeConstraints: { MinLength: String(length), MaxLength: String(length) } },
    ]);
    expect(clientsOf('prod').length).toBeGreaterThan(5);
    for (const { WriteAttributes } of clientsOf('prod')) expect(WriteAttributes).toEqual(['email', 'name']);
  });

  it('offer the scopes that the policy of the API knows to machines, and to all the one that every token carries', () => {
    const Server = z.looseObject({
      Identifier: z.string(),
      Scopes: z.array(z.object({ ScopeName: z.string(), ScopeDescription: z.string() })),
    });
    const serverOf = (signer: Signer) =>
      Server.parse(inPool('dev', 'AWS::Cognito::UserPoolResourceServer', signer)[0]?.Properties);
    const staff = serverOf('staff');
    expect(staff.Scopes.map(({ ScopeName }) => `${staff.Identifier}/${ScopeName}`)).toEqual([apiScope]);
    const { Identifier, Scopes } = serverOf('customers');
    const known = new Set(Object.values(actRules).flatMap((rule): readonly string[] => rule.scopes));
    expect(Scopes.map(({ ScopeName }) => `${Identifier}/${ScopeName}`).sort()).toEqual(
      [apiScope, ...[...known].map((scope) => `rotunda/${scope}`)].sort(),
    );
    expect(machineScopes).toEqual([
      'customers:read',
      'facts:write',
      'imports:write',
      'meters:write',
      'tariffs:write',
      'usage:read',
      'weather:write',
    ]);
    for (const { ScopeDescription } of Scopes) expect(ScopeDescription.length).toBeLessThanOrEqual(256);
  });
});

describe('clients of people', () => {
  it('are the console in the pool of staff and the portal in that of customers, with no machine among staff', () => {
    const named = (signer: Signer) =>
      inPool('prod', 'AWS::Cognito::UserPoolClient', signer).map(({ Properties }) => String(Properties?.ClientName));
    expect(named('staff')).toEqual(['console']);
    expect(named('customers').filter((name) => !name.startsWith('machine-'))).toEqual(['portal']);
  });

  it('are the console and the portal, each with pages to sign in at', () => {
    expect(
      people('prod')
        .map(({ ClientName }) => ClientName)
        .sort(),
    ).toEqual(['console', 'portal']);
    const pages = stackOf('prod', 'Stateful').ofType('AWS::Cognito::ManagedLoginBranding');
    expect(pages.map(({ Properties }) => Properties?.ClientId)).toEqual(
      people('prod').map(({ logicalId }) => ({ Ref: logicalId })),
    );
    for (const [signer, Domain] of [
      ['customers', `rotunda-prod-${place.account}`],
      ['staff', `rotunda-prod-staff-${place.account}`],
    ] as const) {
      const [domain] = inPool('prod', 'AWS::Cognito::UserPoolDomain', signer);
      expect(domain?.Properties).toMatchObject({ Domain, ManagedLoginVersion: 2 });
    }
  });

  it('prove themselves by code and PKCE: no secret, no implicit flow, no password sent', () => {
    for (const client of people('prod')) {
      expect(client.AllowedOAuthFlows).toEqual(['code']);
      expect(client.ExplicitAuthFlows).toEqual(['ALLOW_USER_SRP_AUTH']);
      expect(client.AllowedOAuthScopes).toContain(apiScope);
      expect(client.AllowedOAuthScopes.filter((scope) => scope.startsWith('rotunda/'))).toEqual([apiScope]);
      expect(client.AllowedOAuthScopes).not.toContain('aws.cognito.signin.user.admin');
    }
  });

  it('lead back to https alone, but on the own machine of a developer', () => {
    const returns = (stage: 'dev' | 'prod') =>
      people(stage).flatMap(({ CallbackURLs, LogoutURLs }) => [...(CallbackURLs ?? []), ...(LogoutURLs ?? [])]);
    expect(returns('prod').length).toBeGreaterThan(1);
    for (const address of returns('prod')) expect(address).toMatch(/^https:\/\//);
    for (const address of returns('dev')) expect(address).toMatch(/^(https:\/\/|http:\/\/localhost[:/])/);
    for (const address of ['http://console.example.com/', 'http://localhost.example.com/', 'http://localhost:8080/']) {
      expect(() => synthesise('staging', (config) => ({ ...config, signInReturns: [address] }))).toThrow(/not https/);
    }
    expect(() => synthesise('dev', (config) => ({ ...config, portalReturns: ['http://10.0.0.1/'] }))).toThrow(
      /not https/,
    );
  }, 120_000);

  it('do not tell who has an account, and give tokens that end within the hour and can be revoked', () => {
    for (const client of clientsOf('prod')) {
      expect(client.Properties).toMatchObject({ PreventUserExistenceErrors: 'ENABLED', EnableTokenRevocation: true });
      expect(client.AccessTokenValidity).toBeLessThanOrEqual(60);
    }
    const stays = Object.fromEntries(
      people('prod').map((client) => [
        client.ClientName,
        (client.RefreshTokenValidity + client.AccessTokenValidity) * 60,
      ]),
    );
    const { portalMinutes } = stageConfig('prod', place);
    expect(stays).toEqual({ console: staffSessionSeconds, portal: portalMinutes * 60 });
    expect(staffSessionSeconds).toBe(12 * 3600);
    for (const client of people('prod')) {
      expect(client.Properties?.RefreshTokenRotation).toMatchObject({ Feature: 'ENABLED' });
    }
  });
});

describe('clients of machines', () => {
  it('are those of the configuration, with a secret and their own scopes, and no way in for people', () => {
    const { machineClients } = stageConfig('prod', place);
    const scopesByName = Object.fromEntries(
      machines('prod').map((client) => [client.ClientName, client.AllowedOAuthScopes]),
    );
    expect(scopesByName).toEqual(
      Object.fromEntries(
        machineClients.map(({ name, scopes }) => [
          `machine-${name}`,
          [apiScope, ...scopes.map((scope) => `rotunda/${scope}`)],
        ]),
      ),
    );
    for (const client of machines('prod')) {
      expect(client.AllowedOAuthFlows).toEqual(['client_credentials']);
      expect(client.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
      expect(client.CallbackURLs).toBeUndefined();
    }
  });

  it('stand in the setting of the functions with the sources they may speak for', () => {
    const { machineClients } = stageConfig('prod', place);
    const Joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
    const Told = z.object({ 'Fn::GetStackOutput': z.looseObject({ OutputName: z.string() }) });
    for (const { Properties } of stackOf('prod', 'Api').ofType('AWS::Lambda::Function')) {
      const Function_ = z.looseObject({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
      const { Variables } = Function_.parse(Properties).Environment;
      const [, parts] = Joined.parse(Variables[environmentName('clients')])['Fn::Join'];
      const text = parts
        .map((part) => (typeof part === 'string' ? part : Told.parse(part)['Fn::GetStackOutput'].OutputName))
        .join('');
      const settings = Object.values(z.record(z.string(), ClientSetting).parse(JSON.parse(text)));
      expect(settings).toHaveLength(machineClients.length + 2);
      expect(settings.flatMap((setting) => (setting.kind === 'people' ? [setting.signsIn] : []))).toEqual([
        ['staff'],
        ['customers'],
      ]);
      expect(settings.flatMap((setting) => (setting.kind === 'machine' ? [setting.sources] : []))).toEqual(
        machineClients.map(({ sources }) => sources),
      );
    }
  });
});
