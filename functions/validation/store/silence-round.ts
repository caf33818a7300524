import * as z from 'zod';
import { newId } from '#shared/runtime/identify.ts';
import { silenceRoundKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';

const count = z.int().min(0);

/** A round through the meters that are due, and where it stands. `version` counts its writes: whoever works on it wrote last. */
const Round = z.object({
  version: z.int().min(1),
  round: z.string(),
  isOpen: z.boolean(),
  /** The part of the queue it is at, and the place there behind which it goes on. */
  shard: count,
  after: z.string(),
  /** Meters that were looked at, and those that could not be. */
  meters: count,
  failed: count,
  startedAt: z.string(),
  takenAt: z.string(),
});
export type Round = z.infer<typeof Round>;

const itemOf = (round: Round): Item => ({ ...silenceRoundKey, ...round });

/** Puts a round in place of what was there; undefined where somebody else has written since. */
const put = async (profile: Table, round: Round, before: Round | undefined): Promise<Round | undefined> => {
  try {
    const when = before === undefined ? { kind: 'absent' as const } : { kind: 'version' as const, is: before.version };
    await profile.commit([{ put: itemOf(round), when }]);
    return round;
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
};

/** The round under way, or the last; read consistently. */
export const readRound = async (profile: Table): Promise<Round | undefined> => {
  const item = await profile.get(silenceRoundKey, { consistent: true });
  return item === undefined ? undefined : Round.parse(item);
};

/** Begins a round behind the last one. */
export const beginRound = (profile: Table, last: Round | undefined, now: number): Promise<Round | undefined> => {
  const at = new Date(now).toISOString();
  const begun = { isOpen: true, shard: 0, after: '', meters: 0, failed: 0, startedAt: at, takenAt: at };
  return put(profile, { ...begun, version: (last?.version ?? 0) + 1, round: newId() }, last);
};

/** Puts down how far a round is. */
export const moveRound = (profile: Table, before: Round, change: Partial<Round>): Promise<Round | undefined> =>
  put(profile, { ...before, ...change, version: before.version + 1 }, before);
