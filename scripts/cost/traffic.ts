import { compileEventPattern } from '#shared/messaging/event-pattern.ts';
import { assumed, measured } from './assumed.ts';
import type { Reader, Standing } from './standing.ts';

/** What happens in a month, and how much of it at once. */
export interface Traffic {
  readonly meters: number;
  readonly blocks: number;
  readonly facts: number;
  readonly views: number;
  readonly thousandReadings: number;
  readonly readingsGb: number;
  readonly profileGb: number;
  readonly staff: number;
  readonly activeCustomers: number;
  readonly signIns: number;
  readonly tokens: number;
  readonly runs: readonly Invocations[];
}

/** How often a function is called in a month, and what it holds then. */
export interface Invocations {
  readonly of: string;
  readonly by: 'meters' | 'changes' | 'callers' | 'clock';
  readonly count: number;
  /** Groups of records that come together: a block, a judged day, a fact. */
  readonly records: number;
  readonly gbSeconds: number;
  /** Traces that X-Ray keeps of them. */
  readonly traces: number;
}

/** Records that one thing leaves in a stream, all at once. */
interface Arrival {
  readonly from: string;
  readonly per: 'block' | 'fact' | 'view';
  readonly often: number;
  readonly seconds: number;
  readonly record: { readonly eventName: string; readonly pk: string; readonly sk: string };
}

const monthly = 1 / assumed.daysPerMonth;
/** What readers are woken by. Keys as `shared/table/keys.ts` joins them; what comes less than once for a thousand blocks is left out. */
const arrivals: readonly Arrival[] = [
  {
    from: 'telemetry',
    per: 'block',
    often: 1,
    seconds: measured.takeSeconds,
    record: { eventName: '', pk: '', sk: '' },
  },
  {
    from: 'readings',
    per: 'block',
    often: 1,
    seconds: measured.judgeSeconds,
    record: { eventName: 'INSERT', pk: 'M#', sk: '' },
  },
  // The digests of a month, with the day that was judged: what it tells is looked at.
  {
    from: 'readings',
    per: 'block',
    often: 1,
    seconds: assumed.recordSeconds,
    record: { eventName: 'MODIFY', pk: 'V#', sk: '' },
  },
  {
    from: 'readings',
    per: 'block',
    often: monthly,
    seconds: assumed.recordSeconds,
    record: { eventName: 'INSERT', pk: 'W#', sk: '' },
  },
  // Usage in a view; the meter's place in the queue of those that are looked at; a month that was closed, which is a fact.
  {
    from: 'profile',
    per: 'block',
    often: 1 + 1 / assumed.watchDays,
    seconds: assumed.recordSeconds,
    record: { eventName: 'MODIFY', pk: '', sk: 'USAGE#' },
  },
  {
    from: 'profile',
    per: 'block',
    often: monthly,
    seconds: assumed.recordSeconds,
    record: { eventName: 'INSERT', pk: '', sk: 'FACT#' },
  },
  // A commit, and what search makes of it.
  {
    from: 'profile',
    per: 'fact',
    often: 1,
    seconds: assumed.recordSeconds,
    record: { eventName: 'INSERT', pk: '', sk: 'FACT#' },
  },
  {
    from: 'profile',
    per: 'fact',
    often: 1,
    seconds: assumed.recordSeconds,
    record: { eventName: 'MODIFY', pk: '', sk: 'SEARCH#' },
  },
  {
    from: 'audit',
    per: 'fact',
    often: 1,
    seconds: assumed.recordSeconds,
    record: { eventName: 'INSERT', pk: 'AUD#', sk: '' },
  },
  {
    from: 'audit',
    per: 'view',
    often: 1,
    seconds: assumed.recordSeconds,
    record: { eventName: 'INSERT', pk: 'AUD#', sk: '' },
  },
  { from: 'queue', per: 'fact', often: 1, seconds: 0.05, record: { eventName: '', pk: '', sk: '' } },
];

/** Whether a record matches one of the patterns that a mapping passes on. */
const isRead = ({ filters }: Reader, { record: { eventName, pk, sk } }: Arrival): boolean =>
  filters.length === 0 ||
  filters.some((filter) =>
    compileEventPattern(filter)({ eventName, dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }),
  );

/** X-Ray keeps the first of each second and one in twenty of the others (X-Ray Sampling Rules). */
export const tracesOf = (count: number, hoursPerDay: number): number => {
  const seconds = hoursPerDay * 3600 * assumed.daysPerMonth;
  const perSecond = count / seconds;
  return seconds * (Math.min(1, perSecond) + 0.05 * Math.max(0, perSecond - 1));
};

/** Shards that the changes of a table lie in: one for each of its parts. */
const tableShards = (gigabytes: number, writesPerSecond: number): number =>
  Math.max(
    assumed.tableShards,
    Math.ceil(gigabytes / assumed.shardGb),
    Math.ceil(writesPerSecond / assumed.shardWrites),
  );

/**
 * Groups of records that an invocation holds: the first opens the window, and those that come within it to the same part of the
 * same shard join it, up to the size of a batch.
 */
export const recordsPerInvocation = (
  {
    batchSize,
    windowSeconds,
    parallelization,
    from,
  }: Pick<Reader, 'batchSize' | 'windowSeconds' | 'parallelization' | 'from'>,
  perSecond: number,
  shards: number,
): number => {
  if (from === 'queue') return 1;
  const window = Math.max(windowSeconds, from === 'telemetry' ? assumed.kinesisPoll : assumed.dynamoPoll);
  return Math.min(batchSize, 1 + (perSecond / (shards * parallelization)) * window);
};

/** What is used of a month, before it is priced. */
type Flow = Omit<Traffic, 'runs'>;

const flowOf = (standing: Standing, meters: number): Flow => {
  const blocks = meters * assumed.daysPerMonth;
  const thousandReadings = (blocks * assumed.intervals) / 1000;
  const staff = standing.staffSignIn ? Math.max(assumed.leastStaff, Math.ceil(meters / assumed.metersPerStaff)) : 0;
  const activeCustomers = standing.customersSignIn ? meters * assumed.customersActive : 0;
  const hours = meters < assumed.largeFrom ? assumed.programHours : assumed.programHoursOfLarge;
  return {
    meters,
    blocks,
    facts: meters * assumed.factsPerMeter,
    views: meters * assumed.viewsPerMeter,
    thousandReadings,
    readingsGb: (thousandReadings * 1000 * measured.storedBytes * assumed.monthsKept) / 1e9,
    profileGb: meters * assumed.profileGb,
    staff,
    activeCustomers,
    // Staff sign in anew each working day.
    signIns: activeCustomers * assumed.signInsPerUser + staff * 22,
    tokens: standing.programs * hours * assumed.daysPerMonth,
  };
};

const readerRuns = (standing: Standing, flow: Flow): readonly Invocations[] => {
  const times = { block: flow.blocks, fact: flow.facts, view: flow.views };
  const hours = { block: assumed.fleetHours, fact: assumed.workingHours, view: assumed.workingHours };
  const writes = (flow.blocks * 3.4) / (assumed.fleetHours * 3600 * assumed.daysPerMonth);
  const shardsOf = (from: string): number => {
    if (from === 'telemetry') return standing.shards;
    return tableShards(from === 'readings' ? flow.readingsGb : flow.profileGb, writes);
  };
  return standing.readers.flatMap((reader) =>
    arrivals
      .filter((arrival) => arrival.from === reader.from && isRead(reader, arrival))
      .map((arrival): Invocations => {
        const groups = times[arrival.per] * arrival.often;
        const perSecond = groups / (hours[arrival.per] * 3600 * assumed.daysPerMonth);
        const records = recordsPerInvocation(reader, perSecond, shardsOf(reader.from));
        const count = groups / records;
        const looks = reader.of.name === 'insight-follow' && arrival.record.pk === 'V#';
        const seconds = assumed.readerSeconds + records * (looks ? measured.lookSeconds : arrival.seconds);
        return {
          of: reader.of.name,
          by: reader.from === 'telemetry' || reader.from === 'readings' ? 'meters' : 'changes',
          count,
          records,
          gbSeconds: count * seconds * reader.of.gigabytes,
          traces: reader.of.traced ? tracesOf(count, hours[arrival.per]) : 0,
        };
      }),
  );
};

const namedRun = (
  standing: Standing,
  {
    of,
    by,
    count,
    seconds,
    hours,
  }: { of: string; by: 'callers' | 'clock'; count: number; seconds: number; hours: number },
): Invocations => {
  const found = standing.functions.find(({ name }) => name === of);
  const traced = found?.traced === true && by === 'clock';
  return {
    of,
    by,
    count,
    records: 1,
    gbSeconds: count * seconds * (found?.gigabytes ?? 1),
    traces: traced ? tracesOf(count, hours) : 0,
  };
};

/** What happens in a month in a stage with so many meters, and what is called for it. */
export const trafficOf = (standing: Standing, meters: number): Traffic => {
  const flow = flowOf(standing, meters);
  const clock = standing.schedules.map(({ of, minutes }) =>
    namedRun(standing, {
      of,
      by: 'clock',
      count: (assumed.hoursPerMonth * 60) / minutes,
      seconds: assumed.runSeconds,
      hours: 24,
    }),
  );
  const looked = (flow.blocks / assumed.watchDays) * assumed.recordSeconds;
  const gigabytes = standing.functions.find(({ name }) => name === 'silent-meters')?.gigabytes ?? 0;
  const calls = namedRun(standing, {
    of: 'customers',
    by: 'callers',
    count: flow.views,
    seconds: assumed.callSeconds,
    hours: assumed.workingHours,
  });
  const signIns = namedRun(standing, {
    of: 'sign-in',
    by: 'callers',
    count: flow.signIns,
    seconds: assumed.callSeconds,
    hours: assumed.workingHours,
  });
  const traced = standing.tracedApis > 0 ? tracesOf(flow.views, assumed.workingHours) : 0;
  return {
    ...flow,
    runs: [
      ...readerRuns(standing, flow),
      ...clock,
      // Looks at meters on time: their time is what counts, in runs that are counted above.
      { of: 'silent-meters', by: 'clock', count: 0, records: 0, gbSeconds: looked * gigabytes, traces: 0 },
      { ...calls, traces: traced },
      signIns,
    ],
  };
};
