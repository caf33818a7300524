import { Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { ObjectAccess } from '#infra/constructs/bucket.ts';
import { DeviceAuditPolicy } from '#infra/constructs/device-audit.ts';
import { DevicePolicy } from '#infra/constructs/device-registry.ts';
import { TracingPolicy } from '#infra/constructs/function.ts';
import { Gateway } from '#infra/constructs/gateway.ts';
import { GatewayLogging } from '#infra/constructs/gateway-logging.ts';
import { DeadLetterQueue } from '#infra/constructs/queue.ts';
import { QueueMapping } from '#infra/constructs/queue-mapping.ts';
import { StreamReaderPolicy } from '#infra/constructs/stream-mapping.ts';
import { TelemetryRulePolicy } from '#infra/constructs/telemetry-rule.ts';
import { CustomerPool, StaffPool } from '#infra/constructs/user-pool.ts';
import { Stateful } from '#infra/stacks/stateful.ts';
import { type TableName, tableNames } from '#shared/table/table.ts';

/** One rule that one resource, or one construct of the house wherever it is used, need not keep. */
export interface Acknowledgment {
  /** Id as the report prints it, with the finding in brackets where it names one. */
  readonly rule: string;
  /** Path of one construct from its stack on, e.g. `Stateful/Keys`, or a class of `infra/constructs`. */
  readonly on: string | (new (...parts: never) => Construct);
  readonly reason: string;
  readonly owner: string;
  /** Whether a configuration may leave out what it is on. */
  readonly isOptional?: true;
  /** Last day it holds; synthesis fails after it. */
  readonly expires: string;
}

const platform = { owner: 'customer-platform', expires: '2027-11-30' };
const metering = { owner: 'metering', expires: '2027-11-30' };
const privacy = { owner: 'privacy', expires: '2027-11-30' };

/** Finding on a resource that ends in a wildcard; in it `{stateful}`, `{region}` and `{profile}` stand for the name of the stack, its region and the name of a table. */
const wildcard = (resource: string): string => `AwsSolutions-IAM5[Resource::${resource}]`;
const iot = (resource: string): string =>
  wildcard(`arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>:${resource}`);
/** What the stack with the data tells the others. */
const told = (output: string): string =>
  `{"Fn::GetStackOutput":{"StackName":"{stateful}","Region":"{region}","OutputName":"PublishOutput${output}"}}`;
const failures = told('FnGetAttFailuresBucket3D5A4556ArnFF37EB25');
const imports = told('FnGetAttImportsBucketB463A28BArn65F56FDF');
const checkpoints = told('FnGetAttCheckpointsBucket6BA0C50DArnD7E4CD6D');
const streamsOf = (table: TableName): string =>
  wildcard(`arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/{${table}}/stream/*`);

const everyStream =
  'To make a mapping Lambda lists the streams of the one table; their names carry the time they began.';

/** Everything that is acknowledged; at most 25. */
export const acknowledgments: readonly Acknowledgment[] = [
  {
    rule: wildcard('*'),
    on: TracingPolicy,
    reason: 'X-Ray knows no resources: its two acts of writing take `*` alone. The policy holds nothing else.',
    ...platform,
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    on: DeadLetterQueue,
    reason: 'It is where the others lead: messages wait here for a person, with an alarm at the first.',
    ...platform,
  },
  {
    rule: 'AwsSolutions-SQS3',
    on: DeadLetterQueue,
    reason: 'It is where the others lead: messages wait here for a person, with an alarm at the first.',
    ...platform,
  },
  {
    rule: 'Serverless-LambdaEventSourceMappingDestination',
    on: QueueMapping,
    reason: 'A mapping of a queue takes no destination: what fails goes to the dead letters of the queue.',
    ...platform,
  },
  {
    rule: 'AwsSolutions-KDS3',
    on: 'Stateful/Telemetry',
    reason:
      'The key is a key of the installation, whose use its policy bounds; the rule asks for the key of the service.',
    ...metering,
  },
  {
    rule: wildcard(`${failures}/aws/lambda/*`),
    on: StreamReaderPolicy,
    reason: 'Lambda names each object it puts there for the mapping, shard and time; the folder is only for that.',
    ...platform,
  },
  {
    rule: streamsOf('profile'),
    on: StreamReaderPolicy,
    reason: everyStream,
    ...platform,
  },
  {
    rule: streamsOf('readings'),
    on: StreamReaderPolicy,
    reason: everyStream,
    ...metering,
  },
  {
    rule: streamsOf('audit'),
    on: StreamReaderPolicy,
    reason: everyStream,
    ...privacy,
  },
  {
    rule: wildcard(`${failures}/iot/*`),
    on: TelemetryRulePolicy,
    reason: 'A rule names each object it puts there for the meter and time; the folder is only for that.',
    ...metering,
  },
  {
    rule: wildcard(`${checkpoints}/audit/checkpoints/*`),
    on: ObjectAccess,
    reason: 'Checkpoints are numbered as they are taken; the folder holds nothing else.',
    ...privacy,
  },
  {
    rule: wildcard(`${checkpoints}/erasures/*`),
    on: ObjectAccess,
    reason: 'Each customer who was erased has an object of the register in there; the folder holds nothing else.',
    ...privacy,
  },
  {
    rule: wildcard(`${imports}/imports/*`),
    on: ObjectAccess,
    reason: 'Each import has a folder of its own in there; the folder holds nothing else.',
    ...metering,
  },
  {
    rule: wildcard(`${failures}/aws/lambda/*`),
    on: ObjectAccess,
    reason: 'The operator hands in again whatever record was given up; the folder holds nothing else.',
    ...platform,
  },
  {
    rule: wildcard(`${failures}/iot/*`),
    on: ObjectAccess,
    reason: 'The operator hands in again whatever message was not delivered; the folder holds nothing else.',
    ...metering,
  },
  {
    rule: wildcard('*'),
    on: DevicePolicy,
    reason:
      'Signing a request, and listing what belongs to a thing or a certificate, are acts that IoT binds to no resource.',
    ...metering,
  },
  {
    rule: iot('cert/*'),
    on: DevicePolicy,
    reason: 'The id of a certificate is its fingerprint, which is not known before it is made.',
    ...metering,
  },
  {
    rule: iot('thing/mtr_*'),
    on: DevicePolicy,
    reason: 'Things are named for meters, which come and go; nothing but a meter begins so.',
    ...metering,
  },
  {
    rule: wildcard('*'),
    on: DeviceAuditPolicy,
    isOptional: true,
    reason: 'Device Defender reads every certificate and policy of the account to compare them; it can change none.',
    ...metering,
  },
  {
    rule: 'AwsSolutions-APIG2',
    on: Gateway,
    reason:
      'The functions check every request against the schemas of the route list, name each field that is wrong and leave an audit entry; a validator of the gateway would refuse earlier, say less and leave none.',
    ...platform,
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    on: GatewayLogging,
    reason: 'API Gateway takes a role for its logs only with all that this policy of its own holds.',
    ...platform,
  },
  {
    rule: 'AwsSolutions-COG2',
    on: CustomerPool,
    reason:
      'A customer must be able to see a bill without an authenticator; who wants one has it. Staff have a pool of their own, which asks everybody for one.',
    ...privacy,
  },
  {
    rule: 'AwsSolutions-COG8',
    on: CustomerPool,
    reason:
      'The Plus plan is priced by the active user, customers too; nobody signs up here by themselves, and every plan locks out who guesses passwords.',
    ...privacy,
  },
  {
    rule: 'AwsSolutions-COG8',
    on: StaffPool,
    reason:
      'Nobody signs up here by themselves, every plan locks out who guesses passwords, and a password alone opens nothing: everybody has a second factor.',
    ...privacy,
  },
];

/** Whether the acknowledgment is meant for this construct. */
export const isOn = ({ on }: Acknowledgment, construct: IConstruct): boolean =>
  typeof on === 'string' ? construct.node.path === on : construct instanceof on;

/** The rule as it is reported in this app. */
const ruleAt = ({ rule }: Acknowledgment, app: IConstruct): string => {
  const stateful = app.node.tryFindChild('Stateful');
  if (!(stateful instanceof Stateful)) return rule;
  const names = tableNames.map((table): readonly [string, string] => [table, stateful.tables[table].tableName]);
  const said = new Map([['stateful', stateful.stackName], ['region', stateful.region], ...names]);
  return rule.replaceAll(/\{(\w+)\}/g, (whole, name: string) => said.get(name) ?? whole);
};

/** Enters each acknowledgment where it belongs. Throws where one has expired, or is on nothing. */
export const acknowledge = (app: IConstruct, today: string = new Date().toISOString().slice(0, 10)): void => {
  const constructs = app.node.findAll();
  for (const one of acknowledgments) {
    if (one.expires < today) throw new RangeError(`the acknowledgment of ${one.rule} has expired`);
    const places = constructs.filter((construct) => isOn(one, construct));
    if (places.length === 0 && one.isOptional !== true)
      throw new RangeError(`the acknowledgment of ${one.rule} is on nothing`);
    for (const place of places) Validations.of(place).acknowledge({ id: ruleAt(one, app), reason: one.reason });
  }
};
