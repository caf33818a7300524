import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countNames, dimensionsOf, isMetric, metricsCounted } from '#shared/runtime/counts.ts';
import { createLambdaMetrics, type LambdaMetrics } from '#shared/runtime/lambda-metrics.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';
import { RecordedLogger } from '#tests/support/recorders.ts';

const lines: string[] = [];
let logger = new RecordedLogger();
beforeEach(() => {
  lines.length = 0;
  logger = new RecordedLogger();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const metricsOf = (watching: Watching, service = 'readings'): LambdaMetrics =>
  createLambdaMetrics({ service, stage: 'dev', watching, logger });

const written = (): readonly Record<string, unknown>[] =>
  lines
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

it('an invocation writes one line for each set of dimensions, with sums', () => {
  const metrics = metricsOf('all');
  metrics.count('readings.records', { outcome: 'stored' }, 3);
  metrics.count('readings.records', { outcome: 'stored' });
  metrics.count('function.not-ready');
  metrics.flush();
  metrics.flush();
  expect(written()).toMatchObject([
    { service: 'readings', stage: 'dev', outcome: 'stored', 'readings.records': 4 },
    { service: 'readings', stage: 'dev', 'function.not-ready': 1 },
  ]);
  expect(logger.lines).toEqual([]);
});

it('a line is what CloudWatch makes metrics of: the stage and what is looked at are dimensions, the function is told beside', () => {
  vi.useFakeTimers({ now: 1_772_000_000_123, toFake: ['Date'] });
  const metrics = metricsOf('all', 'facts');
  metrics.count('facts', { status: 'waiting' }, 2);
  metrics.flush();
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  expect(written()).toEqual([
    {
      _aws: {
        Timestamp: 1_772_000_000_123,
        CloudWatchMetrics: [
          { Namespace: 'Rotunda', Dimensions: [['status', 'stage']], Metrics: [{ Name: 'facts', Unit: 'Count' }] },
        ],
      },
      facts: 2,
      status: 'waiting',
      stage: 'dev',
      service: 'facts',
    },
  ]);
});

it('a value that nothing looks at is counted as another, and the log says which it was', () => {
  const metrics = metricsOf('all', 'facts');
  metrics.count('request.refused', { code: 'access.denied', route: 'readView' });
  metrics.count('request.refused', { code: 'body.invalid', route: 'postFacts' });
  metrics.count('request.refused', { code: 'record.gone', route: 'readView' });
  metrics.count('request.refused', { code: 'Mr Smith, 4 High Street', route: 'none' });
  metrics.flush();
  expect(written()).toMatchObject([
    { code: 'access.denied', 'request.refused': 1 },
    { code: 'other', 'request.refused': 3 },
  ]);
  expect(logger.lines.map(({ event, fields }) => [event, fields])).toEqual([
    ['counted', { code: 'access.denied', route: 'readView', 'request.refused': 1 }],
    ['counted', { code: 'body.invalid', route: 'postFacts', 'request.refused': 1 }],
    ['counted', { code: 'record.gone', route: 'readView', 'request.refused': 1 }],
    ['counted', { code: 'other', route: 'none', 'request.refused': 1 }],
  ]);
  expect(lines.join('')).not.toContain('Smith');
});

it('what no alarm looks at goes into the log and makes no metric', () => {
  const metrics = metricsOf('all');
  metrics.count('usage.items', { outcome: 'written' }, 2);
  metrics.count('usage.items', { outcome: 'written' });
  metrics.flush();
  expect(written()).toEqual([]);
  expect(logger.lines).toEqual([{ level: 'info', event: 'counted', fields: { outcome: 'written', 'usage.items': 3 } }]);
});

it('what a capability counts for itself is one metric where all is watched, and a line of the log elsewhere', () => {
  const all = metricsOf('all');
  all.count('own.complaint.overdue', { about: 'bill' }, 2);
  all.count('own.complaint.overdue', { about: 'meter' });
  all.flush();
  expect(written()).toMatchObject([{ stage: 'dev', 'own.complaint.overdue': 3 }]);
  const protecting = metricsOf('protecting');
  logger.lines.length = 0;
  protecting.count('own.complaint.overdue');
  protecting.flush();
  expect(written()).toHaveLength(1);
  expect(logger.lines).toMatchObject([{ event: 'counted', fields: { 'own.complaint.overdue': 1 } }]);
});

it('a stage that watches what protects data makes metrics of that alone, and loses no count', () => {
  const metrics = metricsOf('protecting');
  for (const name of countNames) metrics.count(name);
  metrics.flush();
  const counted = written().flatMap((line) =>
    Object.keys(line).filter((name) => countNames.some((one) => one === name)),
  );
  expect(counted.toSorted()).toEqual(countNames.filter((name) => isMetric(name, 'protecting')).toSorted());
  const logged = logger.lines.flatMap(({ fields }) => Object.keys(fields));
  expect([...counted, ...logged].toSorted()).toEqual(countNames.toSorted());
});

it('an invocation that fails in a thousand ways fills no log', () => {
  const metrics = metricsOf('all');
  for (let number = 0; number < 1000; number += 1) metrics.count('readings.put-failed', { error: `E${number}` });
  metrics.flush();
  expect(written()).toMatchObject([{ 'readings.put-failed': 1000 }]);
  expect(logger.lines).toHaveLength(100);
});

it.each(['protecting', 'all'] as const)(
  'makes as many metrics as are reckoned, whatever is counted: %s',
  (watching) => {
    const metrics = metricsOf(watching);
    for (const name of countNames) {
      const values = Object.entries(dimensionsOf(name)).flatMap(([dimension, listed]) =>
        [...listed, 'surprise', 'another'].map((value) => ({ [dimension]: value })),
      );
      for (const dimensions of values.length === 0 ? [{}, { reason: 'one' }, { reason: 'two' }] : values)
        metrics.count(name, dimensions);
    }
    metrics.flush();
    const made = written().flatMap(({ _aws, ...line }) =>
      Object.keys(line).filter((name) => countNames.some((one) => one === name)),
    );
    expect(made).toHaveLength(metricsCounted(watching));
  },
);
