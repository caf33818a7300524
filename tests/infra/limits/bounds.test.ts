import { describe, expect, test } from 'vitest';
import { found, many, resources, text } from './made-up.ts';

const one = (Type: string, Properties: unknown) => ({ One: { Type, Properties } });

/** A policy whose JSON has so many characters. */
const policyOf = (length: number): unknown => {
  const bare = { Version: '2012-10-17', Statement: [{ Sid: '' }] };
  return { ...bare, Statement: [{ Sid: text(length - JSON.stringify(bare).length) }] };
};
const widget = (type: string, member: string, count: number) => ({
  type,
  properties: { title: 'All', [member]: many(count, String) },
});
const dashboard = (...widgets: readonly unknown[]) =>
  one('AWS::CloudWatch::Dashboard', { DashboardBody: { 'Fn::Join': ['', [JSON.stringify({ widgets })]] } });
const mapping = (properties: object) => one('AWS::Lambda::EventSourceMapping', properties);
const queueWith = (count: number, member: string) =>
  one('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: [{ [member]: many(count, (n) => `sqs:${n}`) }] } });
const seconds = (type: string, member: string) => (figure: number) => one(type, { [member]: figure });
const alarm = (period: number) => (figure: number) =>
  one('AWS::CloudWatch::Alarm', { Period: period, EvaluationPeriods: figure / period });
const acl = (properties: object) => one('AWS::WAFv2::WebACL', properties);
const rated = (name: string) => ({ Name: name, Statement: { RateBasedStatement: { Limit: 100 } } });

type Made = Readonly<Record<string, unknown>>;
/** What is counted, the most of it, and resources that have so many; `step` where one more cannot be made. */
const upTo: readonly (readonly [what: string, most: number, make: (figure: number) => Made, step?: number])[] = [
  ['resources of a stack', 500, (n) => resources(n, () => ({ Type: 'AWS::SNS::Topic' }))],
  ['tags of a resource', 50, (n) => one('AWS::IAM::Role', { Tags: many(n, (k) => ({ Key: `k${k}` })) })],
  ['timeout of a function', 900, seconds('AWS::Lambda::Function', 'Timeout')],
  ['memory of a function', 10_240, seconds('AWS::Lambda::Function', 'MemorySize')],
  [
    'environment variables of a function',
    4096,
    (n) => one('AWS::Lambda::Function', { Environment: { Variables: { NAME: text(n - 4) } } }),
  ],
  [
    'executions reserved in an account and region',
    900,
    (n) =>
      resources(2, (k) => ({
        Type: 'AWS::Lambda::Function',
        Properties: { ReservedConcurrentExecutions: k === 0 ? 100 : n - 100 },
      })),
  ],
  ['batch of a mapping', 10_000, (n) => mapping({ BatchSize: n, StartingPosition: 'LATEST' })],
  ['batching window of a mapping', 300, (n) => mapping({ MaximumBatchingWindowInSeconds: n })],
  ['batches of a shard at once', 10, (n) => mapping({ ParallelizationFactor: n })],
  ['invocations of a queue at once', 1000, (n) => mapping({ ScalingConfig: { MaximumConcurrency: n } })],
  ['age of a record that is given up', 604_800, (n) => mapping({ MaximumRecordAgeInSeconds: n })],
  ['filters of a mapping', 5, (n) => mapping({ FilterCriteria: { Filters: many(n, () => ({ Pattern: '{}' })) } })],
  ['pattern of a filter', 4096, (n) => mapping({ FilterCriteria: { Filters: [{ Pattern: text(n) }] } })],
  ['rules of a bus', 300, (n) => resources(n, () => ({ Type: 'AWS::Events::Rule', Properties: {} }))],
  [
    'rules of a bus with wildcards',
    30,
    (n) =>
      resources(n, () => ({
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { detail: { key: [{ wildcard: 'a*' }] } } },
      })),
  ],
  ['targets of a rule', 5, (n) => one('AWS::Events::Rule', { Targets: many(n, (k) => ({ Id: `${k}` })) })],
  ['event pattern of a rule', 2048, (n) => one('AWS::Events::Rule', { EventPattern: { source: [text(n - 15)] } })],
  ['policy of a bus', 10_240, (n) => one('AWS::Events::EventBus', { Policy: policyOf(n) })],
  ['trust policy of a role', 2048, (n) => one('AWS::IAM::Role', { AssumeRolePolicyDocument: policyOf(n) })],
  [
    'inline policies of a role together',
    10_240,
    (n) => ({
      ...one('AWS::IAM::Role', { AssumeRolePolicyDocument: {} }),
      Own: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'One' }], PolicyDocument: policyOf(5000) } },
      Other: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'One' }], PolicyDocument: policyOf(n - 5000) } },
    }),
  ],
  ['managed policies of a role', 10, (n) => one('AWS::IAM::Role', { ManagedPolicyArns: many(n, String) })],
  ['managed policy', 6144, (n) => one('AWS::IAM::ManagedPolicy', { PolicyDocument: policyOf(n) })],
  ['key policy', 32_768, (n) => one('AWS::KMS::Key', { KeyPolicy: policyOf(n) })],
  ['how long a queue hides a message', 43_200, seconds('AWS::SQS::Queue', 'VisibilityTimeout')],
  ['how long a queue keeps a message', 1_209_600, seconds('AWS::SQS::Queue', 'MessageRetentionPeriod')],
  ['policy of a queue', 8192, (n) => one('AWS::SQS::QueuePolicy', { PolicyDocument: policyOf(n) })],
  [
    'statements of the policy of a queue',
    20,
    (n) => one('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: many(n, () => ({})) } }),
  ],
  ['actions of a statement of a queue', 7, (n) => queueWith(n, 'Action')],
  [
    'conditions of the policy of a queue',
    10,
    (n) =>
      one('AWS::SQS::QueuePolicy', {
        PolicyDocument: {
          Statement: { Condition: { StringEquals: Object.fromEntries(many(n, (k) => [`aws:${k}`, 'x'])) } },
        },
      }),
  ],
  ['how long a stream keeps a record', 8760, seconds('AWS::Kinesis::Stream', 'RetentionPeriodHours')],
  [
    'days a table can be set back',
    35,
    (n) => one('AWS::DynamoDB::Table', { PointInTimeRecoverySpecification: { RecoveryPeriodInDays: n } }),
  ],
  [
    'global secondary indexes of a table',
    20,
    (n) => one('AWS::DynamoDB::Table', { GlobalSecondaryIndexes: many(n, () => ({})) }),
  ],
  ['policy of a bucket', 20_480, (n) => one('AWS::S3::BucketPolicy', { PolicyDocument: policyOf(n) })],
  [
    'lifecycle rules of a bucket',
    1000,
    (n) => one('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: many(n, () => ({})) } }),
  ],
  [
    'resource servers of a pool',
    25,
    (n) =>
      resources(n, () => ({ Type: 'AWS::Cognito::UserPoolResourceServer', Properties: { UserPoolId: 'eu-west-1_a' } })),
  ],
  ['scopes of a client', 50, (n) => one('AWS::Cognito::UserPoolClient', { AllowedOAuthScopes: many(n, String) })],
  [
    'addresses a sign-in leads back to',
    100,
    (n) => one('AWS::Cognito::UserPoolClient', { CallbackURLs: many(n, String) }),
  ],
  [
    'access token holds',
    86_400,
    (n) =>
      one('AWS::Cognito::UserPoolClient', {
        AccessTokenValidity: n / 60,
        TokenValidityUnits: { AccessToken: 'minutes' },
      }),
    60,
  ],
  [
    'refresh token holds',
    315_360_000,
    (n) => one('AWS::Cognito::UserPoolClient', { RefreshTokenValidity: n / 86_400 }),
    86_400,
  ],
  [
    'resources of an API',
    300,
    (n) =>
      one('AWS::ApiGateway::RestApi', {
        Body: { paths: Object.fromEntries(many(n - 2, (k) => [`/meters/${k}`, {}])) },
      }),
  ],
  [
    'how long an integration may take',
    29_000,
    (n) =>
      one('AWS::ApiGateway::RestApi', {
        Body: { paths: { '/a': { get: { 'x-amazon-apigateway-integration': { timeoutInMillis: n } } } } },
      }),
  ],
  [
    'usage plans of an account and region',
    300,
    (n) => resources(n, () => ({ Type: 'AWS::ApiGateway::UsagePlan', Properties: { ApiStages: [{}] } })),
  ],
  ['rate-based rules of a firewall', 10, (n) => acl({ Rules: many(n, (k) => rated(`r${k}`)) })],
  ['answer of a firewall', 4096, (n) => acl({ CustomResponseBodies: { no: { Content: text(n) } } })],
  [
    'answers of a firewall together',
    51_200,
    (n) =>
      acl({
        CustomResponseBodies: Object.fromEntries(
          many(16, (k) => [k, { Content: text(k === 0 ? n - 15 * 3200 : 3200) }]),
        ),
      }),
  ],
  ['policy of devices', 2048, (n) => one('AWS::IoT::Policy', { PolicyDocument: policyOf(n) })],
  [
    'actions of an IoT rule',
    10,
    (n) => one('AWS::IoT::TopicRule', { TopicRulePayload: { Actions: many(n, () => ({})) } }),
  ],
  ['body of a provisioning template', 10_240, (n) => one('AWS::IoT::ProvisioningTemplate', { TemplateBody: text(n) })],
  ['widgets of a dashboard', 500, (n) => dashboard(...many(n, () => widget('text', 'markdown', 1)))],
  ['alarms of an alarm widget', 100, (n) => dashboard(widget('alarm', 'alarms', n))],
  ['metrics of a widget', 500, (n) => dashboard(widget('metric', 'metrics', n))],
  ['description of an alarm', 1024, (n) => one('AWS::CloudWatch::Alarm', { AlarmDescription: text(n) })],
  ['actions of an alarm', 5, (n) => one('AWS::CloudWatch::Alarm', { AlarmActions: many(n, String) })],
  ['how far back an alarm looks', 604_800, alarm(3600), 3600],
  ['how far back an alarm with periods of less than an hour looks', 86_400, alarm(300), 300],
  [
    'dimensions of a metric',
    30,
    (n) =>
      one('AWS::CloudWatch::Alarm', { Metrics: [{ MetricStat: { Metric: { Dimensions: many(n, () => ({})) } } }] }),
  ],
  [
    'metrics of an alarm on an expression',
    10,
    (n) =>
      one('AWS::CloudWatch::Alarm', {
        Metrics: [{ Expression: 'SUM(METRICS())' }, ...many(n, () => ({ MetricStat: {} }))],
      }),
  ],
  [
    'alarms on queries of an account and region',
    200,
    (n) =>
      resources(n, () => ({
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'SELECT SUM(Errors) FROM "AWS/Lambda"' }] },
      })),
  ],
  [
    'alarms below a composite alarm',
    100,
    (n) => one('AWS::CloudWatch::CompositeAlarm', { AlarmRule: many(n, (k) => `ALARM("a${k}")`).join(' OR ') }),
  ],
  ['policies of logs of an account and region', 10, (n) => resources(n, () => ({ Type: 'AWS::Logs::ResourcePolicy' }))],
  ['name of AWS::SQS::Queue', 80, (n) => one('AWS::SQS::Queue', { QueueName: text(n) })],
  ['name of AWS::Lambda::Function', 64, (n) => one('AWS::Lambda::Function', { FunctionName: text(n) })],
];

describe('templates', () => {
  test.for(upTo)('have %s up to %i', ([what, most, make, step = 1]) => {
    expect(found(what, { resources: make(most) })).toEqual([]);
    const over = found(what, { resources: make(most + step) });
    expect(over).toHaveLength(1);
    expect(over[0]).toMatch(new RegExp(`: ${most + step}$`));
  });

  test('have windows, tokens and ages of some length', () => {
    const queue = (window?: number) => mapping({ BatchSize: 11, MaximumBatchingWindowInSeconds: window });
    const needed = 'batching window of a queue with batches of more than 10';
    expect(found(needed, { resources: queue(1) })).toEqual([]);
    expect(found(needed, { resources: queue() })).toEqual(['prod/Events One: 0']);
    expect(found(needed, { resources: mapping({ BatchSize: 11, StartingPosition: 'LATEST' }) })).toEqual([]);
    const never = mapping({ MaximumRecordAgeInSeconds: -1 });
    expect(found('age of a record that is given up', { resources: never })).toEqual([]);
    const short = one('AWS::Cognito::UserPoolClient', {
      IdTokenValidity: 299,
      TokenValidityUnits: { IdToken: 'seconds' },
    });
    expect(found('id token holds', { resources: short })).toEqual(['prod/Events One: 299']);
  });

  test('count what an account and region has over all stages there, and not over other regions', () => {
    const stage = (name: string, region?: string) => ({
      stage: name,
      ...(region === undefined ? {} : { region }),
      resources: one('AWS::Lambda::Function', { ReservedConcurrentExecutions: 451 }),
    });
    const what = 'executions reserved in an account and region';
    expect(found(what, stage('staging'), stage('prod'))).toEqual([
      'staging/Events One (123456789012/eu-west-1: staging, prod): 902',
    ]);
    expect(found(what, stage('staging'), stage('prod', 'eu-west-2'))).toEqual([]);
  });

  test('run rules by schedules that EventBridge knows', () => {
    const complaints = (ScheduleExpression: string) =>
      found('schedule of a rule', { resources: one('AWS::Events::Rule', { ScheduleExpression }) });
    for (const good of ['rate(1 minute)', 'rate(15 minutes)', 'cron(17 3 * * ? *)', 'cron(0 8 ? * MON *)'])
      expect(complaints(good)).toEqual([]);
    for (const bad of [
      'rate(1 minutes)',
      'rate(0 minutes)',
      'rate(5 seconds)',
      'cron(17 3 * * *)',
      'cron(17 3 * * * *)',
    ])
      expect(complaints(bad)).toEqual([`prod/Events One: ${bad}`]);
  });

  test('let a firewall compare bodies with no more than it sees of them, and have no capacity nobody knows', () => {
    const compared = (Size: number, limit?: string) =>
      acl({
        Rules: [
          {
            Name: 'Big',
            Statement: {
              NotStatement: { Statement: { SizeConstraintStatement: { Size, FieldToMatch: { Body: {} } } } },
            },
          },
        ],
        AssociationConfig:
          limit === undefined ? undefined : { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: limit } } },
      });
    const what = 'body size compared beyond what the firewall sees';
    expect(found(what, { resources: compared(16_384) })).toEqual([]);
    expect(found(what, { resources: compared(16_385) })).toEqual(['prod/Events One (size 16385): 1']);
    expect(found(what, { resources: compared(65_536, 'KB_64') })).toEqual([]);
    const group = (name: string) => ({ Name: name, Statement: { ManagedRuleGroupStatement: { Name: name } } });
    const common = many(7, () => group('AWSManagedRulesCommonRuleSet'));
    expect(found('capacity of a firewall', { resources: acl({ Rules: common }) })).toEqual([]);
    expect(found('capacity of a firewall', { resources: acl({ Rules: [...common, ...common] }) })).toEqual([
      'prod/Events One: 9800',
    ]);
    expect(found('capacity of a firewall', { resources: acl({ Rules: [group('Unheard')] }) })).toEqual([
      'prod/Events One: NaN',
    ]);
  });

  test('keep policies of functions within 20 KB over all that may call them', () => {
    const permissions = (count: number) =>
      resources(count, (n) => ({
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: 'relay', Action: 'lambda:InvokeFunction', Principal: `s${n}.amazonaws.com` },
      }));
    expect(found('policy of a function or alias', { resources: permissions(80) })).toEqual([]);
    expect(found('policy of a function or alias', { resources: permissions(140) })).toHaveLength(1);
  });
});
