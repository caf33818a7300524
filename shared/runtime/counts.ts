import { FactStatus } from '#shared/vocabulary/statuses.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';

/** What becomes of something that is counted. */
interface Count {
  /**
   * Where it is a metric of CloudWatch, which is paid for by name and set of dimensions: in stages that watch what protects data, in
   * those that watch all, or nowhere: then it is a line of the log. An alarm or a graph needs a metric; a person who looks for
   * the reason reads the log.
   */
  readonly metric: Watching | 'nowhere';
  /** Dimensions of the metric beside the stage, with every value that is looked at; any other is counted as `other`. */
  readonly by?: Readonly<Record<string, readonly string[]>>;
}

/** What the house counts; nothing else can be, but what a capability counts for itself (`OwnCount`). */
export const counts = {
  // Of the audit.
  'audit.meddled': { metric: 'protecting' },
  // Of requests and functions.
  'request.refused': {
    metric: 'all',
    by: { code: ['token.invalid', 'access.denied', 'meter.exchange-only'] },
  },
  'record.older-rules': { metric: 'nowhere' },
  'function.not-ready': { metric: 'all' },
  'function.failed': { metric: 'nowhere' },
  'operator.step': { metric: 'nowhere' },
  'operator.refused': { metric: 'all' },
  'sign-in.refused': { metric: 'nowhere' },
  'replay.standing-still': { metric: 'all' },
  'replay.subject-failed': { metric: 'nowhere' },
  // Of facts.
  facts: { metric: 'all', by: { status: FactStatus.options } },
  'facts.refused': { metric: 'nowhere' },
  'facts.groundless': { metric: 'nowhere' },
  'inbound.unreadable': { metric: 'all' },
  // Of meters and their certificates.
  'meter.key-exchanged': { metric: 'protecting' },
  'meter.silent': { metric: 'protecting' },
  'meter.look-failed': { metric: 'all' },
  'meter.round-late': { metric: 'all' },
  'provisioning.allowed': { metric: 'nowhere' },
  'provisioning.refused': { metric: 'all' },
  'certificate.revoked': { metric: 'nowhere' },
  'certificate.retired': { metric: 'nowhere' },
  'certificate.retire-failed': { metric: 'all' },
  // Of readings.
  'readings.records': { metric: 'all', by: { outcome: ['stored', 'waiting', 'quarantined', 'failed'] } },
  'readings.refused': { metric: 'all' },
  'readings.put-failed': { metric: 'protecting' },
  'readings.quarantine-failed': { metric: 'protecting' },
  'readings.meter-unreadable': { metric: 'protecting' },
  'readings.message-failed': { metric: 'nowhere' },
  'readings.overdue': { metric: 'nowhere' },
  'readings.judged': { metric: 'nowhere' },
  'readings.reads-judged': { metric: 'nowhere' },
  'usage.items': { metric: 'nowhere' },
  'imports.intervals': { metric: 'nowhere' },
  // Of one machine, which has no CloudWatch.
  'bus.published': { metric: 'nowhere' },
  'bus.delivered': { metric: 'nowhere' },
  'bus.failed': { metric: 'nowhere' },
  'bus.dead-letter': { metric: 'nowhere' },
  'source.invoked': { metric: 'nowhere' },
  'source.interrupted': { metric: 'nowhere' },
  'source.failed': { metric: 'nowhere' },
  'source.given-up': { metric: 'nowhere' },
  'device.connected': { metric: 'nowhere' },
  'device.stored': { metric: 'nowhere' },
  'device.refused': { metric: 'nowhere' },
  'live-meter.trouble': { metric: 'nowhere' },
} as const satisfies Readonly<Record<string, Count>>;
type HouseCount = keyof typeof counts;
/**
 * What a capability counts for itself, `own.complaint.overdue`, without a line in the list: where all is watched a metric without
 * dimensions, so that an alarm may look at it.
 */
export type OwnCount = `own.${string}`;
export const isOwnCount = (name: string): name is OwnCount => name.startsWith('own.');
export type CountName = HouseCount | OwnCount;

const isOfTheHouse = (name: string): name is HouseCount => Object.hasOwn(counts, name);
export const countNames: readonly HouseCount[] = Object.keys(counts).filter(isOfTheHouse);
const countOf = (name: CountName): Count => (isOfTheHouse(name) ? counts[name] : { metric: 'all' });

/** CloudWatch's namespace of everything that is counted. */
export const metricsNamespace = 'Rotunda';

/** What stands for a value that no alarm and no graph looks at. */
export const otherValue = 'other';

/** Whether something that is counted is a metric where so much is watched. */
export const isMetric = (name: CountName, watching: Watching): boolean => {
  const { metric } = countOf(name);
  return metric === 'protecting' || metric === watching;
};

/** Dimensions of a metric beside the stage, with their values. */
export const dimensionsOf = (name: CountName): Readonly<Record<string, readonly string[]>> => {
  const { by = {} } = countOf(name);
  return by;
};

/** Metrics that the house's counts make at most, each name with each set of dimensions. */
export const metricsCounted = (watching: Watching): number =>
  countNames
    .filter((name) => isMetric(name, watching))
    .map((name) => Object.values(dimensionsOf(name)).reduce((sets, values) => sets * (values.length + 1), 1))
    .reduce((sum, sets) => sum + sets, 0);

/** Counts that are looked at by value, and those that are looked at whole. */
type ByValue = { readonly [Name in HouseCount]: (typeof counts)[Name] extends { readonly by: infer By } ? By : never };
type Chosen<By> = { readonly [Dimension in keyof By]: By[Dimension] extends readonly (infer Value)[] ? Value : never };

/** A count as an alarm or a graph looks at it: one that has dimensions with a value of each. */
export type Looked =
  | { readonly count: OwnCount; readonly where?: undefined }
  | {
      readonly [Name in HouseCount]: (typeof counts)[Name] extends { readonly metric: 'nowhere' }
        ? never
        : ByValue[Name] extends never
          ? { readonly count: Name; readonly where?: undefined }
          : { readonly count: Name; readonly where: Chosen<ByValue[Name]> };
    }[HouseCount];
