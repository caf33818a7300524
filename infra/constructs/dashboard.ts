import { Aws } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Urgency, urgencies } from '#functions/manifest/alarm.ts';
import type { Watched } from '#infra/alarms/catalogue.ts';
import { type Graph, graphsOf } from '#infra/alarms/graphs.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { HouseAlarm } from './alarm.ts';

/** Alarms that one widget may show (Dashboard Body Structure and Syntax: alarm widget). */
const mostAlarms = 100;

/** Units across a dashboard, and what a graph takes of them each way. */
const across = 24;
const graphSize = { width: 8, height: 6 };
const graphsAcross = across / graphSize.width;

/** Parts of a list that hold so many at most; the same number in each, but for one. */
const partsOf = <One>(all: readonly One[], most: number): readonly (readonly One[])[] => {
  const parts = Math.ceil(all.length / most);
  const each = Math.ceil(all.length / Math.max(1, parts));
  return Array.from({ length: parts }, (_, part) => all.slice(part * each, (part + 1) * each));
};

const titles: Readonly<Record<Urgency, string>> = {
  page: 'Somebody looks now',
  ticket: 'Somebody looks today',
};

interface AlarmGroup {
  readonly title: string;
  readonly names: readonly string[];
}

/** Alarms by urgency, in as many widgets as they need. */
const alarmGroups = (alarms: readonly HouseAlarm[]): readonly AlarmGroup[] =>
  urgencies.flatMap((urgency) => {
    const title = titles[urgency];
    const names = alarms.filter((alarm) => alarm.urgency === urgency).map(({ name }) => name);
    const parts = partsOf(names, mostAlarms);
    return parts.map((part, index) => ({
      title: parts.length === 1 ? title : `${title}, ${index + 1} of ${parts.length}`,
      names: part,
    }));
  });

/** Rows of names in a widget; a long list is scrolled. */
const heightOf = ({ names }: AlarmGroup): number => Math.min(8, 2 + Math.ceil(names.length / 8));

const alarmWidget = (group: AlarmGroup, y: number) => ({
  type: 'alarm',
  x: 0,
  y,
  width: across,
  height: heightOf(group),
  properties: {
    title: group.title,
    alarms: group.names.map((name) => `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${name}`),
  },
});

const graphWidget = ({ title, statistic, lines }: Graph, place: number, top: number) => ({
  type: 'metric',
  x: (place % graphsAcross) * graphSize.width,
  y: top + Math.floor(place / graphsAcross) * graphSize.height,
  ...graphSize,
  properties: {
    title,
    stat: statistic,
    period: 300,
    region: Aws.REGION,
    view: 'timeSeries',
    metrics: lines.map(({ namespace, name, dimensions }) => [namespace, name, ...Object.entries(dimensions).flat()]),
  },
});

/** All of a deployment on one page: which alarms ring, then how requests, readings and facts flow. */
export class HouseDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, deployment: Deployment, watched: Watched, alarms: readonly HouseAlarm[]) {
    super(scope, id);
    this.name = physicalName(deployment, 'system');
    const groups = alarmGroups(alarms);
    const topOf = (place: number): number => groups.slice(0, place).reduce((sum, group) => sum + heightOf(group), 0);
    const widgets = [
      ...groups.map((group, place) => alarmWidget(group, topOf(place))),
      ...graphsOf(watched).map((graph, place) => graphWidget(graph, place, topOf(groups.length))),
    ];
    new CfnDashboard(this, 'Dashboard', { dashboardName: this.name, dashboardBody: JSON.stringify({ widgets }) });
  }
}
