import * as z from 'zod';
import { readAll } from '#shared/profile/store/subjects.ts';
import { crockford26 } from '#shared/runtime/identify.ts';
import {
  replayFailureKey,
  replayFailurePrefix,
  replayKey,
  replayNowKey,
  replayPartition,
  replaySegmentKey,
  replaySegmentPrefix,
} from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table, type Write } from '#shared/table/table.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { mostReplaySegments } from '#shared/vocabulary/replay-segments.ts';
import { ReplayState } from '#shared/vocabulary/statuses.ts';

const count = z.int().min(0);

/** What a replay does: fold anew, or publish the events of facts that were received in a range (stored form). */
const Asked = z.object({
  events: z.boolean(),
  from: z.string().optional(),
  to: z.string().optional(),
  dryRun: z.boolean(),
});
export type AskedReplay = z.infer<typeof Asked>;

/** The item `RPL#<id>` / `RUN`. `version` counts its writes. */
const Replay = Asked.extend({
  version: z.int().min(1),
  id: id('replay'),
  state: ReplayState,
  segments: z.int().min(1).max(mostReplaySegments),
  startedAt: z.string(),
});
export type Replay = z.infer<typeof Replay>;

/** `walk`: through the segment; `again`: the subjects of it that failed, once more each. */
const SegmentState = z.enum(['walk', 'again', 'done']);

/** Where a segment of a replay stands. `version` counts its writes: whoever works on it wrote last. */
const Segment = z.object({
  version: z.int().min(1),
  segment: count,
  state: SegmentState,
  /** Behind what it goes on: a place of the scan, or of the failures. */
  after: z.string().optional(),
  subjects: count,
  changed: count,
  published: count,
  /** Milliseconds in which it was worked on. */
  worked: z.number().min(0),
  takenAt: z.string(),
  movedAt: z.string(),
});
export type Segment = z.infer<typeof Segment>;

const Failure = z.object({ segment: count, subject: z.string(), reason: z.string() });
export type Failure = z.infer<typeof Failure>;

const present = (item: Readonly<Record<string, Item[string] | undefined>>): Readonly<Record<string, Item[string]>> =>
  Object.fromEntries(Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const replayItem = (replay: Replay): Item => ({ ...replayKey(replay.id), ...present(replay) });
const segmentItem = (replay: string, segment: Segment): Item => ({
  ...replaySegmentKey(replay, segment.segment),
  ...present(segment),
});

/** Commits, or answers false where somebody else has written since. */
const won = async (profile: Table, writes: readonly Write[]): Promise<boolean> => {
  try {
    await profile.commit(writes);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

/** The id of a replay that begins now, from what chance gave. */
export const replayIdOf = (bytes: Uint8Array): string => `rpl_${crockford26(bytes)}`;

/** The replay of an id, read consistently; undefined where there is none. */
export const readReplay = async (profile: Table, replay: string): Promise<Replay | undefined> => {
  const item = await profile.get(replayKey(replay), { consistent: true });
  return item === undefined ? undefined : Replay.parse(item);
};

/** Id of the replay under way, or of the last. */
export const replayNow = async (profile: Table): Promise<string | undefined> => {
  const item = await profile.get(replayNowKey, { consistent: true });
  return typeof item?.id === 'string' ? item.id : undefined;
};

/** Names the replay of now; fails where another was named since. */
const nameNow = (replay: string, before: string | undefined): Write => ({
  put: { ...replayNowKey, id: replay },
  when: before === undefined ? { kind: 'absent' } : { kind: 'equals', attribute: 'id', is: before },
});

/** A replay with its segments at their beginning. */
const newWrites = (replay: Replay): readonly Write[] => [
  { put: replayItem(replay), when: { kind: 'absent' } },
  ...Array.from({ length: replay.segments }, (_, segment): Write => {
    const begun = { subjects: 0, changed: 0, published: 0, worked: 0 };
    const at = { takenAt: replay.startedAt, movedAt: replay.startedAt };
    return { put: segmentItem(replay.id, { version: 1, segment, state: 'walk', ...begun, ...at }) };
  }),
];

/** Puts a replay as that of now in place of `before`; false where somebody else began one since. */
export const putReplay = (profile: Table, replay: Replay, before: string | undefined): Promise<boolean> =>
  won(profile, [nameNow(replay.id, before), ...newWrites(replay)]);

/** Puts a replay beside that of now: one that the system itself works on to its end. */
export const putReplayAside = (profile: Table, replay: Replay): Promise<void> => profile.commit(newWrites(replay));

/** Changes the state of a replay, with what is to stand beside it; false where somebody changed it since. */
export const changeReplay = (
  profile: Table,
  before: Replay,
  state: ReplayState,
  beside: readonly Write[] = [],
): Promise<boolean> => {
  const after = { ...before, state, version: before.version + 1 };
  return won(profile, [{ put: replayItem(after), when: { kind: 'version', is: before.version } }, ...beside]);
};

/** Makes a replay that of now again in place of `before`, as it goes on. */
export const nameReplayNow = (replay: string, before: string | undefined): readonly Write[] =>
  before === replay ? [] : [nameNow(replay, before)];

/** Every segment of a replay, in order. */
export const readSegments = async (profile: Table, replay: string): Promise<readonly Segment[]> => {
  const items = await readAll(profile, {
    pk: replayPartition(replay),
    prefix: replaySegmentPrefix,
    consistent: true,
  });
  return items.map((item) => Segment.parse(item));
};

export const readSegment = async (profile: Table, replay: string, segment: number): Promise<Segment | undefined> => {
  const item = await profile.get(replaySegmentKey(replay, segment), { consistent: true });
  return item === undefined ? undefined : Segment.parse(item);
};

/** The write of a segment that changed. */
export const segmentWrite = (
  replay: string,
  before: Segment,
  change: Partial<Segment>,
): { readonly after: Segment; readonly write: Write } => {
  const after = { ...before, ...change, version: before.version + 1 };
  return { after, write: { put: segmentItem(replay, after), when: { kind: 'version', is: before.version } } };
};

/** Puts a segment that came on, and what failed or failed no longer; undefined where somebody else works on it. */
export const moveSegment = async (
  profile: Table,
  replay: string,
  before: Segment,
  change: Partial<Segment>,
  beside: readonly Write[] = [],
): Promise<Segment | undefined> => {
  const { after, write } = segmentWrite(replay, before, change);
  return (await won(profile, [write, ...beside])) ? after : undefined;
};

export const failureWrite = (replay: string, failure: Failure): Write => ({
  put: { ...replayFailureKey(replay, failure.segment, failure.subject), ...failure },
});
export const mendedWrite = (replay: string, { segment, subject }: Failure): Write => ({
  remove: replayFailureKey(replay, segment, subject),
});

/** The subject of a segment that failed, behind another one; undefined behind the last. */
export const nextFailure = async (
  profile: Table,
  replay: string,
  segment: number,
  after: string,
): Promise<Failure | undefined> => {
  const prefix = replayFailurePrefix(segment);
  const page = await profile.query({
    pk: replayPartition(replay),
    // What lies behind a subject begins with its key and more.
    from: `${prefix}${after}!`,
    to: `${prefix}~`,
    limit: 1,
    consistent: true,
  });
  return page.items.map((item) => Failure.parse(item))[0];
};

/** Every subject of a replay that failed, by segment. */
export const readFailures = async (profile: Table, replay: string): Promise<readonly Failure[]> => {
  const pk = replayPartition(replay);
  const items = await readAll(profile, { pk, prefix: replayFailurePrefix(), consistent: true });
  return items.map((item) => Failure.parse(item));
};
