import { everythingRunning } from '#functions/capabilities.ts';
import type { Body, Handler, Parts } from '#functions/capability.ts';
import { minutesBetween } from '#functions/manifest/schedule-rate.ts';
import { manifest, type ScheduledFunctionName, scheduledFunctionNames } from '#functions/manifest.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { unhurriedInvocation } from './invocation.ts';

/** Imports are worked off by a worker of their own, which is woken by files as well. */
const workedOffElsewhere: readonly string[] = ['imports.work'];

/** What runs by the clock, and how often. */
export interface ScheduledRun {
  /** The deployed function that runs it. */
  readonly name: ScheduledFunctionName;
  readonly handler: Handler;
  readonly milliseconds: number;
}

const handlerOf = (run: string): Handler => {
  const found = everythingRunning.find(({ name }) => name === run)?.one;
  if (found === undefined || !('handle' in found))
    throw new RangeError(`the manifest has ${run} run by the clock, and no capability has such a handler`);
  return found;
};

/** Everything that the manifest has run by the clock, but what has a worker of its own here. */
export const scheduledRuns: readonly ScheduledRun[] = scheduledFunctionNames.flatMap((name) =>
  manifest[name].runs
    .filter((run) => !workedOffElsewhere.includes(run))
    .map((run) => ({
      name,
      handler: handlerOf(run),
      milliseconds: minutesBetween(manifest[name].on.schedule.expression) * 60_000,
    })),
);

/** Has it run; a run that fails is logged, and the next one comes all the same. Answers what stops it. */
export const startSchedules = (parts: Parts<Body>, logger: Logger): (() => void) => {
  const timers = scheduledRuns.map(({ name, handler, milliseconds }) => {
    const run = handler.handle(parts);
    return setInterval(() => {
      run(undefined, unhurriedInvocation).catch((error: unknown) =>
        logger.error('schedule.failed', { run: name, cause: error instanceof Error ? error.name : 'unknown' }),
      );
    }, milliseconds);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
};
