import type { Context } from 'aws-lambda';
import type { Base } from '#functions/capability.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { createLambdaLogger } from '#shared/runtime/lambda-logger.ts';
import { createLambdaMetrics } from '#shared/runtime/lambda-metrics.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';

/** What every deployed function runs with. */
export interface Runtime extends Base {
  /** The handler Lambda calls: its log lines name the request, its counts are written when it ends, however it ends. */
  handle<Event, Answer>(
    act: (event: Event, context: Context) => Promise<Answer>,
  ): (event: Event, context: Context) => Promise<Answer>;
}

/** Where an error was thrown: its name and the first line of its stack, never its message, which may hold what was sent. */
const placeOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${error.stack?.split('\n    at ')[1]?.trim() ?? ''}` : 'unknown';

/**
 * The runtime of a function by its house name. What a handler throws is thrown on without its message, since Lambda writes that
 * to the log; a refusal says its code and our own words.
 */
export const openRuntime = (service: string, stage: string, watching: Watching): Runtime => {
  const logger = createLambdaLogger({ service, stage });
  const metrics = createLambdaMetrics({ service, stage, watching, logger });
  return {
    stage,
    clock: systemClock,
    now: () => systemClock.now(),
    logger,
    metrics,
    handle: (act) => async (event, context) => {
      logger.begin(context);
      try {
        return await act(event, context);
      } catch (error) {
        metrics.count('function.failed');
        logger.error('function.failed', { cause: placeOf(error) });
        throw new Error(error instanceof DomainError ? `${error.code}: ${error.message}` : `${service} failed`);
      } finally {
        metrics.flush();
      }
    },
  };
};
