import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import { type LookParts, lookAtMeter } from './look-at-meter.ts';
import { beginRound, moveRound, type Round, readRound } from './store/silence-round.ts';
import { type DueMeter, metersToLookAt } from './store/watched-meters.ts';

export interface JudgeSilentParts extends LookParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How far a round is behind one of its runs. */
export interface LookedAt {
  readonly round: string;
  /** Meters that were looked at in all runs of the round, and those that could not be; the next round meets them again. */
  readonly meters: number;
  readonly failed: number;
  /** Whether the time was over before every meter was met. */
  readonly unfinished: boolean;
}

/** Meters that are looked at side by side, and between two places that are put down. */
const together = 16;
/** A run of a function lasts 15 minutes at most: whoever took a round up before is gone. */
const longestRun = 15 * 60_000;
/** A round is to be over before the next one is due, within the hour. */
const itsTime = 55 * 60_000;

/** Takes up the round that is to be worked on: the one that is asked for, or as the clock finds it. Undefined where none is. */
const takeRound = async (
  { profile, clock, metrics }: JudgeSilentParts,
  asked: string | undefined,
): Promise<Round | undefined> => {
  const now = clock.now();
  const last = await readRound(profile);
  if (last?.isOpen !== true) return asked === undefined ? beginRound(profile, last, now) : undefined;
  if (asked === undefined) {
    if (now - Date.parse(last.startedAt) >= itsTime) metrics.count('meter.round-late');
    if (now - Date.parse(last.takenAt) <= longestRun) return undefined;
  } else if (asked !== last.round) return undefined;
  return moveRound(profile, last, { takenAt: new Date(now).toISOString() });
};

/** Looks at meters side by side; answers how many could not be done. */
const lookAtEach = async (parts: JudgeSilentParts, due: readonly DueMeter[]): Promise<number> => {
  const { metrics, logger, clock } = parts;
  const now = Math.floor(clock.now() / 1000);
  let failed = 0;
  const look = async ({ meter }: DueMeter): Promise<void> => {
    try {
      await lookAtMeter(parts, meter, now);
    } catch (error) {
      failed += 1;
      metrics.count('meter.look-failed');
      logger.error('meter.look-failed', { meter, cause: causeName(error) });
    }
  };
  await Promise.all(due.map(look));
  return failed;
};

async function* inGroups(due: AsyncIterable<DueMeter>): AsyncGenerator<readonly DueMeter[]> {
  let group: DueMeter[] = [];
  for await (const one of due) {
    group.push(one);
    if (group.length < together) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/**
 * Works a round through the meters that are due on: as far as there is time, and behind where it was put down last, so that it goes on
 * where a run was stopped or killed. Each meter then waits for its next day; one that cannot be done holds up no others. Answers
 * undefined where another run is at it. Meters behind the place put down last are looked at twice then, which changes nothing.
 * @param asked the round that is handed on; the clock names none, and begins one where none is under way
 */
export const judgeSilent = async (
  parts: JudgeSilentParts,
  asked: string | undefined,
  isOver: () => boolean,
): Promise<LookedAt | undefined> => {
  const { profile, clock } = parts;
  let round = await takeRound(parts, asked);
  if (round === undefined) return undefined;
  const answer = ({ round: id, meters, failed }: Round, unfinished: boolean): LookedAt => ({
    ...{ round: id, meters, failed, unfinished },
  });
  for await (const group of inGroups(metersToLookAt(profile, stored(clock.now()), round))) {
    const failed = await lookAtEach(parts, group);
    const { shard = 0, after = '' } = group.at(-1) ?? {};
    const so: Partial<Round> = { meters: round.meters + group.length, failed: round.failed + failed, shard, after };
    round = await moveRound(profile, round, so);
    if (round === undefined) return undefined;
    if (isOver()) return answer(round, true);
  }
  const done = await moveRound(profile, round, { isOpen: false });
  return done === undefined ? undefined : answer(done, false);
};
