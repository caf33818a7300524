import { costOf, type PriceName } from './prices.ts';
import type { Standing } from './standing.ts';

/**
 * What the bench measures (`npm run bench`), as docs/bench.md has it. A test holds those that are counted quickly against the
 * bench itself.
 */
export const measured = {
  /** G1a: write units per 1,000 readings, readings path alone. */
  readingWrites: 20.83,
  /** G1b: with the usage item of one holder's view. */
  readingAndUsageWrites: 41.67,
  /** Read units per 1,000 readings beside G1b. */
  usageReads: 152,
  /** G9: billed bytes per reading. */
  storedBytes: 4.567,
  /** G3: requests of one view: its query, whose view it is; and its audit entry. */
  viewReads: 2,
  viewWrites: 2,
  /** `countFactUnits`: bills and payments of a household, one a request, with search and usage following. */
  factWrites: 15.67,
  factReads: 5.04,
  /** `countJudgeUnits`: a sound day of a register, judged and with its month closed. */
  judgeWrites: 1.36,
  judgeReads: 12.82,
  /** The same: of looking at it for what it tells. */
  lookWrites: 1,
  lookReads: 12.58,
} as const;

/** What is taken as given; the page lists it beside the table. */
export const assumed = {
  /** Intervals a day and meter, sent as one block. */
  intervals: 48,
  daysPerMonth: 30.4,
  hoursPerMonth: 730,
  /** Minutes a meter stays connected for its block. */
  connectedMinutes: 1,
  /** Months of readings at hand. */
  monthsKept: 13,
  /** Views in a month for each meter: 120 million a year for 10 million meters. */
  viewsPerMeter: 1,
  /** Facts in a month for each meter: bill, payment, now and then a contact. */
  factsPerMeter: 2.5,
  /** Write units of the audit entry in the commit of a fact. */
  factAuditWrites: 2,
  /** GB-seconds and records of an invocation on day blocks; of a call; of a fact with its followers. */
  blocksPerInvocation: 100,
  invocationGbSeconds: 0.5,
  invocationsOfBlocks: 3,
  callGbSeconds: 0.05,
  factGbSeconds: 0.3,
  factInvocations: 3,
  /** Requests of KMS for a fact and for a view. */
  factKeyUses: 5,
  viewKeyUses: 1,
  /** GB of profile, audit and search of a meter's household. */
  profileGb: 0.00004,
  /** Bytes of logs of a call or an invocation. */
  logBytes: 600,
} as const;

/** A line of the bill. */
export interface CostLine {
  readonly what: string;
  readonly how: string;
  readonly dollars: number;
}

/** Shards for a fleet spread over eight hours, at most 70 % full. */
const shardsOf = (meters: number, least: number): number =>
  Math.max(least, Math.ceil(((meters / (8 * 3600)) * 1.3) / 700));

/** Dollars of a month, line by line. Free tiers and discounts of volume are left out. */
export const monthOf = (meters: number, standing: Standing, leastShards = 1): readonly CostLine[] => {
  const blocks = meters * assumed.daysPerMonth;
  const thousandReadings = (blocks * assumed.intervals) / 1000;
  const views = meters * assumed.viewsPerMeter;
  const facts = meters * assumed.factsPerMeter;
  const invocations = Math.ceil(blocks / assumed.blocksPerInvocation) * assumed.invocationsOfBlocks;
  const shards = shardsOf(meters, leastShards);
  const line = (what: string, how: string, ...parts: readonly (readonly [PriceName, number])[]): CostLine => ({
    what,
    how,
    dollars: parts.reduce((sum, [name, units]) => sum + costOf(name, units), 0),
  });
  const storedGb = (thousandReadings * 1000 * measured.storedBytes * assumed.monthsKept) / 1e9;
  return [
    line(
      'Meters connect',
      'one CONNECT and one minute a day',
      ['message', blocks],
      ['connection', blocks * assumed.connectedMinutes],
    ),
    line('Rules', 'one rule and one action a block; Basic Ingest, so no message', ['rule', blocks], ['action', blocks]),
    line(
      'Telemetry stream',
      `${shards} ${shards === 1 ? 'shard' : 'shards'} all month, a PUT unit a block`,
      ['shard', shards * assumed.hoursPerMonth],
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
      'Storage',
      `${measured.storedBytes} B a reading (G9), ${assumed.monthsKept} months; ${assumed.profileGb * 1e6} kB of profile a meter`,
      ['stored', storedGb + meters * assumed.profileGb],
    ),
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
      'Functions',
      `${assumed.invocationsOfBlocks} invocations per ${assumed.blocksPerInvocation} blocks; one a call; ${assumed.factInvocations} a fact`,
      ['lambdaRequest', invocations + views + facts * assumed.factInvocations],
      [
        'lambdaTime',
        invocations * assumed.invocationGbSeconds + views * assumed.callGbSeconds + facts * assumed.factGbSeconds,
      ],
    ),
    line(
      'Firewall',
      `one ACL, ${standing.firewallRules} rules, each call looked at`,
      ['firewall', 1],
      ['firewallRule', standing.firewallRules],
      ['firewallCall', views],
    ),
    line(
      'Keys',
      `${standing.keys} keys; ${assumed.viewKeyUses} request a view and ${assumed.factKeyUses} a fact`,
      ['key', standing.keys],
      ['keyUse', views * assumed.viewKeyUses + facts * assumed.factKeyUses],
    ),
    line('Logs', `${assumed.logBytes} B a call or invocation`, [
      'logs',
      ((invocations + views + facts * assumed.factInvocations) * assumed.logBytes) / 1e9,
    ]),
    line(
      'Metrics of our own',
      `${standing.ownMetrics}: ${standing.ownMetrics - standing.mappingMetrics} that functions count, ${standing.mappingMetrics} of what readers of streams give up`,
      ['metric', standing.ownMetrics],
    ),
    line('Alarms', `${standing.alarmMetrics} metrics are looked at`, ['alarmMetric', standing.alarmMetrics]),
  ];
};

/** Days of history that a file brings in the example. */
export const importedDays = 365;

/**
 * Dollars, once, for a year of a meter's half hours that a file brings: a PUT unit, readings, usage and judging for each day. Less
 * where many days are judged together; the function that reads the file takes seconds for a thousand meters.
 */
export const importedYear = (): number => {
  const { readingAndUsageWrites, usageReads, judgeWrites, judgeReads } = measured;
  const thousands = (importedDays * assumed.intervals) / 1000;
  return (
    costOf('put', importedDays) +
    costOf('write', thousands * readingAndUsageWrites + importedDays * judgeWrites) +
    costOf('read', thousands * usageReads + importedDays * judgeReads)
  );
};

/** What the model leaves out, by name. */
export const leftOut = [
  'the dashboard, which is one of three that are free in an account; X-Ray traces',
  'Cognito: users who were active in the month, and tokens of machines',
  'recovery to a point in time (by the GB stored) and S3: checkpoints, failures, access logs, files of imports and what was written down of them',
  'links and seals of the audit chains, beyond the entries themselves',
  'archives and replays of the buses, SQS, SNS, e-mail',
  'CloudTrail, data that leaves AWS, support, taxes',
  'days with holes: estimates, exceptions and the facts of them; register reads; corrections; what is stored of judged days',
  'days that come late or in parts, meters that send each interval as it closes, further holders of an account',
] as const;
