import type { Metrics } from '#shared/runtime/logger.ts';
import type { ReplayParts } from './replay-parts.ts';
import { readReplay, readSegments, replayNow, type Segment } from './store/replays.ts';
import { finishReplay } from './work-replay.ts';

/** A run of a function lasts 15 minutes at most: whoever took a segment up before is gone. */
const longestRun = 15 * 60_000;
/** A segment that came on since has somebody who works on it. */
const restless = 3 * 60_000;
/** A segment that has not come on for so long does not by itself. */
const standing = 30 * 60_000;

const isLeft = ({ takenAt, movedAt }: Segment, now: number): boolean =>
  now - Date.parse(takenAt) > longestRun && now - Date.parse(movedAt) > restless;

/**
 * Looks after the replay under way by the clock: has the segments worked on that nobody works on any more, and counts those that stand
 * still, for the alarm.
 */
export const lookAfterReplays = async (parts: ReplayParts & { readonly metrics: Metrics }): Promise<void> => {
  const { profile, clock, metrics, wakeSegment } = parts;
  const id = await replayNow(profile);
  const run = id === undefined ? undefined : await readReplay(profile, id);
  if (run?.state !== 'running') return;
  const now = clock.now();
  const open = (await readSegments(profile, run.id)).filter(({ state }) => state !== 'done');
  const still = open.filter(({ movedAt }) => now - Date.parse(movedAt) > standing);
  if (still.length > 0) metrics.count('replay.standing-still', {}, still.length);
  for (const segment of open) if (isLeft(segment, now)) await wakeSegment(run.id, segment.segment);
  if (open.length === 0) await finishReplay(parts, run.id);
};
