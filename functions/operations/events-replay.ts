import * as z from 'zod';
import type { Invocation } from '#functions/capability.ts';
import { lookAfterReplays } from './look-after-replays.ts';
import type { ReplayParts, WorkReplayParts } from './replay-parts.ts';
import { workSegment } from './work-replay.ts';

/** Milliseconds of a run that are left for the subjects under way. */
const reserve = 90_000;

/** What a run is asked for: a segment of a replay. */
export const AskedSegment = z.object({ replay: z.string(), segment: z.int().min(0) });

/**
 * Works a segment of a replay on until the run is nearly over, and hands it on to the next; called by the clock, it has the segments
 * worked on that nobody works on any more.
 */
export const replayWork =
  (parts: ReplayParts & WorkReplayParts) =>
  async (event: unknown, context: Pick<Invocation, 'getRemainingTimeInMillis'>): Promise<void> => {
    const asked = AskedSegment.safeParse(event);
    if (!asked.success) return lookAfterReplays(parts);
    const { replay, segment } = asked.data;
    const left = await workSegment(parts, replay, segment, () => context.getRemainingTimeInMillis() < reserve);
    if (left === 'works') await parts.wakeSegment(replay, segment);
  };
