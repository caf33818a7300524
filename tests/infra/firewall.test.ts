import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { longQueries } from '#infra/api/firewall-rules.ts';
import { firewallAnswers } from '#infra/api/gateway-problems.ts';
import { firewallCalls, firewallWindowSeconds } from '#infra/api/throttles.ts';
import { type StageConfig, stageConfig, stageNames } from '#infra/config.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { bodyLimit, classBytes, queryLimit, requestClass } from '#shared/contracts/api/limits.ts';
import { capacity, matches, type Request, Statement } from '#tests/support/firewall.ts';
import { place, type StackTemplate, synthesise } from '#tests/support/templates.ts';

let stacks: Readonly<Record<string, StackTemplate>>;
let prod: StackTemplate;
beforeAll(() => {
  stacks = synthesise('prod');
  const { Api } = stacks;
  if (Api === undefined) throw new Error('no stack Api');
  prod = Api;
}, 300_000);

const Header = z.object({ Name: z.string(), Value: z.string() });
const Action = z.strictObject({
  Block: z.strictObject({
    CustomResponse: z
      .strictObject({ ResponseCode: z.int(), CustomResponseBodyKey: z.string(), ResponseHeaders: z.array(Header) })
      .optional(),
  }),
});
const Rule = z.looseObject({
  Name: z.string(),
  Priority: z.int(),
  Statement,
  Action: Action.optional(),
  VisibilityConfig: z.looseObject({
    SampledRequestsEnabled: z.literal(false),
    CloudWatchMetricsEnabled: z.literal(true),
  }),
});
const Acl = z.looseObject({
  Scope: z.literal('REGIONAL'),
  Rules: z.array(Rule),
  AssociationConfig: z.strictObject({
    RequestBody: z.strictObject({ API_GATEWAY: z.strictObject({ DefaultSizeInspectionLimit: z.string() }) }),
  }),
  VisibilityConfig: z.looseObject({ SampledRequestsEnabled: z.literal(false) }),
  CustomResponseBodies: z.record(z.string(), z.object({ Content: z.string(), ContentType: z.string() })),
  DataProtectionConfig: z.strictObject({ DataProtections: z.array(z.unknown()) }),
});
const acl = () => Acl.parse(prod.only('AWS::WAFv2::WebACL').Properties);
const ruleNamed = (name: string) => {
  const found = acl().Rules.find((rule) => rule.Name === name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
};

const ofCommonSet = (label: string): string => `awswaf:managed:aws:core-rule-set:${label}`;

/** Labels that the managed rules leave by the sizes they document: a body over 8,192 bytes, a query over 2,048. */
const sizeLabels = ({ body, query }: { readonly body: number; readonly query: number }): readonly string[] => [
  ...(body > 8192 ? [ofCommonSet('SizeRestrictions_Body')] : []),
  ...(query > 2048 ? [ofCommonSet('SizeRestrictions_QueryString')] : []),
];

/** A path that a route is called by, with a reference in place of each id. */
const pathOf = ({ path }: RouteDefinition): string => path.replaceAll(/\{[A-Za-z]+\}/g, 'crm:A%2F1');

const requestOf = (
  route: RouteDefinition,
  { body = 0, query = 0, labels = [] }: { body?: number; query?: number; labels?: readonly string[] },
): Request => ({
  method: route.method,
  path: pathOf(route),
  body,
  query,
  labels: [...labels, ...sizeLabels({ body, query })],
});

const ownRules = ['AttacksInBodies', 'BodiesTooLarge', 'QueriesTooLong'];
const stoppedBy = (request: Request): readonly string[] =>
  ownRules.filter((name) => matches(ruleNamed(name).Statement, request));

const each = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

describe('the firewall', () => {
  it('stands before the stage', () => {
    const { ResourceArn } = prod.only('AWS::WAFv2::WebACLAssociation').Properties ?? {};
    const stage = prod.only('AWS::ApiGateway::Stage').logicalId;
    expect(JSON.stringify(ResourceArn)).toContain('/stages/');
    expect(JSON.stringify(ResourceArn)).toContain(`"${stage}"`);
  });

  it('keeps no sample of a request: it would hold tokens and what was searched for', () => {
    const { Rules } = acl();
    expect(new Set(Rules.map(({ Priority }) => Priority)).size).toBe(Rules.length);
  });

  it('holds requests against the common rules and known attacks; of the common ones it judges bodies and queries itself', () => {
    const groups = acl().Rules.flatMap(({ Statement: one }) => one.ManagedRuleGroupStatement ?? []);
    const Counted = z.looseObject({
      Name: z.string(),
      RuleActionOverrides: z
        .array(z.strictObject({ Name: z.string(), ActionToUse: z.strictObject({ Count: z.strictObject({}) }) }))
        .optional(),
    });
    const counted = groups.map((group) => {
      const { Name, RuleActionOverrides = [] } = Counted.parse(group);
      return [Name, RuleActionOverrides.map((one) => one.Name)];
    });
    expect(counted).toEqual([
      ['AWSManagedRulesKnownBadInputsRuleSet', []],
      [
        'AWSManagedRulesCommonRuleSet',
        [
          'CrossSiteScripting_BODY',
          'EC2MetaDataSSRF_BODY',
          'GenericLFI_BODY',
          'GenericRFI_BODY',
          'SizeRestrictions_BODY',
          'SizeRestrictions_QUERYSTRING',
          'NoUserAgent_HEADER',
        ],
      ],
    ]);
  });

  it('costs no more capacity than comes with it, and writes no pattern longer than it takes', () => {
    const { Rules } = acl();
    const units = Rules.reduce((sum, { Statement: one }) => sum + capacity(one), 0);
    // 1,500 come with a web ACL, 5,000 is the most (AWS WAF Developer Guide, "Web ACL capacity units").
    expect(units).toBeGreaterThan(900);
    expect(units).toBeLessThanOrEqual(1500);
    const patterns = [...JSON.stringify(Rules).matchAll(/"RegexString":"([^"]+)"/g)].map(([, one]) => one ?? '');
    expect(patterns.length).toBeGreaterThan(8);
    // "Regex": 1 to 512 characters; no capturing groups, no large number of branches ("Supported regular expression syntax").
    for (const pattern of patterns) {
      expect(pattern.length).toBeLessThanOrEqual(512);
      expect(pattern).not.toMatch(/\((?!\?:)/);
      expect(pattern.split('|').length).toBeLessThanOrEqual(8);
    }
  });

  it('reads as much of a body as the largest class it bounds may have', () => {
    const { DefaultSizeInspectionLimit } = acl().AssociationConfig.RequestBody.API_GATEWAY;
    expect(DefaultSizeInspectionLimit).toBe(`KB_${classBytes.bulk / 1024}`);
    // 16, 32, 48 or 64 KB ("Considerations for managing body inspection").
    expect(['KB_16', 'KB_32', 'KB_48', 'KB_64']).toContain(DefaultSizeInspectionLimit);
    expect(classBytes.small).toBe(8192);
  });

  it.each(each)('lets the largest body and the longest query of %s pass', (_name, route) => {
    expect(stoppedBy(requestOf(route, { body: bodyLimit(route), query: queryLimit(route) }))).toEqual([]);
  });

  it.each(each)('stops a body of %s that is larger than its class', (_name, route) => {
    const kind = requestClass(route);
    const stopped = stoppedBy(requestOf(route, { body: classBytes[kind] + 1 }));
    // The firewall does not read so far: the edge refuses it.
    expect(stopped).toEqual(kind === 'facts' ? [] : ['BodiesTooLarge']);
  });

  it.each(each)('stops a query of %s that is longer than its class', (_name, route) => {
    const most = queryLimit(route) > 2048 ? longQueries(routes).bytes : 2048;
    expect(stoppedBy(requestOf(route, { query: most }))).toEqual([]);
    expect(stoppedBy(requestOf(route, { query: most + 1 }))).toEqual(['QueriesTooLong']);
  });

  it.each(each)('stops what looks like an attack in a body of %s, but in facts', (_name, route) => {
    for (const label of ['CrossSiteScripting_Body', 'EC2MetaDataSSRF_Body', 'GenericLFI_Body', 'GenericRFI_Body']) {
      const stopped = stoppedBy(requestOf(route, { labels: [ofCommonSet(label)] }));
      expect(stopped).toEqual(requestClass(route) === 'facts' ? [] : ['AttacksInBodies']);
    }
  });

  it('takes the paths of no other request for those of large bodies', () => {
    const others = [
      '/v1/facts/',
      '/v1/facts/x',
      '/v2/facts',
      '/v1/tariffs',
      '/v1/tariffs/a/b',
      '/v1/openapixjson',
      '/x/v1/facts',
    ];
    for (const path of others)
      for (const method of ['POST', 'PUT', 'GET'])
        expect(
          stoppedBy({ method, path, query: 0, body: 8193, labels: sizeLabels({ body: 8193, query: 0 }) }),
          `${method} ${path}`,
        ).toEqual(['BodiesTooLarge']);
    const [facts] = routes.filter((route) => requestClass(route) === 'facts');
    expect([facts?.method, facts?.path]).toEqual(['POST', '/v1/facts']);
  });

  it('leaves room for a token beside the longest query', () => {
    // Request line and headers of a REST API have 10,240 bytes together (Amazon API Gateway, "Quotas for REST APIs").
    const path = Math.max(...longQueries(routes).routes.map((one) => one.path.length)) + 161;
    expect(10_240 - longQueries(routes).bytes - path).toBeGreaterThan(3000);
  });
});

describe('what the firewall answers itself', () => {
  const answered = [
    ['TooManyOfOneAddress', 'tooMany'],
    ['TooManyOfOneToken', 'tooMany'],
    ['BodiesTooLarge', 'tooLarge'],
  ] as const;

  it.each(answered)('%s is the problem %s, with headers for a page of any origin', (rule, name) => {
    const { status, headers, body } = firewallAnswers(stageConfig('prod', place).origins)[name];
    const { CustomResponse } = ruleNamed(rule).Action?.Block ?? {};
    expect(CustomResponse?.ResponseCode).toBe(status);
    expect(Object.fromEntries((CustomResponse?.ResponseHeaders ?? []).map(({ Name, Value }) => [Name, Value]))).toEqual(
      headers,
    );
    expect(acl().CustomResponseBodies[CustomResponse?.CustomResponseBodyKey ?? '']).toEqual({
      Content: body,
      ContentType: 'APPLICATION_JSON',
    });
    expect(headers['Access-Control-Allow-Origin']).toBe('*');
  });

  it('is all that it answers: whatever else is stopped is answered by the gateway', () => {
    const own = acl().Rules.filter(({ Action: one }) => one?.Block.CustomResponse !== undefined);
    expect(own.map(({ Name }) => Name)).toEqual(answered.map(([rule]) => rule));
  });
});

describe('how many requests the firewall lets through', () => {
  const promised = ({ sending, machineClients }: StageConfig): readonly number[] =>
    [sending, ...machineClients.map((client) => client.sending ?? sending)].map(
      ({ rate, burst }) => rate * firewallWindowSeconds + burst,
    );
  const uneven = (config: StageConfig): StageConfig => ({
    ...config,
    machineClients: config.machineClients.map((client, index) =>
      index === 0 ? { ...client, sending: { ...config.sending, rate: 3 * config.sending.rate } } : client,
    ),
  });

  it.each(stageNames.flatMap((name) => [[name, 'all alike'] as const, [name, 'one that may send more'] as const]))(
    'in %s, %s: a token may do twice what the greatest sender is promised, an address as four of them',
    (name, how) => {
      const plain = stageConfig(name, place);
      const config = how === 'all alike' ? plain : uneven(plain);
      const most = Math.max(...promised(config));
      expect(firewallCalls(config)).toEqual({ ofAddress: 4 * most, ofToken: 2 * most });
      // Limits of the service: 10 to 2,000,000,000 ("RateBasedStatement").
      expect(firewallCalls(config).ofToken).toBeGreaterThanOrEqual(10);
      expect(firewallCalls(config).ofAddress).toBeLessThanOrEqual(2_000_000_000);
    },
  );

  it.each(stageNames)('in %s one address cannot take all that the API does', (name) => {
    const config = stageConfig(name, place);
    expect(firewallCalls(config).ofAddress / firewallWindowSeconds).toBeLessThan(config.throttle.rate);
  });

  it('is what its rules say', () => {
    const { ofAddress, ofToken } = firewallCalls(stageConfig('prod', place));
    expect(ruleNamed('TooManyOfOneAddress').Statement).toMatchObject({
      RateBasedStatement: { Limit: ofAddress, AggregateKeyType: 'IP', EvaluationWindowSec: firewallWindowSeconds },
    });
    expect(ruleNamed('TooManyOfOneToken').Statement).toMatchObject({
      RateBasedStatement: {
        Limit: ofToken,
        AggregateKeyType: 'CUSTOM_KEYS',
        CustomKeys: [{ Header: { Name: 'authorization' } }],
        EvaluationWindowSec: firewallWindowSeconds,
      },
    });
  });
});

describe('the log of the firewall', () => {
  const groups = () =>
    prod
      .ofType('AWS::Logs::LogGroup')
      .filter(({ Properties }) => JSON.stringify(Properties?.LogGroupName).includes('aws-waf-logs-'));
  const logging = () => prod.only('AWS::WAFv2::LoggingConfiguration').Properties ?? {};

  it('goes to a group named as the service asks, encrypted, and kept no longer than erasures promise', () => {
    const [group, ...others] = groups();
    expect(others).toEqual([]);
    expect(group?.Properties).toMatchObject({ LogGroupName: 'aws-waf-logs-rotunda-prod-api' });
    expect(group?.Properties?.KmsKeyId).toBeDefined();
    const { retention, erasure } = stageConfig('prod', place);
    expect(group?.Properties?.RetentionInDays).toBe(90);
    expect(erasure.promiseDays).toBe(90);
    expect(retention.logDays).toBeGreaterThan(90);
    const destination = JSON.stringify(logging().LogDestinationConfigs);
    expect(destination).toContain(`"${group?.logicalId}"`);
    expect(JSON.stringify(logging().ResourceArn)).toContain(prod.only('AWS::WAFv2::WebACL').logicalId);
  });

  it('keeps what was stopped, and facts that looked like an attack, and drops the rest', () => {
    const conditions = ['CrossSiteScripting_Body', 'EC2MetaDataSSRF_Body', 'GenericLFI_Body', 'GenericRFI_Body'].map(
      (label) => ({ LabelNameCondition: { LabelName: ofCommonSet(label) } }),
    );
    expect(logging().LoggingFilter).toEqual({
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, ...conditions],
        },
      ],
    });
  });

  it('tells neither path nor query, no token and no words of a person, in the details of rules neither', () => {
    const names = ['authorization', 'cookie', 'referer', 'rotunda-reason'];
    expect(logging().RedactedFields).toEqual([
      { UriPath: {} },
      { QueryString: {} },
      ...names.map((Name) => ({ SingleHeader: { Name } })),
    ]);
    expect(acl().DataProtectionConfig.DataProtections).toEqual([
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: names } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } },
    ]);
  });

  it('is written by log delivery alone, for this account, under the one policy of a stage', () => {
    const policy = prod.only('AWS::Logs::ResourcePolicy');
    const text = JSON.stringify(policy.Properties?.PolicyDocument);
    expect(policy.Properties?.PolicyName).toBe('rotunda-prod-firewall-log');
    for (const part of [
      'delivery.logs.amazonaws.com',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'aws:SourceAccount',
    ])
      expect(text).toContain(part);
    expect(text).toContain(':log-stream:*');
    for (const [name, template] of Object.entries(stacks))
      expect(template.ofType('AWS::Logs::ResourcePolicy').length, name).toBe(name === 'Api' ? 1 : 0);
  });

  it('can be encrypted with the key of the installation, whose policy names the log groups of the account', () => {
    const keys = JSON.stringify(stacks.Stateful?.ofType('AWS::KMS::Key'));
    expect(keys).toContain('kms:EncryptionContext:aws:logs:arn');
    expect(keys).toContain(':log-group:*');
  });
});
