import { type Urgency, urgencies } from '#functions/manifest/alarm.ts';
import { type FunctionName, functionNamed, scheduledFunctionNames } from '#functions/manifest.ts';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import type { Looked } from '#shared/runtime/counts.ts';
import type { TableName } from '#shared/table/table.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';
import { type Alarm, type Measure, type Metric, metricOf } from './alarm.ts';
import { type AlarmKindName, alarmKinds, ownAlarms } from './kinds.ts';

/** What the alarms of a deployment are on, by the names it has there. */
export interface Watched {
  readonly stage: string;
  readonly watching: Watching;
  readonly functions: ReadonlyMap<FunctionName, { readonly physical: string; readonly timeoutSeconds: number }>;
  readonly tables: Readonly<Record<TableName, string>>;
  readonly stream: string;
  readonly api: { readonly name: string; readonly stage: string };
  /** Queues with dead letters, and the queue of facts, by house name. */
  readonly deadLetters: Readonly<Record<string, string>>;
  readonly facts: string;
  /** Rules of EventBridge by house name; `bus` where it is not the account's own. */
  readonly rules: readonly { readonly name: string; readonly physical: string; readonly bus?: string }[];
  /** Topics that alarms go to, by urgency. */
  readonly topics: Readonly<Record<Urgency, string>>;
}

const alarm = (kind: AlarmKindName, subject: string, measure: Measure): Alarm => ({
  kind: alarmKinds[kind],
  subject,
  measure,
});
const sumOf = (metric: Metric): Measure => ({ kind: 'metric', metric, statistic: 'Sum' });
const sumCounted = (looked: Looked, stage: string): Measure => sumOf(metricOf(looked, stage));
const maximumOf = (metric: Metric): Measure => ({ kind: 'metric', metric, statistic: 'Maximum' });

const lambda = (name: string, functionName: string): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
});

/** Functions without which nobody of a kind signs in. */
const signsIn = (name: FunctionName): boolean => functionNamed(name).on.name?.by === 'sign-in';

/** How much of its time a run may take, in thousandths, before it is told: one that hands on what is left works for nine tenths of it. */
const nearTimeout = (name: FunctionName): number => functionNamed(name).nearTimeout ?? 900;

const functionAlarms = ({ functions }: Watched): readonly Alarm[] => {
  const physical = (name: FunctionName): string => functions.get(name)?.physical ?? '';
  return [
    ...[...functions].flatMap(([name, one]) => [
      alarm(signsIn(name) ? 'signInFailing' : 'functionFailing', name, sumOf(lambda('Errors', one.physical))),
      alarm('functionThrottled', name, sumOf(lambda('Throttles', one.physical))),
      {
        ...alarm('functionNearTimeout', name, maximumOf(lambda('Duration', one.physical))),
        threshold: one.timeoutSeconds * nearTimeout(name),
      },
    ]),
    // Nobody waits for a scheduled run: where its event cannot be set aside it is lost. What was set aside, the alarm on dead letters tells.
    ...scheduledFunctionNames.map((name) =>
      alarm('invocationLost', name, sumOf(lambda('DeadLetterErrors', physical(name)))),
    ),
  ];
};

/** What functions have by the manifest. */
const alarmsByManifest = ({ functions, stage }: Watched): readonly Alarm[] =>
  ownAlarms.flatMap(({ name, kind, on }) =>
    on.map((watched): Alarm => {
      if ('count' in watched) return { kind, subject: watched.subject ?? name, measure: sumCounted(watched, stage) };
      const metric = lambda(watched.metric, functions.get(name)?.physical ?? '');
      return { kind, subject: name, measure: watched.metric === 'IteratorAge' ? maximumOf(metric) : sumOf(metric) };
    }),
  );

const apiAlarms = ({ api, stage }: Watched): readonly Alarm[] => {
  const metric = (name: string): Metric => ({
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: { ApiName: api.name, Stage: api.stage },
  });
  const refused = (code: 'token.invalid' | 'access.denied'): Measure =>
    sumCounted({ count: 'request.refused', where: { code } }, stage);
  return [
    alarm('apiFailing', 'api', { kind: 'percent', of: metric('5XXError'), among: metric('Count') }),
    alarm('apiRefusing', 'api', { kind: 'percent', of: metric('4XXError'), among: metric('Count') }),
    alarm('apiSlow', 'api', { kind: 'metric', metric: metric('Latency'), statistic: 'p99' }),
    alarm('functionNotReady', 'api', sumCounted({ count: 'function.not-ready' }, stage)),
    alarm('tokensRefused', 'api', refused('token.invalid')),
    alarm('accessRefused', 'api', refused('access.denied')),
  ];
};

/** Calls of DynamoDB that the functions make. */
const tableCalls = ['GetItem', 'Query', 'PutItem', 'BatchWriteItem', 'TransactWriteItems', 'Scan'];

const tableAlarms = ({ tables }: Watched): readonly Alarm[] =>
  Object.entries(tables).flatMap(([name, physical]) => {
    const metric = (metricName: string, more: Readonly<Record<string, string>> = {}): Metric => ({
      namespace: 'AWS/DynamoDB',
      name: metricName,
      dimensions: { TableName: physical, ...more },
    });
    return [
      alarm('tableThrottled', name, {
        kind: 'sum',
        metrics: [metric('ReadThrottleEvents'), metric('WriteThrottleEvents')],
      }),
      alarm('tableConflicts', name, sumOf(metric('TransactionConflict'))),
      alarm('tableFailing', name, {
        kind: 'sum',
        metrics: tableCalls.map((call) => metric('SystemErrors', { Operation: call })),
      }),
    ];
  });

const queueAlarms = ({ deadLetters, facts }: Watched): readonly Alarm[] => {
  const metric = (name: string, queue: string): Metric => ({
    namespace: 'AWS/SQS',
    name,
    dimensions: { QueueName: queue },
  });
  return [
    ...Object.entries(deadLetters).map(([name, queue]) =>
      alarm('deadLetters', name, maximumOf(metric('ApproximateNumberOfMessagesVisible', queue))),
    ),
    alarm('factsWaiting', 'facts', maximumOf(metric('ApproximateAgeOfOldestMessage', facts))),
  ];
};

const ruleAlarms = ({ rules }: Watched): readonly Alarm[] =>
  rules.flatMap(({ name, physical, bus }) => {
    const metric = (metricName: string): Metric => ({
      namespace: 'AWS/Events',
      name: metricName,
      dimensions: { ...(bus === undefined ? {} : { EventBusName: bus }), RuleName: physical },
    });
    return [
      alarm('ruleFailing', name, sumOf(metric('FailedInvocations'))),
      alarm('ruleLosing', name, sumOf(metric('InvocationsFailedToBeSentToDlq'))),
    ];
  });

const deviceAlarms = ({ stage, stream }: Watched): readonly Alarm[] => {
  const iot = (name: string, dimensions: Readonly<Record<string, string>>): Metric => ({
    namespace: 'AWS/IoT',
    name,
    dimensions,
  });
  const byMqtt = { Protocol: 'MQTT' };
  return [
    ...telemetryKinds.flatMap((kind) => {
      const rule = { RuleName: ruleName(kind, stage) };
      return [
        alarm('messagesUndelivered', kind, sumOf(iot('Failure', { ...rule, ActionType: 'Kinesis' }))),
        alarm('messagesLost', kind, {
          kind: 'sum',
          metrics: [iot('ErrorActionFailure', { ...rule, ActionType: 'S3' }), iot('RuleMessageThrottled', rule)],
        }),
      ];
    }),
    alarm('devicesRefused', 'meters', {
      kind: 'sum',
      metrics: [
        iot('Connect.AuthError', byMqtt),
        iot('PublishIn.AuthError', byMqtt),
        iot('Subscribe.AuthError', byMqtt),
      ],
    }),
    alarm(
      'streamFull',
      'telemetry',
      sumOf({
        namespace: 'AWS/Kinesis',
        name: 'WriteProvisionedThroughputExceeded',
        dimensions: { StreamName: stream },
      }),
    ),
  ];
};

/** What several functions count. */
const recordAlarms = ({ stage }: Watched): readonly Alarm[] => [
  alarm('quarantineGrowing', 'readings', sumCounted({ count: 'readings.refused' }, stage)),
  alarm('quarantineGrowing', 'facts', sumCounted({ count: 'facts', where: { status: 'quarantined' } }, stage)),
  { ...alarm('quarantineGrowing', 'inbound', sumCounted({ count: 'inbound.unreadable' }, stage)), threshold: 10 },
];

const topicAlarms = ({ topics }: Watched): readonly Alarm[] =>
  urgencies.map((urgency) =>
    alarm(
      'alarmsUndelivered',
      urgency,
      sumOf({ namespace: 'AWS/SNS', name: 'NumberOfNotificationsFailed', dimensions: { TopicName: topics[urgency] } }),
    ),
  );

/**
 * Every alarm of a deployment but those on mappings, which stand beside their mapping: those are named by an id that is known
 * only there (`mappingAlarms`).
 */
export const alarmCatalogue = (watched: Watched): readonly Alarm[] => [
  ...functionAlarms(watched),
  ...alarmsByManifest(watched),
  ...apiAlarms(watched),
  ...tableAlarms(watched),
  ...queueAlarms(watched),
  ...ruleAlarms(watched),
  ...deviceAlarms(watched),
  ...recordAlarms(watched),
  ...topicAlarms(watched),
];

/** Alarms of one mapping of a stream, by its id in Lambda. */
export const mappingAlarms = (subject: string, mapping: string): readonly Alarm[] => {
  const metric = (name: string): Metric => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { EventSourceMappingUUID: mapping },
  });
  return [
    alarm('recordsGivenUp', subject, sumOf(metric('OnFailureDestinationDeliveredEventCount'))),
    alarm('recordsDropped', subject, sumOf(metric('DroppedEventCount'))),
  ];
};
