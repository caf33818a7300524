import { type JudgeSilentParts, judgeSilent } from './judge-silent.ts';

/** A function may run for 15 minutes; the rest is left for the meters under way. */
const milliseconds = 10 * 60_000;

/** Every hour: meters of which nothing came; fails where some could not be done, so that an alarm tells. */
export const silenceSchedule = (parts: JudgeSilentParts): (() => Promise<void>) => {
  return async () => {
    const { meters, failed, unfinished } = await judgeSilent(parts, milliseconds);
    parts.logger.info('meters.looked-at', { meters, failed, unfinished });
    if (failed > 0) throw new Error(`${failed} of ${meters} meters could not be looked at`);
  };
};
