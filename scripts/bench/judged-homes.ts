import { CloseMonths } from '#functions/validation/close-months.ts';
import { judgeReadings } from '#functions/validation/follow-readings.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { judgedReader } from '#functions/validation/stream.ts';
import type { Change } from '#shared/table/table.ts';
import type { BenchSystem } from './bench-system.ts';

/** Changes that are judged at once, as the stream of the readings table brings them. */
const entriesAtOnce = 500;

/** Reads on in the feed of the readings table, as a follower with a place of its own. */
export const changesReader = ({ store }: BenchSystem) => {
  const feed = store.feed('readings');
  const positions = new Map<number, string>();
  return async (): Promise<readonly Change[]> => {
    const changes: Change[] = [];
    for (let shard = 0; shard < feed.shards; shard += 1) {
      const batch = await feed.read(shard, positions.get(shard), entriesAtOnce);
      const last = batch.at(-1);
      if (last !== undefined) positions.set(shard, last.position);
      changes.push(...batch.map(({ position, entry }) => ({ ...entry, position })));
    }
    return changes;
  };
};

/** The judging of what homes of a bench send. */
export interface Judging {
  /** Judges what came since, and nothing that this brings about. Gives how many changes that were. */
  judge(): Promise<number>;
  /** Judges what came since, closes months and tells what follows, until nothing more does. */
  judgeAll(): Promise<void>;
}

export const judgingOn = (system: BenchSystem): Judging => {
  const { profile, readings, submit } = system;
  const judge = new JudgeRegister({ profile, readings, metrics: { count: () => {} } });
  const tellJudged = judgedReader({ profile, readings, submit, close: new CloseMonths({ profile, readings }) });
  const news = changesReader(system);
  const follow = async (changes: readonly Change[]): Promise<void> => {
    await tellJudged(changes);
    await system.settle();
  };
  let untold: readonly Change[] = [];
  return {
    judge: async () => {
      const changes = await news();
      await judgeReadings(judge, changes);
      untold = [...untold, ...changes];
      return changes.length;
    },
    judgeAll: async () => {
      await follow(untold);
      untold = [];
      for (let changes = await news(); changes.length > 0; changes = await news()) {
        await judgeReadings(judge, changes);
        await follow(changes);
      }
    },
  };
};
