import { assumed } from './assumed.ts';
import { line } from './line.ts';
import type { CostLine } from './line-names.ts';
import { metricsOfMethod, type Standing } from './standing.ts';
import type { Traffic } from './traffic.ts';

/** Dashboards that an account has free. */
const freeDashboards = 3;

const plural = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

const guarded = (standing: Standing, { views, facts, runs }: Traffic): readonly CostLine[] => {
  const invocations = runs.reduce((sum, { count }) => sum + count, 0);
  const logsGb = ((invocations + views) * assumed.logBytes) / 1e9;
  return [
    line(
      'Firewall',
      `${plural(standing.firewalls, 'ACL')}, ${standing.firewallRules} rules and groups of rules, each call looked at`,
      ['firewall', standing.firewalls],
      ['firewallRule', standing.firewallRules],
      ['firewallCall', standing.firewalls > 0 ? views : 0],
    ),
    line(
      'Keys',
      `${standing.keys} keys in their first year; ${assumed.viewKeyUses} request a view and ${assumed.factKeyUses} a fact`,
      ['key', standing.keys],
      ['keyUse', views * assumed.viewKeyUses + facts * assumed.factKeyUses],
    ),
    line(
      'Logs',
      `${assumed.logBytes} B an invocation and a call, kept at most ${standing.logDays} days`,
      ['logs', logsGb],
      ['logsKept', (logsGb * assumed.logCompressed * standing.logDays) / assumed.daysPerMonth],
    ),
  ];
};

const watched = (standing: Standing, { runs }: Traffic): readonly CostLine[] => [
  line('Metrics that functions count', `${standing.ownMetrics} at most, each in hours in which something is counted`, [
    'metric',
    standing.ownMetrics,
  ]),
  line('Metrics of stream readers', `${standing.mappingMetrics}, six for each mapping that is asked for them`, [
    'metric',
    standing.mappingMetrics,
  ]),
  line('Metrics of methods', plural(standing.countedMethods, 'method'), [
    'metric',
    standing.countedMethods * metricsOfMethod,
  ]),
  line('Alarms', `${standing.alarmMetrics} metrics are looked at`, ['alarmMetric', standing.alarmMetrics]),
  line('Dashboards', `${standing.dashboards}; an account has ${freeDashboards} free`, [
    'dashboard',
    Math.max(0, standing.dashboards - freeDashboards),
  ]),
  line('Traces', 'of each function and of the API, one a second and one in twenty of the others', [
    'trace',
    runs.reduce((sum, { traces }) => sum + traces, 0),
  ]),
];

const signedIn = ({ programs }: Standing, { activeCustomers, staff, tokens }: Traffic): readonly CostLine[] => [
  line('Customers who sign in', `${assumed.customersActive * 100} of 100 meters have one who does within a month`, [
    'activeUser',
    activeCustomers,
  ]),
  line(
    'Staff who sign in',
    `one for ${assumed.metersPerStaff.toLocaleString('en')} meters, ${assumed.leastStaff} at least`,
    ['activeUser', staff],
  ),
  line('Tokens of programs', `${programs} programs, one in each hour in which they call the API`, ['token', tokens]),
];

const kept = (standing: Standing, { facts }: Traffic): readonly CostLine[] => {
  const eventsGb = (facts * assumed.eventBytes) / 1e9;
  const months = standing.archiveDays.reduce((sum, days) => sum + days / assumed.daysPerMonth, 0);
  const polls = (assumed.queuePollers * assumed.hoursPerMonth * 3600) / assumed.queuePollSeconds;
  const queueReaders = standing.readers.filter(({ from }) => from === 'queue').length;
  const checkpoints = standing.schedules
    .filter(({ of }) => of === 'audit-checkpoint')
    .reduce((sum, { minutes }) => sum + (assumed.hoursPerMonth * 60) / minutes, 0);
  return [
    line(
      'Archives of buses',
      `each event of a fact, ${assumed.eventBytes} B, for ${standing.archiveDays.join(' and ')} days`,
      ['archived', eventsGb * standing.archiveDays.length],
      ['archive', eventsGb * months],
    ),
    line(
      'Queues',
      `${standing.queues} queues: ${assumed.queueRequests} requests a fact, and Lambda asking for more of ${queueReaders}`,
      ['queueRequest', facts * assumed.queueRequests + queueReaders * polls],
    ),
    line(
      'Objects',
      `${standing.buckets} buckets: checkpoints of the audit, a year of them`,
      ['objectPut', checkpoints],
      ['object', (checkpoints * 12 * assumed.checkpointBytes) / 1e9],
    ),
    line('Messages of alarms', `${assumed.mails} for each of ${standing.subscriptions} mailboxes`, [
      'mail',
      assumed.mails * standing.subscriptions,
    ]),
  ];
};

/** Lines of what stands whatever is used, and of what guards, watches and lets in. */
export const linesOfStanding = (standing: Standing, traffic: Traffic): readonly CostLine[] => [
  ...guarded(standing, traffic),
  ...watched(standing, traffic),
  ...signedIn(standing, traffic),
  ...kept(standing, traffic),
  line(
    'Audit of devices',
    `${standing.deviceAudits === 0 ? 'no audit' : 'each certificate'}; a daily one is made where an address for it is named`,
    ['auditedDevice', standing.deviceAudits > 0 ? traffic.meters : 0],
  ),
];
