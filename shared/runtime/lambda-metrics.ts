import { MetricUnit, Metrics as Powertools } from '@aws-lambda-powertools/metrics';
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

/**
 * The counts of a deployed function in CloudWatch's embedded format: namespace `Rotunda`, dimensions `service` (the function's
 * house name), `stage` and those of the count. An invocation writes one line for each set of dimensions it used, with sums:
 * Powertools would keep each count by itself, and write whenever a hundred of one name have come.
 */
export const createLambdaMetrics = (about: { readonly service: string; readonly stage: string }): LambdaMetrics => {
  const { service, stage } = about;
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
        // Only default dimensions stay when more metrics than a line may hold go out on a second one.
        const defaultDimensions = { ...dimensions, service, stage };
        const line = new Powertools({ namespace: metricsNamespace, serviceName: service, defaultDimensions });
        for (const [name, count] of counts) line.addMetric(name, MetricUnit.Count, count);
        line.publishStoredMetrics();
      }
      counted.clear();
    },
  };
};
