import { MetricUnit, Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import type { Watching } from '#shared/vocabulary/watching.ts';
import { type CountName, dimensionsOf, isMetric, metricsNamespace, otherValue } from './counts.ts';
import type { Logger, Metrics } from './logger.ts';

export interface LambdaMetrics extends Metrics {
  /** Writes what was counted since the last time; at the end of each invocation. */
  flush(): void;
}

type Dimensions = Readonly<Record<string, string>>;

/** Sums of counts by their dimensions. */
class Sums {
  readonly #groups = new Map<string, { readonly dimensions: Dimensions; readonly sums: Map<CountName, number> }>();

  add(name: CountName, dimensions: Dimensions, by: number): void {
    const key = JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = this.#groups.get(key) ?? { dimensions, sums: new Map<CountName, number>() };
    this.#groups.set(key, group);
    group.sums.set(name, (group.sums.get(name) ?? 0) + by);
  }

  /** Hands each group over, and begins anew. */
  take(each: (dimensions: Dimensions, sums: ReadonlyMap<CountName, number>) => void): void {
    for (const { dimensions, sums } of this.#groups.values()) each(dimensions, sums);
    this.#groups.clear();
  }
}

/** Lines that one invocation writes of what is no metric or says more than its metric: names of errors, codes, outcomes. */
const mostLines = 100;
const valueForm = /^[A-Za-z0-9._:/-]{1,100}$/;

/** What stands in a log line of the dimensions: codes and names, never what a caller wrote. */
const told = (dimensions: Dimensions): Dimensions =>
  Object.fromEntries(
    Object.entries(dimensions).map(([name, value]) => [name, valueForm.test(value) ? value : otherValue]),
  );

/** The dimensions of the metric, a value of each that is listed. */
const measured = (name: CountName, dimensions: Dimensions): Dimensions =>
  Object.fromEntries(
    Object.entries(dimensionsOf(name)).map(([dimension, values]) => {
      const value = dimensions[dimension];
      return [dimension, value !== undefined && values.includes(value) ? value : otherValue];
    }),
  );

const says = (less: Dimensions, more: Dimensions): boolean =>
  Object.entries(more).every(([name, value]) => less[name] === value);

/**
 * The counts of a deployed function. What is a metric where so much is watched (`shared/runtime/counts.ts`) goes out in CloudWatch's
 * embedded format: namespace `Rotunda`, dimensions `stage` and those of the count. An invocation writes one line for each set of
 * dimensions it used, with sums: Powertools would keep each count by itself, and write whenever a hundred of one name have come.
 * All else, and what says more than its metric does, goes into the log as `counted`, with the dimensions as they were.
 */
export const createLambdaMetrics = (about: {
  readonly service: string;
  readonly stage: string;
  readonly watching: Watching;
  readonly logger: Logger;
}): LambdaMetrics => {
  const { service, stage, watching, logger } = about;
  const metrics = new Sums();
  const lines = new Sums();
  return {
    count: (name, dimensions = {}, by = 1) => {
      const whole = told(dimensions);
      const looked = measured(name, dimensions);
      const counts = isMetric(name, watching);
      if (counts) metrics.add(name, looked, by);
      if (!counts || !says(looked, whole)) lines.add(name, whole, by);
    },
    flush: () => {
      metrics.take((dimensions, sums) => {
        const line = new Powertools({ namespace: metricsNamespace, serviceName: service });
        // The function is told and is no dimension: each would make a metric more, and nothing looks at one function alone.
        line.clearDefaultDimensions();
        line.setDefaultDimensions({ ...dimensions, stage });
        line.addMetadata('service', service);
        for (const [name, sum] of sums) line.addMetric(name, MetricUnit.Count, sum);
        line.publishStoredMetrics();
      });
      let left = mostLines;
      lines.take((dimensions, sums) => {
        if (left <= 0) return;
        left -= 1;
        logger.info('counted', { ...dimensions, ...Object.fromEntries(sums) });
      });
    },
  };
};
