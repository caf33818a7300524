import { Aws } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import type { Watched } from '#infra/alarms/catalogue.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';

/** One line of a graph: namespace, metric, then names and values of dimensions. */
type Line = readonly string[];

const graph = (title: string, stat: string, lines: readonly Line[], place: number) => ({
  type: 'metric',
  x: (place % 3) * 8,
  y: 8 + Math.floor(place / 3) * 6,
  width: 8,
  height: 6,
  properties: { title, stat, period: 60, region: Aws.REGION, view: 'timeSeries', metrics: lines },
});

const query = (title: string, sql: string, place: number) => ({
  ...graph(title, 'Sum', [], place),
  properties: {
    title,
    region: Aws.REGION,
    view: 'timeSeries',
    period: 300,
    metrics: [[{ expression: sql, id: 'counted', period: 300 }]],
  },
});

const graphsOf = ({ stage, functions, tables, stream, api, facts, deadLetters }: Watched) => {
  const each = (metric: string): readonly Line[] =>
    [...functions.values()].map(({ physical }) => ['AWS/Lambda', metric, 'FunctionName', physical]);
  const ofApi = (metric: string): Line => ['AWS/ApiGateway', metric, 'ApiName', api.name, 'Stage', api.stage];
  const graphs = [
    (place: number) => graph('Requests and failures', 'Sum', ['Count', '5XXError', '4XXError'].map(ofApi), place),
    (place: number) => graph('Slowest of a hundred answers, ms', 'p99', [ofApi('Latency')], place),
    (place: number) =>
      graph(
        'Messages of meters',
        'Sum',
        telemetryKinds.map((kind) => ['AWS/IoT', 'TopicMatch', 'RuleName', ruleName(kind, stage)]),
        place,
      ),
    (place: number) =>
      graph(
        'Telemetry stream',
        'Sum',
        ['IncomingRecords', 'WriteProvisionedThroughputExceeded'].map((name) => [
          'AWS/Kinesis',
          name,
          'StreamName',
          stream,
        ]),
        place,
      ),
    (place: number) => graph('How far readers are behind, ms', 'Maximum', each('IteratorAge'), place),
    (place: number) => graph('Failures of functions', 'Sum', each('Errors'), place),
    (place: number) =>
      graph('Facts waiting, s', 'Maximum', [['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', facts]], place),
    (place: number) =>
      graph(
        'Dead letters',
        'Maximum',
        Object.values(deadLetters).map((queue) => [
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          'QueueName',
          queue,
        ]),
        place,
      ),
    (place: number) =>
      graph(
        'Conflicts of commits',
        'Sum',
        Object.values(tables).map((table) => ['AWS/DynamoDB', 'TransactionConflict', 'TableName', table]),
        place,
      ),
    (place: number) =>
      query(
        'What became of readings',
        `SELECT SUM("readings.records") FROM "Rotunda" WHERE stage = '${stage}' GROUP BY outcome`,
        place,
      ),
    (place: number) =>
      query(
        'What became of facts',
        `SELECT SUM("facts") FROM "Rotunda" WHERE stage = '${stage}' GROUP BY status`,
        place,
      ),
    (place: number) =>
      query(
        'Requests refused',
        `SELECT SUM("request.refused") FROM "Rotunda" WHERE stage = '${stage}' GROUP BY code`,
        place,
      ),
  ];
  return graphs.map((make, place) => make(place));
};

/** All of a deployment on one page: which alarms ring, then how requests, readings and facts flow. */
export class HouseDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, deployment: Deployment, watched: Watched, alarms: readonly string[]) {
    super(scope, id);
    this.name = physicalName(deployment, 'system');
    const arns = alarms.map((name) => `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${name}`);
    new CfnDashboard(this, 'Dashboard', {
      dashboardName: this.name,
      dashboardBody: JSON.stringify({
        widgets: [
          { type: 'alarm', x: 0, y: 0, width: 24, height: 8, properties: { title: 'Alarms', alarms: arns } },
          ...graphsOf(watched),
        ],
      }),
    });
  }
}
