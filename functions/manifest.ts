/**
 * Every deployed function: what it runs of the capabilities (constants of their `capability.ts`, as `<capability>.<constant>`), by
 * what it is called, and what it is given. Composition roots (`functions/roots`), bundles, stacks, the gateway, alarms and checks
 * are made from this list; one machine runs the same parts in one process.
 */

/** What a function of the API may do. */
export type Right =
  /** Says who looked at what: puts entries of the audit, and reads back one whose answer was lost. */
  | 'record'
  | 'read the audit'
  | 'read profiles'
  | 'read readings'
  /** Keeps corrections beside readings, takes them away again, and keeps what people make of insights. */
  | 'correct readings'
  /** Keeps tariffs beside profiles. */
  | 'keep tariffs'
  /** Keeps temperatures of areas beside readings. */
  | 'keep temperatures'
  /** Commits facts, and opens what was sealed in them. */
  | 'commit facts'
  /** Keeps meters, and records of idempotency beside them. */
  | 'keep meters'
  /** Finds values by their keyed hashes, and opens nothing that is sealed. */
  | 'hash searches'
  | 'sign cursors'
  | 'register meters'
  /** Keeps where imports stand and what they wrote down, lets files in, and has them worked off. */
  | 'keep imports';

/** What can be read in order: the changes of a table, or what meters sent. */
export type StreamOf = 'profile' | 'readings' | 'audit' | 'telemetry';

interface CalledBy {
  /** Behind the gateway; `answers` names the routes' capability where it is not the function's own name. */
  readonly api: { readonly rights: readonly Right[]; readonly answers?: string };
  /** Changes of a table, or what meters sent, in order. */
  readonly stream: {
    readonly of: StreamOf;
    readonly batchSize: number;
    readonly windowSeconds: number;
    readonly parallelization?: number;
    /** Event patterns; a record that none of them matches is passed over. */
    readonly filters?: readonly object[];
    /** Kind of the alarm where it is behind. */
    readonly behind: string;
  };
  readonly queue: { readonly of: 'facts'; readonly batchSize: number; readonly concurrency: number };
  readonly schedule: {
    readonly name: string;
    readonly description: string;
    readonly expression: string;
    /** Minutes in which a missed run is tried again. */
    readonly withinMinutes: number;
  };
  /** Called by name: the operator, another function, IoT Core or Cognito. */
  readonly name: { readonly by: 'operator' | 'function' | 'iot' | 'sign-in' };
}

/** A function as it is deployed. */
export interface FunctionDefinition {
  readonly description: string;
  readonly memoryMb: number;
  readonly seconds: number;
  readonly runs: readonly `${string}.${string}`[];
  readonly on: Partial<CalledBy>;
  /** Thousandths of its time that a run may take before it is told, where it is not 900: one that hands on works nearly to its end. */
  readonly nearTimeout?: number;
}

const reader: readonly Right[] = ['record', 'read profiles', 'sign cursors'];
const writer: readonly Right[] = [...reader, 'commit facts'];

const keysBegin = (attribute: 'pk' | 'sk', ...prefixes: string[]) => ({
  dynamodb: { Keys: { [attribute]: { S: prefixes.map((prefix) => ({ prefix })) } } },
});

export const manifest = {
  accounts: {
    description: 'API: accounts and payments',
    memoryMb: 1024,
    seconds: 15,
    runs: ['accounts.api'],
    on: { api: { rights: writer } },
  },
  'access-log': {
    description: 'API: who looked at whose data',
    memoryMb: 512,
    seconds: 10,
    runs: ['audit.api'],
    on: { api: { rights: [...reader, 'read the audit'], answers: 'audit' } },
  },
  customers: {
    description: 'API: customers',
    memoryMb: 1024,
    seconds: 15,
    runs: ['customers.api'],
    on: { api: { rights: writer } },
  },
  explain: {
    description: 'API: why values are what they are, pins, and disputes that people settle',
    memoryMb: 1024,
    seconds: 15,
    runs: ['explain.api'],
    on: { api: { rights: writer } },
  },
  facts: {
    description: 'API: facts of other systems',
    memoryMb: 1769,
    seconds: 28,
    runs: ['facts.api'],
    on: { api: { rights: writer } },
  },
  identity: {
    description: 'API: merging customers and undoing it',
    memoryMb: 1769,
    seconds: 28,
    runs: ['identity.api'],
    on: { api: { rights: writer } },
  },
  meters: {
    description: 'API: meters and their certificates',
    memoryMb: 512,
    seconds: 15,
    runs: ['meters.api'],
    on: { api: { rights: [...reader, 'read readings', 'keep meters', 'register meters'] } },
  },
  imports: {
    description: 'API: imports of files of meter data',
    memoryMb: 1024,
    seconds: 15,
    runs: ['imports.api'],
    on: { api: { rights: [...reader, 'keep imports'] } },
  },
  duplicates: {
    description: 'API: customers that may be one',
    memoryMb: 1024,
    seconds: 28,
    runs: ['duplicates.api'],
    on: { api: { rights: writer } },
  },
  outages: {
    description: 'API: outages',
    memoryMb: 1024,
    seconds: 15,
    runs: ['outages.api'],
    on: { api: { rights: writer } },
  },
  validation: {
    description: 'API: what the rules found in readings, corrections, and what people make of insights',
    memoryMb: 1024,
    seconds: 15,
    runs: ['validation.api', 'insight.decisions'],
    on: { api: { rights: [...writer, 'read readings', 'correct readings'] } },
  },
  premises: {
    description: 'API: premises and service points',
    memoryMb: 512,
    seconds: 10,
    runs: ['premises.api'],
    on: { api: { rights: [...reader, 'read readings'] } },
  },
  privacy: {
    description: 'API: erasing people',
    memoryMb: 1024,
    seconds: 28,
    runs: ['privacy.api'],
    on: { api: { rights: writer } },
  },
  reference: {
    description: 'API: what many profiles refer to: temperatures of areas, tariffs',
    memoryMb: 512,
    seconds: 10,
    runs: ['reference.api'],
    on: { api: { rights: [...reader, 'read readings', 'keep temperatures', 'keep tariffs'] } },
  },
  search: {
    description: 'API: finding customers',
    memoryMb: 1024,
    seconds: 10,
    runs: ['search.api'],
    on: { api: { rights: [...reader, 'hash searches'] } },
  },
  usage: {
    description: 'API: usage, and what it tells',
    memoryMb: 1769,
    seconds: 15,
    runs: ['usage.api', 'insight.looks'],
    on: { api: { rights: [...reader, 'read readings'] } },
  },
  platform: {
    description: 'API: health and OpenAPI',
    memoryMb: 256,
    seconds: 5,
    runs: ['platform.api'],
    on: { api: { rights: ['sign cursors'] } },
  },
  'facts-inbound': {
    description: 'keeps facts of other systems',
    memoryMb: 1024,
    seconds: 60,
    runs: ['facts.inbound'],
    on: { queue: { of: 'facts', batchSize: 10, concurrency: 20 } },
  },
  readings: {
    description: 'keeps what meters measured',
    memoryMb: 1769,
    seconds: 120,
    runs: ['readings.take'],
    // One second for what is measured now; a batch of day blocks fills before that.
    on: { stream: { of: 'telemetry', batchSize: 2000, windowSeconds: 1, behind: 'telemetryBehind' } },
  },
  'insight-follow': {
    description: 'keeps readings that another content replaced, and tells what judged days make known',
    memoryMb: 1769,
    seconds: 120,
    runs: ['readings.overwritten', 'insight.detect', 'insight.publish'],
    on: {
      stream: {
        of: 'readings',
        batchSize: 1000,
        windowSeconds: 5,
        // Replaced readings; judged days, and what was told of them.
        filters: [{ eventName: ['MODIFY'], ...keysBegin('pk', 'M#') }, keysBegin('pk', 'V#', 'I#')],
        behind: 'conflictsBehind',
      },
    },
  },
  'validation-follow': {
    description: 'days are judged and usage in the views of customers follows readings',
    memoryMb: 1769,
    seconds: 120,
    runs: ['usage.measure', 'validation.judge', 'validation.publish'],
    on: {
      stream: {
        of: 'readings',
        batchSize: 1000,
        windowSeconds: 5,
        parallelization: 4,
        // Readings, what dials stood at, judged days, closed months, and what happened at premises.
        filters: [keysBegin('pk', 'M#', 'C#', 'V#', 'T#', 'W#', 'P#')],
        behind: 'usageBehind',
      },
    },
  },
  'profile-follow': {
    description: 'watchers, search, what waited, usage and erasures follow profiles',
    memoryMb: 1769,
    seconds: 120,
    runs: [
      'follow.follow',
      'usage.supply',
      'readings.waiting',
      'duplicates.settle',
      'outages.areas',
      'validation.places',
      'privacy.erase',
    ],
    on: {
      stream: { of: 'profile', batchSize: 100, windowSeconds: 0, parallelization: 4, behind: 'followBehind' },
    },
  },
  relay: {
    description: 'tells subscribers of facts that were kept',
    memoryMb: 512,
    seconds: 60,
    runs: ['relay.publish'],
    on: {
      stream: {
        of: 'profile',
        batchSize: 100,
        windowSeconds: 0,
        parallelization: 4,
        filters: [{ eventName: ['INSERT'], ...keysBegin('sk', 'FACT#') }],
        behind: 'relayBehind',
      },
    },
  },
  'audit-seal': {
    description: 'seals audit entries into their chains',
    memoryMb: 512,
    seconds: 60,
    runs: ['audit.seal'],
    on: {
      stream: {
        of: 'audit',
        batchSize: 500,
        windowSeconds: 1,
        // Links and seals are the function's own writes.
        filters: [keysBegin('pk', 'AUD#')],
        behind: 'sealingBehind',
      },
    },
  },
  'audit-checkpoint': {
    description: 'writes down where the audit chains stand',
    memoryMb: 512,
    seconds: 60,
    runs: ['audit.checkpoint'],
    on: {
      schedule: {
        name: 'audit-checkpoint',
        description: 'an audit checkpoint every quarter of an hour',
        expression: 'rate(15 minutes)',
        withinMinutes: 15,
      },
    },
  },
  'meter-provision': {
    description: 'whether a device may be provisioned as the meter it says it is',
    memoryMb: 512,
    // IoT Core waits five seconds.
    seconds: 5,
    runs: ['meters.provision'],
    on: { name: { by: 'iot' } },
  },
  'meter-certificates': {
    description: 'takes back certificates that are superseded or over',
    memoryMb: 512,
    seconds: 900,
    runs: ['meters.certificates'],
    on: {
      schedule: {
        name: 'meter-certificates',
        description: 'takes back certificates, daily',
        expression: 'cron(17 3 * * ? *)',
        withinMinutes: 1200,
      },
    },
  },
  'silent-meters': {
    description: 'judges the days of meters of which nothing came',
    memoryMb: 1024,
    seconds: 900,
    runs: ['validation.silence'],
    on: {
      schedule: {
        name: 'silent-meters',
        description: 'looks at meters that should have been heard, hourly',
        expression: 'rate(1 hour)',
        withinMinutes: 60,
      },
    },
  },
  'imports-work': {
    description: 'works off files of meter data',
    memoryMb: 1769,
    seconds: 900,
    runs: ['imports.work'],
    nearTimeout: 970,
    // A file that came starts it, too.
    on: {
      name: { by: 'function' },
      schedule: {
        name: 'imports-left',
        description: 'takes up imports that nobody works on',
        expression: 'rate(5 minutes)',
        withinMinutes: 5,
      },
    },
  },
  'imports-points': {
    description: 'makes points known that files of meter data name, and keeps their rows aside',
    memoryMb: 1769,
    seconds: 120,
    runs: ['imports.points'],
    on: { name: { by: 'function' } },
  },
  operations: {
    description: "the operator's acts on the tables",
    memoryMb: 1769,
    seconds: 900,
    runs: ['operations.acts'],
    on: { name: { by: 'operator' } },
  },
  'operations-parked': {
    description: "the operator's acts on what was given up and on devices",
    memoryMb: 512,
    seconds: 900,
    runs: ['operations.parkedActs'],
    on: { name: { by: 'operator' } },
  },
  'operations-match': {
    description: 'learns from stored customers and looks for duplicates among them',
    memoryMb: 1769,
    seconds: 900,
    runs: ['operations.matchActs'],
    on: { name: { by: 'operator' } },
  },
  'sign-in': {
    description: 'writes into tokens which customer or machine signs in',
    memoryMb: 256,
    seconds: 5,
    runs: ['sign-in.token'],
    on: { name: { by: 'sign-in' } },
  },
  'sign-in-staff': {
    description: 'writes into tokens which roles staff have',
    memoryMb: 256,
    seconds: 5,
    runs: ['sign-in.token'],
    on: { name: { by: 'sign-in' } },
  },
} as const satisfies Readonly<Record<string, FunctionDefinition>>;

export type FunctionName = keyof typeof manifest;

/** Functions by a kind of call. */
type On<Call extends keyof CalledBy> = {
  readonly [Name in FunctionName]: Call extends keyof (typeof manifest)[Name]['on'] ? Name : never;
}[FunctionName];
export type ApiFunctionName = On<'api'>;
export type StreamFunctionName = On<'stream'>;
export type ScheduledFunctionName = On<'schedule'>;

const isFunction = (name: string): name is FunctionName => Object.hasOwn(manifest, name);
/** House names of the functions: each is deployed as `rotunda-<stage>-<name>`. */
export const functionNames: readonly FunctionName[] = Object.keys(manifest).filter(isFunction);

/** A function, without what the list knows of its own members. */
export const functionNamed = (name: FunctionName): FunctionDefinition => manifest[name];

const callsOn =
  <Call extends keyof CalledBy>(call: Call) =>
  (name: FunctionName): name is On<Call> =>
    functionNamed(name).on[call] !== undefined;

export const apiFunctionNames: readonly ApiFunctionName[] = functionNames.filter(callsOn('api'));
export const streamFunctionNames: readonly StreamFunctionName[] = functionNames.filter(callsOn('stream'));
export const scheduledFunctionNames: readonly ScheduledFunctionName[] = functionNames.filter(callsOn('schedule'));
