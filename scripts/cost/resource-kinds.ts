import type { Estate } from '#infra/limits/estate.ts';
import type { LineName } from './line-names.ts';

/** What a kind of resource costs: lines of the page, or nothing for a reason. */
type Paid = { readonly lines: readonly LineName[] } | { readonly free: string };

const rights = 'who may do what costs nothing';
const ofApi = 'part of the API, which is paid by the call';
const ofPool = 'part of a user pool, which is paid by its users and tokens';
const ofFunction = 'part of a function, which is paid by its invocations';
const ofFleet = 'kept by IoT Core at no price; connections and rules are paid';

/** Every kind of resource that a template may have. One that is not here fails a test until somebody says what it costs. */
export const resourceKinds: Readonly<Record<string, Paid>> = {
  'AWS::ApiGateway::Account': { free: ofApi },
  'AWS::ApiGateway::ApiKey': { free: ofApi },
  'AWS::ApiGateway::BasePathMapping': { free: ofApi },
  'AWS::ApiGateway::Deployment': { free: ofApi },
  'AWS::ApiGateway::DomainName': { free: ofApi },
  'AWS::ApiGateway::RestApi': { lines: ['Views'] },
  'AWS::ApiGateway::Stage': { lines: ['Metrics of methods', 'Traces', 'Logs'] },
  'AWS::ApiGateway::UsagePlan': { free: ofApi },
  'AWS::ApiGateway::UsagePlanKey': { free: ofApi },
  'AWS::CloudWatch::Alarm': { lines: ['Alarms'] },
  'AWS::CloudWatch::Dashboard': { lines: ['Dashboards'] },
  'AWS::Cognito::ManagedLoginBranding': { free: ofPool },
  'AWS::Cognito::UserPool': { lines: ['Customers who sign in', 'Staff who sign in'] },
  'AWS::Cognito::UserPoolClient': { lines: ['Tokens of programs'] },
  'AWS::Cognito::UserPoolDomain': { free: ofPool },
  'AWS::Cognito::UserPoolGroup': { free: ofPool },
  'AWS::Cognito::UserPoolResourceServer': { free: ofPool },
  'AWS::DynamoDB::Table': {
    lines: ['Readings and usage, written', 'Facts', 'Audit, sealed', 'Storage of tables', 'Recovery of tables'],
  },
  'AWS::Events::Archive': { lines: ['Archives of buses'] },
  'AWS::Events::EventBus': { lines: ['Facts'] },
  'AWS::Events::Rule': { lines: ['Functions of the API, sign-in and clock'] },
  'AWS::IAM::ManagedPolicy': { free: rights },
  'AWS::IAM::Policy': { free: rights },
  'AWS::IAM::Role': { free: rights },
  'AWS::IoT::AccountAuditConfiguration': { free: 'what an audit looks at; the audit is paid' },
  'AWS::IoT::Logging': { lines: ['Logs'] },
  'AWS::IoT::Policy': { free: ofFleet },
  'AWS::IoT::ProvisioningTemplate': { free: ofFleet },
  'AWS::IoT::ScheduledAudit': { lines: ['Audit of devices'] },
  'AWS::IoT::ThingType': { free: ofFleet },
  'AWS::IoT::TopicRule': { lines: ['Rules of IoT'] },
  'AWS::KMS::Alias': { free: 'a name of a key' },
  'AWS::KMS::Key': { lines: ['Keys'] },
  'AWS::Kinesis::Stream': { lines: ['Telemetry stream'] },
  'AWS::Lambda::Alias': { free: ofFunction },
  'AWS::Lambda::EventSourceMapping': { lines: ['Metrics of stream readers', 'Functions on what meters send'] },
  'AWS::Lambda::Function': {
    lines: [
      'Functions on what meters send',
      'Functions on facts and changes',
      'Functions of the API, sign-in and clock',
      'Traces',
    ],
  },
  'AWS::Lambda::Permission': { free: rights },
  'AWS::Lambda::Version': { free: ofFunction },
  'AWS::Logs::LogGroup': { lines: ['Logs'] },
  'AWS::Logs::ResourcePolicy': { free: rights },
  'AWS::S3::Bucket': { lines: ['Objects'] },
  'AWS::S3::BucketPolicy': { free: rights },
  'AWS::SNS::Subscription': { lines: ['Messages of alarms'] },
  'AWS::SNS::Topic': { lines: ['Messages of alarms'] },
  'AWS::SNS::TopicPolicy': { free: rights },
  'AWS::SQS::Queue': { lines: ['Queues'] },
  'AWS::SQS::QueuePolicy': { free: rights },
  'AWS::WAFv2::LoggingConfiguration': { lines: ['Logs'] },
  'AWS::WAFv2::WebACL': { lines: ['Firewall'] },
  'AWS::WAFv2::WebACLAssociation': { free: 'where the firewall stands' },
};

/** Kinds of resources of which nobody said what they cost. */
export const unpricedKinds = ({ resources }: Estate): readonly string[] =>
  [...new Set(resources.map(({ type }) => type))].filter((type) => !Object.hasOwn(resourceKinds, type)).toSorted();
