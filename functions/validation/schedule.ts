import * as z from 'zod';
import type { Invocation } from '#functions/capability.ts';
import { type JudgeSilentParts, judgeSilent } from './judge-silent.ts';

/** Has a round through the silent meters gone on with, by a run of its own. */
export interface SilenceWorker {
  readonly goOnWithRound: (round: string) => Promise<void>;
}

/** Milliseconds of a run that are left for the meters under way: some have years of days to be judged. */
const reserve = 5 * 60_000;

const Asked = z.object({ round: z.string() });

/**
 * Every hour: meters of which nothing came. A round that takes longer than a run is handed on to the next one. Fails at the end of a
 * round in which some could not be done, so that an alarm tells.
 */
export const silenceSchedule =
  (parts: JudgeSilentParts & SilenceWorker) =>
  async (event: unknown, context: Pick<Invocation, 'getRemainingTimeInMillis'>): Promise<void> => {
    const asked = Asked.safeParse(event);
    const isOver = (): boolean => context.getRemainingTimeInMillis() < reserve;
    const looked = await judgeSilent(parts, asked.success ? asked.data.round : undefined, isOver);
    if (looked === undefined) return;
    const { round, meters, failed, unfinished } = looked;
    parts.logger.info('meters.looked-at', { meters, failed, unfinished });
    if (unfinished) await parts.goOnWithRound(round);
    else if (failed > 0) throw new Error(`${failed} of ${meters} meters could not be looked at`);
  };
