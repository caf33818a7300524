import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { functionOfRoute, gatewayPath } from '#infra/api/gateway-body.ts';
import { costlyMethods } from '#infra/api/throttles.ts';
import { stageConfig } from '#infra/config.ts';
import { place, type StackTemplate, synthesise } from '#tests/support/templates.ts';

let dev: StackTemplate;
let prod: StackTemplate;
/** `dev` with other bounds, and each method counted by itself. */
let slower: StackTemplate;
/** `dev` where billing may send more than the others. */
let uneven: Readonly<Record<string, StackTemplate>>;
/** `prod` with an address of its own, and no page that may call. */
let own: StackTemplate;
const apiOf = (stacks: Readonly<Record<string, StackTemplate>>): StackTemplate => {
  const { Api } = stacks;
  if (Api === undefined) throw new Error('no stack Api');
  return Api;
};
beforeAll(() => {
  dev = apiOf(synthesise('dev'));
  prod = apiOf(synthesise('prod'));
  slower = apiOf(synthesise('dev', (config) => ({ ...config, throttle: { rate: 7, burst: 9 }, methodMetrics: true })));
  uneven = synthesise('dev', (config) => ({
    ...config,
    machineClients: config.machineClients.map((client) =>
      client.name === 'billing' ? { ...client, sending: { rate: 8, burst: 9, perDay: 70 } } : client,
    ),
  }));
  own = apiOf(
    synthesise('prod', (config) => ({
      ...config,
      apiDomain: { name: 'api.example.com', certificateArn },
      origins: [],
    })),
  );
}, 300_000);

const certificateArn = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';

const Method = z.looseObject({
  operationId: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-amazon-apigateway-integration': z.looseObject({ uri: z.unknown() }),
});
const Api = z.looseObject({
  Name: z.string(),
  Body: z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Method)) }),
  BinaryMediaTypes: z.array(z.string()),
  EndpointConfiguration: z.unknown(),
  SecurityPolicy: z.string(),
  EndpointAccessMode: z.string(),
  DisableExecuteApiEndpoint: z.boolean(),
});
const MethodSetting = z.object({
  HttpMethod: z.string(),
  ResourcePath: z.string(),
  MetricsEnabled: z.boolean(),
  LoggingLevel: z.literal('ERROR'),
  DataTraceEnabled: z.literal(false),
  ThrottlingRateLimit: z.number().positive(),
  ThrottlingBurstLimit: z.number().positive(),
});
const Stage = z.looseObject({
  StageName: z.literal('v1'),
  TracingEnabled: z.literal(true),
  AccessLogSetting: z.object({ DestinationArn: z.unknown(), Format: z.string() }),
  MethodSettings: z.array(MethodSetting),
});

const apiProperties = (template: StackTemplate) => Api.parse(template.only('AWS::ApiGateway::RestApi').Properties);
const stageProperties = (template: StackTemplate) => Stage.parse(template.only('AWS::ApiGateway::Stage').Properties);

describe('the gateway of a stage', () => {
  it('serves exactly the route list, each method by the alias of its function', () => {
    const { Body } = apiProperties(dev);
    const served = Object.entries(Body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} /v1${path}`),
    );
    const wanted = routes.map(({ method, path }) => `${method} ${path}`);
    expect(served.filter((name) => !name.startsWith('OPTIONS ')).sort()).toEqual(wanted.sort());
    const aliases = new Map(
      dev
        .ofType('AWS::Lambda::Alias')
        .map(({ logicalId, Properties }) => [logicalId, JSON.stringify(Properties?.FunctionName)]),
    );
    const functions = new Map(
      dev.ofType('AWS::Lambda::Function').map(({ logicalId, Properties }) => [logicalId, Properties?.FunctionName]),
    );
    for (const route of routes) {
      const uri = JSON.stringify(
        Body.paths[gatewayPath(route)]?.[route.method.toLowerCase()]?.['x-amazon-apigateway-integration'].uri,
      );
      const alias = [...aliases].find(([logicalId]) => uri.includes(`"${logicalId}"`));
      const target = [...functions].find(([logicalId]) => alias?.[1].includes(`"${logicalId}"`) === true);
      expect(target?.[1], route.operationId).toBe(`rotunda-dev-${functionOfRoute(route)}`);
    }
  });

  it('takes calls by TLS 1.2 or newer at a regional address', () => {
    expect(apiProperties(dev)).toMatchObject({
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      DisableExecuteApiEndpoint: false,
      BinaryMediaTypes: ['*/*'],
    });
  });

  it('answers at its own address alone, below /v1, where the stage has one', () => {
    expect(apiProperties(own).DisableExecuteApiEndpoint).toBe(true);
    expect(own.only('AWS::ApiGateway::DomainName').Properties).toMatchObject({
      DomainName: 'api.example.com',
      RegionalCertificateArn: certificateArn,
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    });
    expect(own.only('AWS::ApiGateway::BasePathMapping').Properties).toMatchObject({ BasePath: 'v1' });
    expect(own.outputs.ApiUrl?.Value).toBe('https://api.example.com/v1');
    expect(own.outputs.ApiDomainTarget).toBeDefined();
    expect(prod.ofType('AWS::ApiGateway::DomainName')).toEqual([]);
  });

  it('counts no method by itself, which is paid for by method, but where the stage says so', () => {
    const counted = (template: StackTemplate) =>
      new Set(stageProperties(template).MethodSettings.map(({ MetricsEnabled }) => MetricsEnabled));
    expect([counted(dev), counted(prod)]).toEqual([new Set([false]), new Set([false])]);
    expect(counted(slower)).toEqual(new Set([true]));
  });

  it('bounds every method, and those that cost more below the whole', () => {
    const { throttle } = stageConfig('prod', place);
    const { MethodSettings } = stageProperties(prod);
    const whole = MethodSettings.find(({ HttpMethod, ResourcePath }) => HttpMethod === '*' && ResourcePath === '/*');
    expect([whole?.ThrottlingRateLimit, whole?.ThrottlingBurstLimit]).toEqual([throttle.rate, throttle.burst]);
    const costly = MethodSettings.filter((setting) => setting !== whole);
    expect(costly.map(({ HttpMethod, ResourcePath }) => `${HttpMethod} ${ResourcePath}`).sort()).toEqual([
      'GET /~1customers',
      'GET /~1imports~1{id}',
      'GET /~1imports~1{id}~1errors',
      'GET /~1service-points~1{id}~1exceptions',
      'GET /~1service-points~1{id}~1green-button',
      'GET /~1service-points~1{id}~1insights',
      'GET /~1service-points~1{id}~1usage',
      'GET /~1service-points~1{id}~1usage-file',
      'POST /~1facts',
      'POST /~1imports',
      'POST /~1imports~1{id}~1undo',
    ]);
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of costly) {
      expect(ThrottlingRateLimit).toBeLessThan(throttle.rate);
      expect(ThrottlingBurstLimit).toBeLessThan(throttle.burst);
    }
  });

  it.each(['dev', 'staging', 'prod'])('lets one sender of %s send less than the route takes', (name) => {
    const { sending, throttle, machineClients } = stageConfig(name, place);
    const route = costlyMethods(routes, throttle).find(({ path }) => path === '/facts');
    for (const { rate, burst, perDay } of [sending, ...machineClients.flatMap((one) => one.sending ?? [])]) {
      expect(rate).toBeLessThan(route?.throttle.rate ?? 0);
      expect(burst).toBeLessThan(route?.throttle.burst ?? 0);
      expect(perDay).toBeLessThanOrEqual(rate * 86_400);
    }
  });

  it('writes an access log that says nothing of the person', () => {
    const { AccessLogSetting } = stageProperties(dev);
    const fields = z.record(z.string(), z.string()).parse(JSON.parse(AccessLogSetting.Format));
    const variables = Object.values(fields);
    for (const variable of variables) expect(variable).toMatch(/^\$context\.[A-Za-z_.]+$/);
    const personal =
      /identity|querystring|\.path$|customDomain|requestOverride|email|\bsub\b|username|\.error\.message|validationError/i;
    expect(variables.filter((variable) => personal.test(variable))).toEqual([]);
    expect(variables.filter((variable) => variable.includes('claims'))).toEqual([
      '$context.authorizer.claims.client_id',
    ]);
    expect(fields).toMatchObject({
      requestId: '$context.requestId',
      resourcePath: '$context.resourcePath',
      status: '$context.status',
    });
  });

  it('keeps its logs encrypted and for a time, the error log that the gateway names itself too', () => {
    const groups = dev.ofType('AWS::Logs::LogGroup');
    const names = groups.map(({ Properties }) => JSON.stringify(Properties?.LogGroupName));
    expect(names.some((name) => name.includes('API-Gateway-Execution-Logs_'))).toBe(true);
    expect(names).toContain('"/aws/apigateway/rotunda-dev-api"');
    for (const { Properties } of groups) {
      expect(Properties?.RetentionInDays).toBe(30);
      expect(Properties?.KmsKeyId).toBeDefined();
    }
  });

  it('is deployed anew when its body changes, and only then', () => {
    const deploymentOf = (template: StackTemplate) => template.only('AWS::ApiGateway::Deployment').logicalId;
    expect(deploymentOf(slower)).toBe(deploymentOf(dev));
    expect(deploymentOf(own)).not.toBe(deploymentOf(prod));
  });

  it('says every address in its outputs', () => {
    expect(Object.keys(dev.outputs)).toEqual(expect.arrayContaining(['ApiUrl', 'ApiId', 'Issuer', 'SignInUrl']));
  });
});

describe('what a sender may send', () => {
  const Ref = z.object({ Ref: z.string() });
  const Told = z.object({ 'Fn::GetStackOutput': z.looseObject({ OutputName: z.string() }) });
  const PlanKey = z.looseObject({ KeyId: Ref, UsagePlanId: Ref, KeyType: z.literal('API_KEY') });
  /** The user pool's client that the key of a plan is. */
  const sendersOf = (stacks: Readonly<Record<string, StackTemplate>>) => {
    const { Stateful } = stacks;
    if (Stateful === undefined) throw new Error('no stack Stateful');
    const api = apiOf(stacks);
    const keys = new Map(api.ofType('AWS::ApiGateway::ApiKey').map((key) => [key.logicalId, key.Properties ?? {}]));
    const plans = new Map(api.ofType('AWS::ApiGateway::UsagePlan').map((one) => [one.logicalId, one.Properties ?? {}]));
    const clients = Stateful.ofType('AWS::Cognito::UserPoolClient');
    const senders = api.ofType('AWS::ApiGateway::UsagePlanKey').map(({ Properties }) => {
      const { KeyId, UsagePlanId } = PlanKey.parse(Properties);
      const key = keys.get(KeyId.Ref);
      const { OutputName } = Told.parse(key?.Value)['Fn::GetStackOutput'];
      const logicalId = Ref.parse(Stateful.outputs[OutputName]?.Value).Ref;
      const client = clients.find((one) => one.logicalId === logicalId);
      return { name: client?.Properties?.ClientName, enabled: key?.Enabled, plan: plans.get(UsagePlanId.Ref) };
    });
    return { senders, keys: keys.size, plans: plans.size, api };
  };

  it('is counted by its client id, in a plan of its own at the stage, for each machine client and nobody else', () => {
    const { senders, keys, plans, api } = sendersOf(uneven);
    const { machineClients, sending } = stageConfig('dev', place);
    expect(machineClients.length).toBeGreaterThan(1);
    expect([keys, plans, senders.length]).toEqual(machineClients.map(() => machineClients.length).slice(0, 3));
    expect(senders.map(({ name }) => name).sort()).toEqual(machineClients.map(({ name }) => `machine-${name}`).sort());
    const stage = {
      ApiId: { Ref: api.only('AWS::ApiGateway::RestApi').logicalId },
      Stage: { Ref: api.only('AWS::ApiGateway::Stage').logicalId },
    };
    for (const { name, enabled, plan } of senders) {
      const bounds = name === 'machine-billing' ? { rate: 8, burst: 9, perDay: 70 } : sending;
      expect(enabled, String(name)).toBe(true);
      expect(plan, String(name)).toMatchObject({
        ApiStages: [stage],
        Throttle: { RateLimit: bounds.rate, BurstLimit: bounds.burst },
        Quota: { Limit: bounds.perDay, Period: 'DAY' },
      });
    }
  });
});
