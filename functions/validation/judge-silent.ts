import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import { type LookParts, lookAtMeter } from './look-at-meter.ts';
import { metersToLookAt } from './store/watched-meters.ts';

export interface JudgeSilentParts extends LookParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What came of one run. */
export interface LookedAt {
  readonly meters: number;
  /** Meters that could not be done; the next run meets them again. */
  readonly failed: number;
  /** Whether the time was over before every meter was met. */
  readonly unfinished: boolean;
}

/** Meters that are looked at side by side. */
const together = 16;

/**
 * Looks at the meters that are due. Each then waits for its next day, so that the queue is the place where a run that was stopped
 * goes on. One meter that cannot be done does not hold up the others. It stops after `milliseconds`.
 */
export const judgeSilent = async (parts: JudgeSilentParts, milliseconds: number): Promise<LookedAt> => {
  const { profile, clock, logger, metrics } = parts;
  const started = clock.now();
  let [meters, failed] = [0, 0];
  const look = async (id: string): Promise<void> => {
    meters += 1;
    try {
      await lookAtMeter(parts, id, Math.floor(started / 1000));
    } catch (error) {
      failed += 1;
      metrics.count('meter.look-failed');
      logger.error('meter.look-failed', { meter: id, cause: error instanceof Error ? error.name : 'unknown' });
    }
  };
  let waiting: string[] = [];
  for await (const id of metersToLookAt(profile, stored(started))) {
    if (clock.now() - started >= milliseconds) return { meters, failed, unfinished: true };
    waiting.push(id);
    if (waiting.length < together) continue;
    await Promise.all(waiting.map(look));
    waiting = [];
  }
  await Promise.all(waiting.map(look));
  return { meters, failed, unfinished: false };
};
