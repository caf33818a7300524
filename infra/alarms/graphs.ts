import { functionNamed } from '#functions/manifest.ts';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import { type CountName, dimensionsOf, isMetric, metricsNamespace, otherValue } from '#shared/runtime/counts.ts';
import type { Metric } from './alarm.ts';
import type { Watched } from './catalogue.ts';

/** A graph of the dashboard. */
export interface Graph {
  readonly title: string;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
  readonly lines: readonly Metric[];
}

/**
 * Three dashboards of an account are free where each refers to no more metrics than these (Amazon CloudWatch Pricing, free tier);
 * one that refers to more is $3 a month.
 */
export const mostLines = 50;

const metric = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>): Metric => ({
  namespace,
  name,
  dimensions,
});

/** A count, a line for each value that is looked at. */
const byValue = (
  stage: string,
  name: CountName,
  dimension: string,
  others: readonly string[] = [],
): readonly Metric[] =>
  [...(dimensionsOf(name)[dimension] ?? []), ...others].map((value) =>
    metric(metricsNamespace, name, { stage, [dimension]: value }),
  );

/** Functions that nobody waits for: what they fail at is seen nowhere else. */
const byThemselves = ({ functions }: Watched, on: readonly ('stream' | 'queue' | 'schedule' | 'file')[]) =>
  [...functions].filter(([name]) => on.some((call) => functionNamed(name).on[call] !== undefined));

const lambda = (watched: Watched, name: string, on: Parameters<typeof byThemselves>[1]): readonly Metric[] =>
  byThemselves(watched, on).map(([, { physical }]) => metric('AWS/Lambda', name, { FunctionName: physical }));

/** What became of readings, facts and requests: where the stage makes metrics of it. */
const countGraphs = ({ stage, watching }: Watched): readonly Graph[] => {
  const graph = (title: string, count: CountName, dimension: string, others: readonly string[] = []) =>
    isMetric(count, watching)
      ? [{ title, statistic: 'Sum' as const, lines: byValue(stage, count, dimension, others) }]
      : [];
  return [
    ...graph('What became of readings', 'readings.records', 'outcome'),
    ...graph('What became of facts', 'facts', 'status'),
    ...graph('Requests refused', 'request.refused', 'code', [otherValue]),
  ];
};

/** How requests, readings and facts flow. */
export const graphsOf = (watched: Watched): readonly Graph[] => {
  const { stage, tables, stream, api, facts, deadLetters } = watched;
  const ofApi = (name: string): Metric => metric('AWS/ApiGateway', name, { ApiName: api.name, Stage: api.stage });
  return [
    { title: 'Requests and failures', statistic: 'Sum', lines: ['Count', '5XXError', '4XXError'].map(ofApi) },
    { title: 'Slowest of a hundred answers, ms', statistic: 'p99', lines: [ofApi('Latency')] },
    {
      title: 'Messages of meters, and what the stream does not take',
      statistic: 'Sum',
      lines: [
        ...telemetryKinds.map((kind) => metric('AWS/IoT', 'TopicMatch', { RuleName: ruleName(kind, stage) })),
        metric('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', { StreamName: stream }),
      ],
    },
    {
      title: 'How far readers are behind, ms',
      statistic: 'Maximum',
      lines: lambda(watched, 'IteratorAge', ['stream']),
    },
    {
      title: 'Failures of functions that nobody waits for',
      statistic: 'Sum',
      lines: lambda(watched, 'Errors', ['stream', 'queue', 'schedule', 'file']),
    },
    {
      title: 'Facts waiting, s',
      statistic: 'Maximum',
      lines: [metric('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: facts })],
    },
    {
      title: 'Dead letters',
      statistic: 'Maximum',
      lines: Object.values(deadLetters).map((queue) =>
        metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: queue }),
      ),
    },
    {
      title: 'Conflicts of commits',
      statistic: 'Sum',
      // Where people's changes meet; entries of the audit and keys are of one writer each.
      lines: [tables.profile, tables.readings].map((table) =>
        metric('AWS/DynamoDB', 'TransactionConflict', { TableName: table }),
      ),
    },
    ...countGraphs(watched),
  ];
};
