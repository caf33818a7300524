import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLambdaMetrics } from '#shared/runtime/lambda-metrics.ts';

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const written = (): readonly Record<string, unknown>[] =>
  lines
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

it('an invocation writes one line for each set of dimensions, with sums', () => {
  const metrics = createLambdaMetrics({ service: 'readings', stage: 'dev' });
  metrics.count('readings.records', { outcome: 'stored' }, 3);
  metrics.count('readings.records', { outcome: 'stored' });
  metrics.count('function.failed');
  metrics.flush();
  metrics.flush();
  expect(written()).toMatchObject([
    { service: 'readings', stage: 'dev', outcome: 'stored', 'readings.records': 4 },
    { service: 'readings', stage: 'dev', 'function.failed': 1 },
  ]);
  expect(JSON.stringify(written()[0])).toContain('"Namespace":"Rotunda"');
});

it('a value that is no code, or one too many, is counted as another', () => {
  const metrics = createLambdaMetrics({ service: 'facts', stage: 'dev' });
  metrics.count('request.refused', { code: 'Mr Smith, 4 High Street' });
  for (let number = 0; number < 150; number += 1) metrics.count('request.refused', { code: `c${number}` });
  metrics.flush();
  const codes = written().map(({ code }) => code);
  expect(codes).toHaveLength(101);
  expect(written()[0]).toMatchObject({ code: 'other', 'request.refused': 51 });
});

it('a line is what CloudWatch makes metrics of: names, units and dimensions, each with its value beside', () => {
  vi.useFakeTimers({ now: 1_772_000_000_123, toFake: ['Date'] });
  const metrics = createLambdaMetrics({ service: 'facts', stage: 'dev' });
  metrics.count('facts.kept', { source: 'crm' }, 2);
  metrics.flush();
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  expect(written()).toEqual([
    {
      _aws: {
        Timestamp: 1_772_000_000_123,
        CloudWatchMetrics: [
          {
            Namespace: 'Rotunda',
            Dimensions: [['service', 'source', 'stage']],
            Metrics: [{ Name: 'facts.kept', Unit: 'Count' }],
          },
        ],
      },
      'facts.kept': 2,
      source: 'crm',
      service: 'facts',
      stage: 'dev',
    },
  ]);
});

it('more metrics than a line may hold are written on several, none twice, all with their dimensions', () => {
  const metrics = createLambdaMetrics({ service: 'facts', stage: 'dev' });
  for (let number = 0; number < 205; number += 1) metrics.count(`count.${number}`, { source: 'crm' });
  metrics.flush();
  const named = written().map((line) => Object.keys(line).filter((name) => name.startsWith('count.')));
  expect(named.map((names) => names.length)).toEqual([100, 100, 5]);
  expect(new Set(named.flat()).size).toBe(205);
  for (const line of written()) expect(line).toMatchObject({ source: 'crm', service: 'facts', stage: 'dev' });
});
