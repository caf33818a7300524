import type { ReplayWorker, WorkReplayParts } from '#functions/operations/replay-parts.ts';
import { readReplay, readSegments, replayNow } from '#functions/operations/store/replays.ts';
import { workSegment } from '#functions/operations/work-replay.ts';
import { causeName } from '#shared/runtime/cause-name.ts';

/** Segments of a replay on this machine, where nobody says how many: they share its processor. */
export const localSegments = 4;

/** Milliseconds before a segment that failed to go on is tried again. */
const againAfter = 5000;

/** Works segments of replays on in this process, side by side, also those that an earlier process left. */
export interface LocalReplayWorker extends ReplayWorker {
  /** Takes up what an earlier process left. */
  resume(): Promise<void>;
  /** Ends behind the subjects under way. */
  stop(): Promise<void>;
}

export const startReplayWorker = (parts: WorkReplayParts): LocalReplayWorker => {
  const running = new Map<string, Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;

  const startLater = (replay: string, segment: number): void => {
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(replay, segment);
    }, againAfter);
    timers.add(timer);
  };
  const work = async (replay: string, segment: number): Promise<void> => {
    try {
      await workSegment(parts, replay, segment, () => isStopped);
    } catch (error) {
      const cause = causeName(error);
      parts.logger.error('replay.stopped', { replay, segment, cause });
      startLater(replay, segment);
    }
  };
  const start = (replay: string, segment: number): void => {
    const name = `${replay} ${segment}`;
    if (isStopped || running.has(name)) return;
    running.set(
      name,
      work(replay, segment).finally(() => running.delete(name)),
    );
  };

  return {
    usualSegments: localSegments,
    wakeSegment: async (replay, segment) => start(replay, segment),
    resume: async () => {
      const id = await replayNow(parts.profile);
      const run = id === undefined ? undefined : await readReplay(parts.profile, id);
      if (run?.state !== 'running') return;
      for (const { segment } of await readSegments(parts.profile, run.id)) start(run.id, segment);
    },
    stop: async () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
};
