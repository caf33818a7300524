import { type Clock, systemClock } from './clock.ts';
import type { Metrics } from './logger.ts';

/** CloudWatch's namespace of everything that is counted. */
export const metricsNamespace = 'Rotunda';

export interface LambdaMetrics extends Metrics {
  /** Writes what was counted since the last time; at the end of each invocation. */
  flush(): void;
}

/** Every set of dimension values is a metric of its own that is paid for: values come from lists in the code, and no more than these. */
const mostDimensions = 5;
const mostValues = 100;
const valueForm = /^[A-Za-z0-9._:/-]{1,100}$/;
/** What stands for a value that is none of ours, or one too many. */
const other = 'other';

interface Counted {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly counts: Map<string, number>;
}

/** Keeps dimensions bounded, whatever the caller says. */
class BoundedDimensions {
  readonly #seen = new Map<string, Set<string>>();

  of(dimensions: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
    return Object.entries(dimensions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, mostDimensions)
      .map(([name, value]) => [name, this.#bounded(name, value)] as const);
  }

  #bounded(name: string, value: string): string {
    if (!valueForm.test(value)) return other;
    const seen = this.#seen.get(name) ?? new Set();
    this.#seen.set(name, seen);
    if (seen.size >= mostValues && !seen.has(value)) return other;
    seen.add(value);
    return value;
  }
}

/** Most metrics that CloudWatch takes of one line. */
const mostOfLine = 100;

/** One line of CloudWatch's embedded metric format: counts of one set of dimensions. */
const lineOf = (
  at: number,
  dimensions: Readonly<Record<string, string>>,
  counts: readonly (readonly [string, number])[],
): string =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: counts.map(([Name]) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    ...Object.fromEntries(counts),
    ...dimensions,
  });

/**
 * The counts of a deployed function in CloudWatch's embedded format: namespace `Rotunda`, dimensions `service` (the function's
 * house name), `stage` and those of the count. An invocation writes one line for each set of dimensions it used.
 */
export const createLambdaMetrics = (
  { service, stage }: { readonly service: string; readonly stage: string },
  clock: Clock = systemClock,
): LambdaMetrics => {
  const bounded = new BoundedDimensions();
  const counted = new Map<string, Counted>();
  return {
    count: (name, dimensions = {}, by = 1) => {
      const pairs = bounded.of(dimensions);
      const key = JSON.stringify(pairs);
      const group = counted.get(key) ?? { dimensions: Object.fromEntries(pairs), counts: new Map<string, number>() };
      counted.set(key, group);
      group.counts.set(name, (group.counts.get(name) ?? 0) + by);
    },
    flush: () => {
      for (const { dimensions, counts } of counted.values()) {
        const all = [...counts];
        for (let from = 0; from < all.length; from += mostOfLine) {
          const line = lineOf(clock.now(), { ...dimensions, service, stage }, all.slice(from, from + mostOfLine));
          process.stdout.write(`${line}\n`);
        }
      }
      counted.clear();
    },
  };
};
