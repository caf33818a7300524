import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lines = (): readonly Record<string, unknown>[] => written.map((line) => JSON.parse(line));

/** Runs one invocation that counts, says and then does as told. */
const invoke = (end: () => void): Promise<string> => {
  const { handle, logger, metrics } = openRuntime('facts', 'dev', 'all');
  const handler = handle(async () => {
    metrics.count('facts', { status: 'accepted' }, 2);
    logger.info('fact.kept', { facts: 2 });
    end();
    return 'done';
  });
  return handler({}, lambdaContext('r-1'));
};

describe('an invocation', () => {
  it('names its request in log lines, and writes its counts when it ends', async () => {
    await expect(invoke(() => {})).resolves.toBe('done');
    expect(lines()).toMatchObject([
      { message: 'fact.kept', function_request_id: 'r-1', service: 'facts', stage: 'dev', facts: 2 },
      { facts: 2, status: 'accepted', service: 'facts', stage: 'dev' },
    ]);
  });

  it('that fails writes its counts too, and says nowhere what the error said', async () => {
    const failing = invoke(() => {
      throw new TypeError('no such name: Ada Lovelace');
    });
    await expect(failing).rejects.toThrow(/^facts failed$/);
    expect(lines()).toMatchObject([
      { message: 'fact.kept' },
      { level: 'ERROR', message: 'function.failed', function_request_id: 'r-1' },
      { facts: 2, status: 'accepted' },
      { message: 'counted', 'function.failed': 1, service: 'facts', stage: 'dev' },
    ]);
    expect(lines()[1]?.cause).toMatch(/^TypeError .*invocation\.test\.ts/);
    expect(written.join('')).not.toContain('Lovelace');
  });

  it('that is refused says the code and our own words', async () => {
    const refused = invoke(() => {
      throw new DomainError('unavailable', 'service.busy', 'The system is busy; try again shortly.');
    });
    await expect(refused).rejects.toThrow(/^service\.busy: The system is busy; try again shortly\.$/);
  });

  it('that counts nothing writes nothing', async () => {
    const { handle } = openRuntime('facts', 'dev', 'all');
    await handle(async () => 'done')({}, lambdaContext('r-1'));
    expect(written).toEqual([]);
  });
});
