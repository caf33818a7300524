import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLambdaLogger } from '#shared/runtime/lambda-logger.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';

const out: string[] = [];
const err: string[] = [];
beforeEach(() => {
  out.length = 0;
  err.length = 0;
  vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z'), toFake: ['Date'] });
  // As Lambda says of a process that an event started, and of its time.
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  vi.stubEnv('TZ', ':UTC');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const about = { service: 'facts', stage: 'dev' };

it('an event is one JSON line, with level, time, function and stage, errors on standard error', () => {
  const logger = createLambdaLogger(about);
  logger.info('fact.kept', { facts: 2, source: undefined });
  logger.warn('change.failed');
  logger.error('function.failed', { cause: 'TypeError at x\ny' });
  const common = { timestamp: '2026-03-01T12:00:00.000Z', service: 'facts', stage: 'dev' };
  expect(out.map((line) => JSON.parse(line))).toEqual([
    { level: 'INFO', message: 'fact.kept', ...common, facts: 2 },
    { level: 'WARN', message: 'change.failed', ...common },
  ]);
  expect(err.map((line) => JSON.parse(line))).toEqual([
    { level: 'ERROR', message: 'function.failed', ...common, cause: 'TypeError at x\ny' },
  ]);
  expect([...out, ...err].every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
});

it('the lines of an invocation name its request, its trace, and whether it was the first of the process', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  const logger = createLambdaLogger(about);
  logger.begin(lambdaContext('first'));
  logger.info('fact.kept');
  logger.begin(lambdaContext('second'));
  logger.info('fact.kept');
  const trace = { xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793', function_name: 'rotunda-dev-facts' };
  expect(out.map((line) => JSON.parse(line))).toMatchObject([
    { ...trace, cold_start: true, function_request_id: 'first' },
    { ...trace, cold_start: false, function_request_id: 'second' },
  ]);
});

it('a field takes no place of what a line says of itself, and a long text does not go out whole', () => {
  const logger = createLambdaLogger(about);
  logger.begin(lambdaContext('first'));
  logger.info('fact.kept', { level: 'none', stage: 'other', function_name: 'x', detail: 'x'.repeat(2000), empty: '' });
  const [line, ...others] = out.map((text) => JSON.parse(text));
  expect(line).toMatchObject({ level: 'INFO', stage: 'dev', message: 'fact.kept', function_name: 'rotunda-dev-facts' });
  expect(line.detail).toHaveLength(500);
  expect(line.empty).toBe('');
  expect([others, err]).toEqual([[], []]);
});

it('what steers how a line is shown stands as its escape', () => {
  createLambdaLogger(about).info('fact.kept', { source: 'a\u202eb' });
  expect(out.join('')).toContain('"source":"a\\u202eb"');
  expect(JSON.parse(out.join(''))).toMatchObject({ source: 'a\u202eb' });
});
