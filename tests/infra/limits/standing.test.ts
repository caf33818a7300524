import { describe, expect, test } from 'vitest';
import { findingLine } from '#infra/limits/limit.ts';
import { limitFindings } from '#infra/limits/limits.ts';
import { Resolver } from '#infra/limits/resolve.ts';
import { estateOf, found } from './made-up.ts';

const resource = (Type: string, Properties: unknown = {}, DeletionPolicy?: string) => ({
  Type,
  Properties,
  ...(DeletionPolicy === undefined ? {} : { DeletionPolicy }),
});
const inStateful = (one: unknown) => ({ stack: 'Stateful', resources: { One: one } });
const inEvents = (one: unknown) => ({ stack: 'Events', resources: { One: one } });

describe('stacks that can go', () => {
  test.for([
    'AWS::IoT::Policy',
    'AWS::IoT::ThingType',
    'AWS::IoT::ProvisioningTemplate',
    'AWS::Events::EventBus',
    'AWS::S3::Bucket',
    'AWS::Cognito::UserPool',
    'AWS::DynamoDB::Table',
  ])('have no %s, which stays in the stack of what is kept', (type) => {
    const what = `cannot be deleted while it is in use: ${type}`;
    expect(found(what, inEvents(resource(type)))).toEqual(['prod/Events One: in Events, Delete']);
    expect(found(what, inEvents(resource(type, {}, 'Retain')))).toEqual(['prod/Events One: in Events, Retain']);
    expect(found(what, inStateful(resource(type)))).toEqual(['prod/Stateful One: in Stateful, Delete']);
    for (const kept of ['Retain', 'RetainExceptOnCreate'])
      expect(found(what, inStateful(resource(type, {}, kept)))).toEqual([]);
  });

  test('keep nothing whose name would be in the way of the next one', () => {
    const what = 'kept where its stack can go, and in the way of the next one by its name';
    const named = { QueueName: 'rotunda-prod-facts' };
    expect(found(what, inEvents(resource('AWS::SQS::Queue', named, 'Retain')))).toHaveLength(1);
    expect(found(what, inEvents(resource('AWS::SQS::Queue', named, 'RetainExceptOnCreate')))).toHaveLength(1);
    expect(found(what, inEvents(resource('AWS::SQS::Queue', named)))).toEqual([]);
    expect(found(what, inStateful(resource('AWS::SQS::Queue', named, 'Retain')))).toEqual([]);
    // A deployment takes in logs that are there already.
    const log = { LogGroupName: '/aws/lambda/relay' };
    expect(found(what, inEvents(resource('AWS::Logs::LogGroup', log, 'Retain')))).toEqual([]);
    const versions = resource('AWS::Lambda::Version', { FunctionName: 'relay' }, 'Retain');
    expect(found(what, inEvents(versions))).toEqual([]);
    const anotherEachTime = { QueueName: { 'Fn::Join': ['', ['calls-of-', { Ref: 'Api' }]] } };
    const resources = {
      One: resource('AWS::SQS::Queue', anotherEachTime, 'Retain'),
      Api: resource('AWS::ApiGateway::RestApi'),
    };
    expect(found(what, { resources })).toEqual([]);
    expect(
      found('archive kept where the stack of its bus can go', inEvents(resource('AWS::Events::Archive', {}, 'Retain'))),
    ).toEqual(['prod/Events One: Retain']);
  });

  test('neither export values nor import them; what they take by name of stack and output binds nobody', () => {
    const keys = {
      stack: 'Stateful',
      resources: { Key: resource('AWS::KMS::Key') },
      outputs: { KeyArn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] }, Export: { Name: 'keys' } } },
    };
    const uses = (value: unknown) => inEvents(resource('AWS::Logs::LogGroup', { KmsKeyId: value }));
    const imported = uses({ 'Fn::ImportValue': 'keys' });
    expect(found('output exported to other stacks', keys, imported)).toEqual(['prod/Stateful KeyArn: keys']);
    expect(found('value imported from another stack', keys, imported)).toEqual(['prod/Events *: keys']);
    const weak = uses({ 'Fn::GetStackOutput': { StackName: 'rotunda-prod-stateful', OutputName: 'KeyArn' } });
    expect(found('value imported from another stack', keys, weak)).toEqual([]);
  });
});

describe('names', () => {
  const queue = (stage: string, region?: string) => ({
    stage,
    ...(region === undefined ? {} : { region }),
    resources: { Queue: resource('AWS::SQS::Queue', { QueueName: 'facts' }) },
  });
  const twice = 'name that is there twice';

  test('are there once in an account and region, over all stages', () => {
    expect(found(twice, queue('staging'), queue('prod'))).toEqual([
      'staging/Events Queue: facts, by staging, prod',
      'prod/Events Queue: facts, by staging, prod',
    ]);
    expect(found(twice, queue('staging'), queue('prod', 'eu-west-2'))).toEqual([]);
    const role = (stage: string, region: string) => ({
      stage,
      region,
      resources: { Role: resource('AWS::IAM::Role', { RoleName: 'sender' }) },
    });
    expect(found(twice, role('staging', 'eu-west-1'), role('prod', 'eu-west-2'))).toHaveLength(2);
    const rules = (first: string, second: string) => ({
      resources: {
        One: resource('AWS::Events::Rule', { Name: 'facts', EventBusName: first }),
        Two: resource('AWS::Events::Rule', { Name: 'facts', EventBusName: second }),
      },
    });
    expect(found(twice, rules('inbound', 'outbound'))).toEqual([]);
    expect(found(twice, rules('inbound', 'inbound'))).toHaveLength(2);
  });

  test('that stay after a creation that was rolled back would be in the way of the next try', () => {
    const what = 'in the way of the next try by its name where its first creation is rolled back';
    const named = (kept: string) => inStateful(resource('AWS::SQS::Queue', { QueueName: 'failed' }, kept));
    expect(found(what, named('Retain'))).toEqual(['prod/Stateful One: AWS::SQS::Queue, Retain']);
    expect(found(what, named('RetainExceptOnCreate'))).toEqual([]);
    expect(found(what, inStateful(resource('AWS::SQS::Queue', {}, 'Retain')))).toEqual([]);
  });

  test('have the characters their service takes', () => {
    const bucket = (BucketName: string) =>
      found('characters of the name of AWS::S3::Bucket', {
        resources: { B: resource('AWS::S3::Bucket', { BucketName }) },
      });
    expect(bucket('rotunda-prod-imports')).toEqual([]);
    for (const bad of ['Rotunda', 'rotunda_prod', 'rotunda..prod', '-rotunda'])
      expect(bucket(bad)).toEqual([`prod/Events B: ${bad}`]);
    const rule = { resources: { R: resource('AWS::IoT::TopicRule', { RuleName: 'rotunda-usage' }) } };
    expect(found('characters of the name of AWS::IoT::TopicRule', rule)).toHaveLength(1);
  });

  test.for([
    'AWS::ApiGateway::Account',
    'AWS::IoT::Logging',
    'AWS::IoT::AccountAuditConfiguration',
    'AWS::IoT::ScheduledAudit',
  ])('of an account are one thing: %s is made by one stage', (type) => {
    const what = `setting of the account by several stages: ${type}`;
    const made = (stage: string, region = 'eu-west-1') => ({ stage, region, resources: { One: resource(type) } });
    expect(found(what, made('staging'), made('prod'))).toEqual([
      'staging/Events One: staging, prod',
      'prod/Events One: staging, prod',
    ]);
    expect(found(what, made('prod'))).toEqual([]);
    expect(found(what, made('staging'), made('prod', 'us-east-1'))).toEqual([]);
  });
});

describe('values', () => {
  const estate = estateOf(
    {
      stack: 'Stateful',
      resources: {
        Failed: resource('AWS::SQS::Queue', { QueueName: 'rotunda-prod-failed' }),
        Table: resource('AWS::DynamoDB::Table'),
        Key: resource('AWS::KMS::Key'),
      },
      outputs: { FailedArn: { Value: { 'Fn::GetAtt': ['Failed', 'Arn'] }, Export: { Name: 'failed' } } },
    },
    {
      stack: 'Events',
      resources: {
        Relay: resource('AWS::Lambda::Function', { FunctionName: 'rotunda-prod-relay' }),
        Live: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Relay' }, Name: 'live' }),
        Rule: resource('AWS::Events::Rule', { Name: 'facts', EventBusName: 'inbound' }),
      },
    },
  );
  const [stateful, events] = estate.stacks;
  const becomes = (value: unknown, stack = events): string => {
    if (stack === undefined) throw new Error('no stack');
    return new Resolver(estate).text(stack, value);
  };

  test('become what they are once deployed', () => {
    const here = [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }],
    ];
    expect(becomes({ 'Fn::Join': here })).toBe('arn:aws:sqs:eu-west-1:123456789012');
    expect(becomes({ 'Fn::ImportValue': 'failed' })).toBe('arn:aws:sqs:eu-west-1:123456789012:rotunda-prod-failed');
    const weak = { StackName: 'rotunda-prod-stateful', OutputName: 'FailedArn' };
    expect(becomes({ 'Fn::GetStackOutput': weak })).toBe(becomes({ 'Fn::ImportValue': 'failed' }));
    expect(becomes({ Ref: 'Live' })).toBe('arn:aws:lambda:eu-west-1:123456789012:function:rotunda-prod-relay:live');
    expect(becomes({ 'Fn::GetAtt': ['Rule', 'Arn'] })).toBe('arn:aws:events:eu-west-1:123456789012:rule/inbound/facts');
    expect(becomes({ 'Fn::Sub': `\${Relay.Arn}/\${AWS::Region}` })).toBe(
      'arn:aws:lambda:eu-west-1:123456789012:function:rotunda-prod-relay/eu-west-1',
    );
    expect(becomes({ Ref: 'Failed' }, stateful)).toBe(
      'https://sqs.eu-west-1.amazonaws.com/123456789012/rotunda-prod-failed',
    );
    expect(becomes({ 'Fn::GetAtt': ['Key', 'Arn'] }, stateful)).toHaveLength(75);
    expect(becomes({ 'Fn::GetAtt': ['Table', 'Arn'] }, stateful)).toMatch(
      /:table\/rotunda-prod-stateful-Table-[A-Z0-9]{12}$/,
    );
  });

  test('that refer to nothing are an error, not a length', () => {
    expect(() => becomes({ Ref: 'Nothing' })).toThrow(/rotunda-prod-events refers to Nothing/);
    expect(() => becomes({ 'Fn::GetAtt': ['Nothing', 'Arn'] })).toThrow(/refers to Nothing/);
    expect(() => becomes({ 'Fn::ImportValue': 'nothing' })).toThrow(/which no stack offers/);
  });

  test('over a limit are told with stack, resource, figure, bound and source', () => {
    const [finding] = limitFindings(estateOf(inEvents(resource('AWS::SQS::Queue', { VisibilityTimeout: 43_201 }))));
    expect(finding === undefined ? undefined : findingLine(finding)).toBe(
      'prod/Events One: how long a queue hides a message: 43201; at least 0, at most 43200 s (AWS::SQS::Queue: VisibilityTimeout from 0 to 43,200 seconds (12 hours))',
    );
  });
});
