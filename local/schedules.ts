import { everythingRunning } from '#functions/capabilities.ts';
import type { Body, Handler, Parts } from '#functions/capability.ts';
import { minutesBetween, type ScheduleExpression } from '#functions/manifest/schedule-rate.ts';
import { manifest, type ScheduledFunctionName, scheduledFunctionNames } from '#functions/manifest.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
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

/** A timer waits for less than 25 days; one that is asked for more would ring at once, again and again. */
const longestTimer = 2 ** 31 - 1;

/**
 * Milliseconds from one run to the next.
 * @throws RangeError where no timer waits so long
 */
export const millisecondsBetween = (expression: ScheduleExpression): number => {
  const milliseconds = minutesBetween(expression) * 60_000;
  if (milliseconds > longestTimer)
    throw new RangeError(`${expression}: a timer of one machine waits for 24 days at most`);
  return milliseconds;
};

/** Everything that the manifest has run by the clock, but what has a worker of its own here. */
export const scheduledRuns: readonly ScheduledRun[] = scheduledFunctionNames.flatMap((name) =>
  manifest[name].runs
    .filter((run) => !workedOffElsewhere.includes(run))
    .map((run) => ({
      name,
      handler: handlerOf(run),
      milliseconds: millisecondsBetween(manifest[name].on.schedule.expression),
    })),
);

/** Has it run; a run that fails is logged, and the next one comes all the same. Answers what stops it. */
export const startSchedules = (parts: Parts<Body>, logger: Logger): (() => void) => {
  const timers = scheduledRuns.map(({ name, handler, milliseconds }) => {
    const run = handler.handle(parts);
    return setInterval(() => {
      run(undefined, unhurriedInvocation).catch((error: unknown) =>
        logger.error('schedule.failed', { run: name, cause: causeName(error) }),
      );
    }, milliseconds);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
};
