import { at, listOf } from '#infra/template.ts';
import type { Estate, Found } from './estate.ts';
import { type Limit, ofEach, ofPlace, type Part } from './limit.ts';
import { Resolver, textLength } from './resolve.ts';

const structure = 'Dashboard Body Structure and Syntax (CloudWatch)';
const quotas = 'CloudWatch service quotas';
const alarm = 'AWS::CloudWatch::Alarm';
const composite = 'AWS::CloudWatch::CompositeAlarm';
const dashboard = 'AWS::CloudWatch::Dashboard';

const widgets = ({ stack, properties }: Found, estate: Estate): readonly unknown[] => {
  const body: unknown = JSON.parse(new Resolver(estate).text(stack, at(properties, 'DashboardBody')));
  return listOf(at(body, 'widgets'));
};

/** Members of each widget in a list of its properties. */
const inWidgets = (found: Found, estate: Estate, member: 'alarms' | 'metrics'): readonly Part[] =>
  widgets(found, estate).map((widget, number) => ({
    part: `widget ${number}, ${String(at(widget, 'properties', 'title') ?? at(widget, 'type'))}`,
    figure: listOf(at(widget, 'properties', member)).length,
  }));

const sum = (parts: readonly Part[]): number => parts.reduce((total, { figure }) => total + figure, 0);

const metrics = ({ properties }: Found): readonly unknown[] => listOf(at(properties, 'Metrics'));
const isQuery = (metric: unknown): boolean => /^\s*SELECT\s/i.test(String(at(metric, 'Expression') ?? ''));

/** Seconds of the longest period an alarm looks at. */
const period = (found: Found): number =>
  Math.max(
    Number(at(found.properties, 'Period') ?? 0),
    ...metrics(found).map((metric) => Number(at(metric, 'MetricStat', 'Period') ?? at(metric, 'Period') ?? 0)),
  );
const looksBack = (found: Found): number => period(found) * Number(at(found.properties, 'EvaluationPeriods'));

const dimensions = (found: Found): number =>
  Math.max(
    listOf(at(found.properties, 'Dimensions')).length,
    ...metrics(found).map((metric) => listOf(at(metric, 'MetricStat', 'Metric', 'Dimensions')).length),
  );

const putMetricAlarm = 'PutMetricAlarm (CloudWatch API)';

export const cloudWatchLimits: readonly Limit[] = [
  ofEach(
    dashboard,
    {
      what: 'widgets of a dashboard',
      unit: 'widgets',
      most: 500,
      source: `${structure}: between 0 and 500 widget objects`,
    },
    (found, estate) => widgets(found, estate).length,
  ),
  ofEach(
    dashboard,
    {
      what: 'alarms of an alarm widget',
      unit: 'alarms',
      most: 100,
      source: `${structure}, as AlarmWidgetArgs (Pulumi) quotes it: the array can have 1-100 ARNs`,
    },
    (found, estate) => inWidgets(found, estate, 'alarms'),
  ),
  ofEach(
    dashboard,
    {
      what: 'metrics of a widget',
      unit: 'metrics',
      most: 500,
      source: `${quotas}: up to 500 metrics per dashboard widget`,
    },
    (found, estate) => inWidgets(found, estate, 'metrics'),
  ),
  ofEach(
    dashboard,
    { what: 'metrics of a dashboard', unit: 'metrics', most: 2500, source: `known; ${quotas}` },
    (found, estate) => sum(inWidgets(found, estate, 'metrics')),
  ),
  ofEach(
    [alarm, composite],
    {
      what: 'description of an alarm',
      unit: 'characters',
      most: 1024,
      source: 'MetricAlarm (CloudWatch API): AlarmDescription has at most 1024',
    },
    (found, estate) => textLength(estate, found, at(found.properties, 'AlarmDescription') ?? ''),
  ),
  ofEach(
    [alarm, composite],
    { what: 'actions of an alarm', unit: 'actions', most: 5, source: `${quotas}: alarm actions 5/alarm` },
    ({ properties }) =>
      ['AlarmActions', 'OKActions', 'InsufficientDataActions'].map((part) => ({
        part,
        figure: listOf(at(properties, part)).length,
      })),
  ),
  ofEach(
    alarm,
    {
      what: 'how far back an alarm looks',
      unit: 's',
      most: 604_800,
      source: `${putMetricAlarm}: Period multiplied by EvaluationPeriods can't be more than 604,800 seconds`,
    },
    looksBack,
  ),
  ofEach(
    alarm,
    {
      what: 'how far back an alarm with periods of less than an hour looks',
      unit: 's',
      most: 86_400,
      source: `${putMetricAlarm}: for alarms with a period of less than one hour the total can't be longer than one day (86,400 seconds)`,
    },
    (found) => (period(found) < 3600 ? looksBack(found) : undefined),
  ),
  ofEach(
    alarm,
    {
      what: 'dimensions of a metric',
      unit: 'dimensions',
      most: 30,
      source: 'AWS::CloudWatch::Alarm Dimension: a maximum of 30 dimensions for a given metric',
    },
    dimensions,
  ),
  ofEach(
    alarm,
    {
      what: 'metrics of an alarm on an expression',
      unit: 'metrics',
      most: 10,
      source: `${quotas}: metric math alarms can have up to 10 metrics`,
    },
    (found) => metrics(found).filter((metric) => at(metric, 'MetricStat') !== undefined).length,
  ),
  ofEach(
    alarm,
    {
      what: 'metrics and expressions of an alarm',
      unit: 'structures',
      most: 20,
      source: 'AWS::CloudWatch::Alarm MetricDataQuery: a single PutMetricAlarm call can include up to 20 structures',
    },
    (found) => metrics(found).length,
  ),
  ofPlace(
    alarm,
    {
      what: 'alarms on queries of an account and region',
      unit: 'alarms',
      most: 200,
      source: `${quotas}: 200 Metrics Insights alarms per Region`,
    },
    (alarms) => alarms.filter((found) => metrics(found).some(isQuery)).length,
  ),
  ofEach(
    composite,
    {
      what: 'rule of a composite alarm',
      unit: 'characters',
      most: 10_240,
      source: 'known; PutCompositeAlarm (CloudWatch API)',
    },
    (found, estate) => textLength(estate, found, at(found.properties, 'AlarmRule')),
  ),
  ofEach(
    composite,
    {
      what: 'alarms below a composite alarm',
      unit: 'alarms',
      most: 100,
      source: 'PutCompositeAlarm (CloudWatch API): as many as 100 underlying alarms',
    },
    ({ stack, properties }, estate) =>
      new Set(
        new Resolver(estate)
          .text(stack, at(properties, 'AlarmRule'))
          .match(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\([^)]*\)/g) ?? [],
      ).size,
  ),
  ofPlace(
    'AWS::Logs::ResourcePolicy',
    {
      what: 'policies of logs of an account and region',
      unit: 'policies',
      most: 10,
      source: 'PutResourcePolicy (CloudWatch Logs API): up to 10 resource policies per Region',
    },
    (policies) => policies.length,
  ),
  ofEach(
    'AWS::Logs::ResourcePolicy',
    {
      what: 'policy of logs',
      unit: 'characters',
      most: 5120,
      source: 'AWS::Logs::ResourcePolicy: PolicyDocument, maximum 5120',
    },
    (found, estate) => textLength(estate, found, at(found.properties, 'PolicyDocument')),
  ),
];
