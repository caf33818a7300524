import { at, membersOf } from '#infra/template.ts';
import type { Found } from './estate.ts';

/** What the name of a resource of a type is like, and how far it is the only one. */
export interface NameRule {
  /** Property that has it. */
  readonly member: string;
  readonly least?: number;
  /** Characters. */
  readonly most: number;
  readonly pattern?: RegExp;
  /** Where no two may have the same: in an account and region, over the regions of an account, or everywhere. */
  readonly only: 'region' | 'account' | 'everywhere';
  readonly source: string;
}

/** Types whose physical name is the only one of its kind, so that a second one cannot be made. */
export const nameRules: Readonly<Record<string, NameRule>> = {
  'AWS::CloudWatch::Alarm': {
    member: 'AlarmName',
    most: 255,
    only: 'region',
    source: 'MetricAlarm (CloudWatch API): AlarmName has at most 255 characters',
  },
  'AWS::CloudWatch::CompositeAlarm': {
    member: 'AlarmName',
    most: 255,
    only: 'region',
    source: 'AWS::CloudWatch::CompositeAlarm: the name must be between 1 and 255 characters',
  },
  'AWS::CloudWatch::Dashboard': {
    member: 'DashboardName',
    most: 255,
    only: 'account',
    source: 'known; PutDashboard (CloudWatch API): all dashboards in an account are global, not region-specific',
  },
  'AWS::Cognito::UserPoolDomain': {
    member: 'Domain',
    most: 63,
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    only: 'region',
    source: 'DeleteUserPoolDomain (Cognito API): a prefix domain has at most 63 of a-z, 0-9 and hyphens',
  },
  'AWS::DynamoDB::Table': { member: 'TableName', least: 3, most: 255, only: 'region', source: 'known' },
  'AWS::Events::Archive': {
    member: 'ArchiveName',
    most: 48,
    pattern: /^[.\-_A-Za-z0-9]+$/,
    only: 'region',
    source: 'CreateArchive (EventBridge API): ArchiveName has at most 48 characters',
  },
  'AWS::Events::EventBus': {
    member: 'Name',
    most: 256,
    pattern: /^[/.\-_A-Za-z0-9]+$/,
    only: 'region',
    source: 'DeleteEventBus (EventBridge API): Name has at most 256 characters',
  },
  'AWS::Events::Rule': { member: 'Name', most: 64, only: 'region', source: 'known; PutRule (EventBridge API)' },
  'AWS::IAM::ManagedPolicy': {
    member: 'ManagedPolicyName',
    most: 128,
    only: 'account',
    source: 'IAM and AWS STS quotas: policy name 128 characters',
  },
  'AWS::IAM::Role': {
    member: 'RoleName',
    most: 64,
    pattern: /^[\w+=,.@-]+$/,
    only: 'account',
    source: 'IAM and AWS STS quotas: role name 64 characters',
  },
  'AWS::IoT::Policy': {
    member: 'PolicyName',
    most: 128,
    pattern: /^[\w+=,.@-]+$/,
    only: 'region',
    source: 'CreatePolicy (AWS IoT API): policyName has at most 128 characters',
  },
  'AWS::IoT::ProvisioningTemplate': {
    member: 'TemplateName',
    most: 36,
    pattern: /^[0-9A-Za-z_-]+$/,
    only: 'region',
    source: 'CreateProvisioningTemplateVersion (AWS IoT API): templateName has at most 36 characters',
  },
  'AWS::IoT::ScheduledAudit': { member: 'ScheduledAuditName', most: 128, only: 'region', source: 'known' },
  'AWS::IoT::ThingType': { member: 'ThingTypeName', most: 128, only: 'region', source: 'known' },
  'AWS::IoT::TopicRule': {
    member: 'RuleName',
    most: 128,
    pattern: /^[a-zA-Z0-9_]+$/,
    only: 'region',
    source: 'TopicRule (AWS IoT API): ruleName has at most 128 letters, digits and underscores',
  },
  'AWS::KMS::Alias': {
    member: 'AliasName',
    most: 256,
    only: 'region',
    source: 'AWS::KMS::Alias: the alias must be a string of 1 to 256 characters',
  },
  'AWS::Kinesis::Stream': { member: 'Name', most: 128, only: 'region', source: 'known' },
  'AWS::Lambda::Function': {
    member: 'FunctionName',
    most: 64,
    only: 'region',
    source: 'PutFunctionConcurrency (Lambda API): a function name alone is limited to 64 characters',
  },
  'AWS::Logs::LogGroup': {
    member: 'LogGroupName',
    most: 512,
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    only: 'region',
    source: 'AWS::Logs::LogGroup: names can be between 1 and 512 characters long',
  },
  'AWS::Logs::ResourcePolicy': {
    member: 'PolicyName',
    most: 255,
    only: 'region',
    source: 'AWS::Logs::ResourcePolicy: PolicyName, maximum 255',
  },
  'AWS::S3::Bucket': {
    member: 'BucketName',
    least: 3,
    most: 63,
    pattern: /^[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/,
    only: 'everywhere',
    source: 'Bucket naming rules (S3): 3 to 63 lowercase letters, digits, dots and hyphens, unique in a partition',
  },
  'AWS::SNS::Topic': {
    member: 'TopicName',
    most: 256,
    pattern: /^[\w-]+(\.fifo)?$/,
    only: 'region',
    source: 'AWS::SNS::Topic: names are between 1 and 256 letters, digits, underscores and hyphens long',
  },
  'AWS::SQS::Queue': {
    member: 'QueueName',
    most: 80,
    pattern: /^[\w-]+(\.fifo)?$/,
    only: 'region',
    source: 'CreateQueue (SQS API): a queue name can have up to 80 letters, digits, hyphens and underscores',
  },
  'AWS::SSM::Parameter': { member: 'Name', most: 1011, only: 'region', source: 'known' },
  'AWS::WAFv2::WebACL': { member: 'Name', most: 128, only: 'region', source: 'known' },
};

/** The name a template gives a resource; undefined where AWS makes one up. */
export const givenName = ({ type, properties }: Found): unknown => {
  const rule = nameRules[type];
  return rule === undefined ? undefined : at(properties, rule.member);
};

/** Whether a value is the same in every deployment of its stack: it is made of nothing but where that is. */
const isConstant = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isConstant);
  return membersOf(value).every(([name, member]) => {
    if (name === 'Ref') return String(member).startsWith('AWS::');
    return name === 'Fn::Join' && isConstant(member);
  });
};

/** The name a resource has every time it is made; undefined where that is another one each time. */
export const fixedName = (found: Found): unknown => {
  const name = givenName(found);
  return isConstant(name) ? name : undefined;
};
