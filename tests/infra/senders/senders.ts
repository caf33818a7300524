import type { Estate, Found } from '#infra/limits/estate.ts';
import { Resolver } from '#infra/limits/resolve.ts';
import { at, listOf, membersOf } from '#infra/template.ts';

/** Something that sends to a queue, topic, bucket, stream or log group; the service itself, or by a role. */
export interface Sender {
  /** Where the template says so. */
  readonly where: string;
  readonly by: { readonly service: string; readonly sourceArn: string } | { readonly role: string };
  readonly actions: readonly string[];
  /** ARN of what is sent to; of a bucket, of the objects that are put. */
  readonly to: string;
}

/** A template with what reads it. */
class Reading {
  readonly estate: Estate;
  readonly resolver: Resolver;

  constructor(estate: Estate) {
    this.estate = estate;
    this.resolver = new Resolver(estate);
  }

  text({ stack }: Found, value: unknown): string {
    return this.resolver.text(stack, value);
  }

  /** A sender for each resource of a type that `read` finds some in. */
  each(type: string, read: (found: Found) => readonly Omit<Sender, 'where'>[]): readonly Sender[] {
    return this.estate
      .ofType(type)
      .flatMap((found) => read(found).map((one) => ({ ...one, where: `${found.stack.id}/${found.id}` })));
  }
}

const queueSend = ['sqs:SendMessage'];

/** Dead letters of rules and their targets; queues that rules send to. */
const ofRules = (reading: Reading) =>
  reading.each('AWS::Events::Rule', (rule) => {
    const by = { service: 'events.amazonaws.com', sourceArn: reading.resolver.arn(rule) };
    return listOf(at(rule.properties, 'Targets'))
      .flatMap((target) => [at(target, 'Arn'), at(target, 'DeadLetterConfig', 'Arn')])
      .filter((arn) => arn !== undefined)
      .map((arn) => reading.text(rule, arn))
      .filter((arn) => arn.includes(':sqs:'))
      .map((to) => ({ by, actions: queueSend, to }));
  });

const ofBuses = (reading: Reading) =>
  reading.each('AWS::Events::EventBus', (bus) => {
    const to = at(bus.properties, 'DeadLetterConfig', 'Arn');
    const by = { service: 'events.amazonaws.com', sourceArn: reading.resolver.arn(bus) };
    return to === undefined ? [] : [{ by, actions: queueSend, to: reading.text(bus, to) }];
  });

const ofSubscriptions = (reading: Reading) =>
  reading.each('AWS::SNS::Subscription', (subscription) => {
    const to = at(subscription.properties, 'RedrivePolicy', 'deadLetterTargetArn');
    const sourceArn = reading.text(subscription, at(subscription.properties, 'TopicArn'));
    return to === undefined
      ? []
      : [{ by: { service: 'sns.amazonaws.com', sourceArn }, actions: queueSend, to: reading.text(subscription, to) }];
  });

const ofAlarms = (reading: Reading) =>
  reading.each('AWS::CloudWatch::Alarm', (alarm) => {
    const { account, region } = alarm.stack;
    const sourceArn = `arn:aws:cloudwatch:${region}:${account}:alarm:${reading.resolver.name(alarm)}`;
    const by = { service: 'cloudwatch.amazonaws.com', sourceArn };
    return ['AlarmActions', 'OKActions', 'InsufficientDataActions']
      .flatMap((member) => listOf(at(alarm.properties, member)))
      .map((action) => ({ by, actions: ['sns:Publish'], to: reading.text(alarm, action) }));
  });

const ofBucketLogs = (reading: Reading) =>
  reading.each('AWS::S3::Bucket', (bucket) => {
    const target = at(bucket.properties, 'LoggingConfiguration', 'DestinationBucketName');
    if (target === undefined) return [];
    const prefix = at(bucket.properties, 'LoggingConfiguration', 'LogFilePrefix');
    const to = `arn:aws:s3:::${reading.text(bucket, target)}/${prefix === undefined ? '' : reading.text(bucket, prefix)}*`;
    const by = { service: 'logging.s3.amazonaws.com', sourceArn: reading.resolver.arn(bucket) };
    return [{ by, actions: ['s3:PutObject'], to }];
  });

/** What a function's role sends: its log, events it failed on. */
const ofFunctions = (reading: Reading) =>
  reading.each('AWS::Lambda::Function', (made) => {
    const by = { role: reading.text(made, at(made.properties, 'Role')) };
    const log = reading.text(made, at(made.properties, 'LoggingConfig', 'LogGroup'));
    const { account, region } = made.stack;
    const to = `arn:aws:logs:${region}:${account}:log-group:${log}:*`;
    const failed = at(made.properties, 'DeadLetterConfig', 'TargetArn');
    return [
      { by, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], to },
      ...(failed === undefined ? [] : [{ by, actions: queueSend, to: reading.text(made, failed) }]),
    ];
  });

/** What goes to the destination of a mapping, with the role of its function; into a bucket under the name of the mapping. */
const ofMappings = (reading: Reading) =>
  reading.each('AWS::Lambda::EventSourceMapping', (mapping) => {
    const said = at(mapping.properties, 'DestinationConfig', 'OnFailure', 'Destination');
    if (said === undefined) return [];
    const called = reading.text(mapping, at(mapping.properties, 'FunctionName'));
    const target = reading.estate
      .ofType('AWS::Lambda::Function')
      .find((one) => called.startsWith(`${reading.resolver.arn(one)}:`));
    if (target === undefined) throw new RangeError(`${mapping.id} calls ${called}, which is no function`);
    const by = { role: reading.text(target, at(target.properties, 'Role')) };
    const to = reading.text(mapping, said);
    return to.includes(':s3:::')
      ? [
          { by, actions: ['s3:PutObject'], to: `${to}/aws/lambda/*` },
          { by, actions: ['s3:ListBucket'], to },
        ]
      : [{ by, actions: queueSend, to }];
  });

/** What IoT rules do with messages, each action with its role. */
const ofTopicRules = (reading: Reading) =>
  reading.each('AWS::IoT::TopicRule', (rule) => {
    const payload = at(rule.properties, 'TopicRulePayload');
    const { account, region } = rule.stack;
    return [...listOf(at(payload, 'Actions')), ...listOf(at(payload, 'ErrorAction'))]
      .flatMap(membersOf)
      .map(([kind, action]) => {
        const by = { role: reading.text(rule, at(action, 'RoleArn')) };
        const text = (member: string): string => reading.text(rule, at(action, member));
        if (kind === 'Kinesis')
          return {
            by,
            actions: ['kinesis:PutRecord'],
            to: `arn:aws:kinesis:${region}:${account}:stream/${text('StreamName')}`,
          };
        if (kind === 'S3') {
          const folder = text('Key').replace(/\$\{.*$/, '*');
          return { by, actions: ['s3:PutObject'], to: `arn:aws:s3:::${text('BucketName')}/${folder}` };
        }
        throw new RangeError(`${rule.id} has an action ${kind} of which nobody says what it needs`);
      });
  });

const ofDeviceAudit = (reading: Reading) =>
  reading.each('AWS::IoT::AccountAuditConfiguration', (audit) =>
    membersOf(at(audit.properties, 'AuditNotificationTargetConfigurations')).map(([, target]) => ({
      by: { role: reading.text(audit, at(target, 'RoleArn')) },
      actions: ['sns:Publish'],
      to: reading.text(audit, at(target, 'TargetArn')),
    })),
  );

/** The firewall's log, which CloudWatch delivers on behalf of the account. */
const ofFirewalls = (reading: Reading) =>
  reading.each('AWS::WAFv2::LoggingConfiguration', (logging) => {
    const { account, region } = logging.stack;
    const by = { service: 'delivery.logs.amazonaws.com', sourceArn: `arn:aws:logs:${region}:${account}:*` };
    return listOf(at(logging.properties, 'LogDestinationConfigs')).map((group) => ({
      by,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      to: `${reading.text(logging, group)}:log-stream:*`,
    }));
  });

/** Types that may send and that none of the readers above reads: a template that has one needs a reader first. */
export const unread: readonly string[] = [
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketNotification',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Scheduler::Schedule',
  'AWS::Pipes::Pipe',
  'AWS::CloudWatch::CompositeAlarm',
];

const readers = [
  ofRules,
  ofBuses,
  ofSubscriptions,
  ofAlarms,
  ofBucketLogs,
  ofFunctions,
  ofMappings,
  ofTopicRules,
  ofDeviceAudit,
  ofFirewalls,
];

/** Everybody who sends to something, as the templates say. */
export const sendersIn = (estate: Estate): readonly Sender[] => {
  const reading = new Reading(estate);
  return readers.flatMap((read) => read(reading));
};
