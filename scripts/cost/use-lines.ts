import { assumed, measured } from './assumed.ts';
import { line } from './line.ts';
import type { CostLine, LineName } from './line-names.ts';
import type { Standing } from './standing.ts';
import type { Invocations, Traffic } from './traffic.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const sum = (runs: readonly Invocations[], figure: (one: Invocations) => number): number =>
  runs.reduce((total, one) => total + figure(one), 0);

const functionsLine = (what: LineName, how: string, runs: readonly Invocations[]): CostLine =>
  line(
    what,
    how,
    ['lambdaRequest', sum(runs, ({ count }) => count)],
    ['lambdaTime', sum(runs, ({ gbSeconds }) => gbSeconds)],
  );

const metered = (standing: Standing, { blocks, thousandReadings }: Traffic): readonly CostLine[] => [
  line(
    'Meters connect',
    `one CONNECT and ${assumed.connectedMinutes} minute a day`,
    ['message', blocks],
    ['connection', blocks * assumed.connectedMinutes],
  ),
  line(
    'Rules of IoT',
    'one rule and one action a block; Basic Ingest, so no message',
    ['rule', blocks],
    ['action', blocks],
  ),
  line(
    'Telemetry stream',
    `${standing.shards} ${standing.shards === 1 ? 'shard' : 'shards'} all month, kept ${standing.streamHours} hours, a PUT unit a block`,
    ['shard', standing.shards * assumed.hoursPerMonth],
    ['shardKept', standing.streamHours > 24 ? standing.shards * assumed.hoursPerMonth : 0],
    ['put', blocks],
  ),
  line(
    'Readings and usage, written',
    `${measured.readingAndUsageWrites} write units per 1,000 readings (G1b), ${measured.usageReads} read units beside`,
    ['write', thousandReadings * measured.readingAndUsageWrites],
    ['read', thousandReadings * measured.usageReads],
  ),
  line(
    'Days judged, months closed',
    `${measured.judgeWrites} write and ${measured.judgeReads} read units a day, its part of a month and the fact of that among them`,
    ['write', blocks * measured.judgeWrites],
    ['read', blocks * measured.judgeReads],
  ),
  line(
    'What judged days tell',
    `${measured.lookWrites} write unit a day, what was unusual in four weeks, so that nobody who asks judges it anew; ${measured.lookReads} read units`,
    ['write', blocks * measured.lookWrites],
    ['read', blocks * measured.lookReads],
  ),
  line(
    'Meters looked at on time',
    `once in ${assumed.watchDays} days: ${assumed.watchWrites} write and ${assumed.watchReads} read units`,
    ['write', (blocks / assumed.watchDays) * assumed.watchWrites],
    ['read', (blocks / assumed.watchDays) * assumed.watchReads],
  ),
];

const told = ({ facts, views }: Traffic): readonly CostLine[] => [
  line(
    'Facts',
    `${assumed.factsPerMeter} a meter: ${measured.factWrites} write and ${measured.factReads} read units, ${assumed.factAuditWrites} write units of audit, in by a bus and out by a bus`,
    ['write', facts * (measured.factWrites + assumed.factAuditWrites)],
    ['read', facts * measured.factReads],
    ['event', facts * 2],
  ),
  line(
    'Views',
    `${assumed.viewsPerMeter} a meter: a call of REST, ${measured.viewReads} read units, ${measured.viewWrites} write units of audit`,
    ['call', views],
    ['read', views * measured.viewReads],
    ['write', views * measured.viewWrites],
  ),
  line(
    'Audit, sealed',
    `${assumed.sealWrites} write units and ${assumed.sealReads} read unit for the entry of a fact or view`,
    ['write', (facts + views) * assumed.sealWrites],
    ['read', (facts + views) * assumed.sealReads],
  ),
];

const stored = ({ recovered }: Standing, { readingsGb, profileGb }: Traffic): readonly CostLine[] => [
  line(
    'Storage of tables',
    `${measured.storedBytes} B a reading (G9), ${assumed.monthsKept} months; ${assumed.profileGb * 1e6} kB of profile, audit and search a meter`,
    ['stored', readingsGb + profileGb],
  ),
  line('Recovery of tables', 'to any moment, by the size of each table that has it', [
    'recovery',
    (recovered.readings ? readingsGb : 0) + (recovered.profile ? profileGb : 0),
  ]),
];

const called = ({ runs }: Traffic): readonly CostLine[] => {
  const by = (...kinds: readonly Invocations['by'][]): readonly Invocations[] =>
    runs.filter((one) => kinds.includes(one.by));
  const [meters, changes, others] = [by('meters'), by('changes'), by('callers', 'clock')];
  const count = (of: readonly Invocations[]): string => whole(sum(of, (one) => one.count));
  return [
    functionsLine(
      'Functions on what meters send',
      `${count(meters)} invocations; ${(measured.takeSeconds * 1000).toFixed(1)} ms of a processor a block to keep, ${(measured.judgeSeconds * 1000).toFixed(1)} to judge, ${(measured.lookSeconds * 1000).toFixed(1)} to look at`,
      meters,
    ),
    functionsLine('Functions on facts and changes', `${count(changes)} invocations; see below`, changes),
    functionsLine(
      'Functions of the API, sign-in and clock',
      `${count(others)} invocations, one a call and one a run`,
      others,
    ),
  ];
};

/** Lines of what is used: by meters, facts, views, and the time of functions. */
export const linesOfUse = (standing: Standing, traffic: Traffic): readonly CostLine[] => [
  ...metered(standing, traffic),
  ...told(traffic),
  ...stored(standing, traffic),
  ...called(traffic),
];
