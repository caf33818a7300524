import * as z from 'zod';
import { minutesBetween } from '#functions/manifest/schedule-rate.ts';
import type { Estate, Found } from '#infra/limits/estate.ts';
import { Resolver } from '#infra/limits/resolve.ts';
import { at, listOf } from '#infra/template.ts';
import { isOwnCount, metricsCounted } from '#shared/runtime/counts.ts';
import { Watching } from '#shared/vocabulary/watching.ts';

/** A function, and how it reads changes or messages. */
export interface StandingFunction {
  /** As in the manifest: `validation-follow`. */
  readonly name: string;
  readonly gigabytes: number;
  readonly traced: boolean;
}

/** A function that is given what a stream or queue holds. */
export interface Reader {
  readonly of: StandingFunction;
  /** House name of the table whose changes it reads, `telemetry`, or `queue`. */
  readonly from: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly parallelization: number;
  /** Event patterns of which a record must match one; none where all are read. */
  readonly filters: readonly unknown[];
}

/** What stands in a stage, counted from its templates. */
export interface Standing {
  readonly stage: string;
  /** Metrics that alarms look at: each is paid for, however many an alarm looks at. */
  readonly alarmMetrics: number;
  /** Metrics that functions count, at most. */
  readonly ownMetrics: number;
  /** Metrics of mappings that were asked for. */
  readonly mappingMetrics: number;
  /** Methods that the API counts each for itself. */
  readonly countedMethods: number;
  readonly dashboards: number;
  readonly keys: number;
  readonly rotatingKeys: number;
  readonly shards: number;
  /** Hours that the stream keeps a record. */
  readonly streamHours: number;
  readonly firewalls: number;
  readonly firewallRules: number;
  readonly functions: readonly StandingFunction[];
  readonly readers: readonly Reader[];
  /** Runs by the clock, minutes from one to the next. */
  readonly schedules: readonly { readonly of: string; readonly minutes: number }[];
  readonly tracedApis: number;
  readonly recovered: { readonly profile: boolean; readonly readings: boolean; readonly audit: boolean };
  /** Days that archives of buses keep. */
  readonly archiveDays: readonly number[];
  /** Most days that a log is kept. */
  readonly logDays: number;
  readonly buckets: number;
  readonly queues: number;
  readonly subscriptions: number;
  /** Programs that ask for tokens. */
  readonly programs: number;
  readonly customersSignIn: boolean;
  readonly staffSignIn: boolean;
  /** Daily audits of the fleet's certificates. */
  readonly deviceAudits: number;
}

/**
 * What Lambda counts of a mapping of a stream once it is asked for `EventCount`: polled, filtered out, invoked, failed, dropped,
 * delivered to the place for failures (Types of metrics for Lambda functions: event source mapping metrics).
 */
const metricsOfMapping = 6;
/** What API Gateway counts of a method (Amazon API Gateway dimensions and metrics): calls, both kinds of errors, both latencies. */
export const metricsOfMethod = 5;

const alarmMetrics = ({ properties }: Found): number => {
  const several = listOf(at(properties, 'Metrics'));
  return several.length === 0 ? 1 : several.filter((part) => at(part, 'MetricStat') !== undefined).length;
};

const houseName = ({ stack }: Found, physical: string): string => physical.replace(`rotunda-${stack.stage}-`, '');
const variable = ({ properties }: Found, name: string): unknown => at(properties, 'Environment', 'Variables', name);
const Count = z.coerce.number().int().min(0);

/** Whoever counts in a stage watches the same, as its functions are told; what capabilities count for themselves, alarms tell of. */
const ownMetricsOf = (functions: readonly Found[], alarms: readonly Found[]): number => {
  const said = new Set(functions.map((one) => variable(one, 'ROTUNDA_WATCHING')).filter((one) => one !== undefined));
  const own = new Set(
    alarms.map(({ properties }) => String(at(properties, 'MetricName'))).filter((name) => isOwnCount(name)),
  );
  return [...said].reduce<number>((sum, watching) => sum + metricsCounted(Watching.parse(watching)), own.size);
};

const functionOf = (found: Found): StandingFunction => ({
  name: houseName(found, String(at(found.properties, 'FunctionName'))),
  gigabytes: Number(at(found.properties, 'MemorySize') ?? 128) / 1024,
  traced: at(found.properties, 'TracingConfig', 'Mode') === 'Active',
});

/** Function behind the alias that a mapping or rule of the same stack calls. */
const behindAlias = (estate: Estate, { stack }: Found, reference: unknown): StandingFunction | undefined => {
  const alias = estate.resource(stack, String(at(reference, 'Ref')));
  const found = estate.resource(stack, String(at(alias?.properties, 'FunctionName', 'Ref')));
  return found === undefined ? undefined : functionOf(found);
};

const sourceOf = (arn: string, mapping: Found): string => {
  const table = /:table\/([^/]+)\//.exec(arn)?.[1];
  if (table !== undefined) return houseName(mapping, table);
  return arn.includes(':kinesis:') ? 'telemetry' : 'queue';
};

const readersOf = (estate: Estate): readonly Reader[] =>
  estate.ofType('AWS::Lambda::EventSourceMapping').map((mapping) => {
    const { properties, stack } = mapping;
    const of = behindAlias(estate, mapping, at(properties, 'FunctionName'));
    if (of === undefined) throw new RangeError(`${stack.name}: ${mapping.id} calls no function of its stack`);
    return {
      of,
      from: sourceOf(new Resolver(estate).text(stack, at(properties, 'EventSourceArn')), mapping),
      batchSize: Number(at(properties, 'BatchSize')),
      windowSeconds: Number(at(properties, 'MaximumBatchingWindowInSeconds') ?? 0),
      parallelization: Number(at(properties, 'ParallelizationFactor') ?? 1),
      filters: listOf(at(properties, 'FilterCriteria', 'Filters')).map((one): unknown =>
        JSON.parse(String(at(one, 'Pattern'))),
      ),
    };
  });

const Schedule = z.custom<Parameters<typeof minutesBetween>[0]>((said) => /^(rate|cron)\(/.test(String(said)));

const schedulesOf = (estate: Estate) =>
  estate.ofType('AWS::Events::Rule').flatMap((rule) => {
    const said = at(rule.properties, 'ScheduleExpression');
    if (said === undefined) return [];
    const called = behindAlias(estate, rule, at(rule.properties, 'Targets', 0, 'Arn'));
    return [{ of: called?.name ?? rule.id, minutes: minutesBetween(Schedule.parse(said)) }];
  });

const isRecovered = (estate: Estate, table: string): boolean =>
  estate
    .ofType('AWS::DynamoDB::Table')
    .some(
      (found) =>
        houseName(found, String(at(found.properties, 'TableName'))) === table &&
        at(found.properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true,
    );

const methodsOf = (estate: Estate): number => {
  const counts = estate
    .ofType('AWS::ApiGateway::Stage')
    .some(({ properties }) =>
      listOf(at(properties, 'MethodSettings')).some((one) => at(one, 'MetricsEnabled') === true),
    );
  if (!counts) return 0;
  const paths = estate
    .ofType('AWS::ApiGateway::RestApi')
    .flatMap(({ properties }) => Object.values(at(properties, 'Body', 'paths') ?? {}));
  return paths.reduce<number>(
    (sum, path) => sum + Object.keys(Object(path)).filter((name) => name !== 'options').length,
    0,
  );
};

/** Counts what is paid for standing in a stage. Throws where the templates hold what cannot be counted. */
export const standingOf = (estate: Estate): Standing => {
  const of = (type: string): readonly Found[] => estate.ofType(type);
  const sum = (type: string, count: (found: Found) => number): number =>
    of(type).reduce((total, found) => total + count(found), 0);
  const clients = of('AWS::Cognito::UserPoolClient');
  const signsIn = (flow: string, name?: string): readonly Found[] =>
    clients.filter(
      ({ properties }) =>
        listOf(at(properties, 'AllowedOAuthFlows')).includes(flow) &&
        (name === undefined || at(properties, 'ClientName') === name),
    );
  const functions = of('AWS::Lambda::Function');
  return {
    stage: estate.stacks[0]?.stage ?? '',
    alarmMetrics: sum('AWS::CloudWatch::Alarm', alarmMetrics),
    ownMetrics: ownMetricsOf(functions, of('AWS::CloudWatch::Alarm')),
    mappingMetrics: sum(
      'AWS::Lambda::EventSourceMapping',
      ({ properties }) => listOf(at(properties, 'MetricsConfig', 'Metrics')).length * metricsOfMapping,
    ),
    countedMethods: methodsOf(estate),
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    keys: of('AWS::KMS::Key').length,
    rotatingKeys: of('AWS::KMS::Key').filter(({ properties }) => at(properties, 'EnableKeyRotation') === true).length,
    shards: sum('AWS::Kinesis::Stream', ({ properties }) => Count.parse(at(properties, 'ShardCount'))),
    streamHours: Math.max(
      24,
      ...of('AWS::Kinesis::Stream').map(({ properties }) => Number(at(properties, 'RetentionPeriodHours') ?? 24)),
    ),
    firewalls: of('AWS::WAFv2::WebACL').length,
    firewallRules: sum('AWS::WAFv2::WebACL', ({ properties }) => listOf(at(properties, 'Rules')).length),
    functions: functions.map(functionOf),
    readers: readersOf(estate),
    schedules: schedulesOf(estate),
    tracedApis: of('AWS::ApiGateway::Stage').filter(({ properties }) => at(properties, 'TracingEnabled') === true)
      .length,
    recovered: {
      profile: isRecovered(estate, 'profile'),
      readings: isRecovered(estate, 'readings'),
      audit: isRecovered(estate, 'audit'),
    },
    archiveDays: of('AWS::Events::Archive').map(({ properties }) => Count.parse(at(properties, 'RetentionDays'))),
    logDays: Math.max(
      0,
      ...of('AWS::Logs::LogGroup').map(({ properties }) => Number(at(properties, 'RetentionInDays') ?? 3650)),
    ),
    buckets: of('AWS::S3::Bucket').length,
    queues: of('AWS::SQS::Queue').length,
    subscriptions: of('AWS::SNS::Subscription').length,
    programs: signsIn('client_credentials').length,
    customersSignIn: signsIn('code', 'portal').length > 0,
    staffSignIn: signsIn('code', 'console').length > 0,
    deviceAudits: of('AWS::IoT::ScheduledAudit').length,
  };
};
