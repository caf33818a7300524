import { sweepSearchEntries } from '#functions/search/store/search-sweep.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Write } from '#shared/table/table.ts';
import { writeScanCursor } from '#shared/table/table-cursor.ts';
import type { WorkReplayParts } from './replay-parts.ts';
import { type Came, nothing, publishItems, redoSubject, refoldSubjects } from './replay-subjects.ts';
import type { IsOver } from './step.ts';
import {
  changeReplay,
  type Failure,
  failureWrite,
  mendedWrite,
  moveSegment,
  nextFailure,
  type Replay,
  readReplay,
  readSegment,
  readSegments,
  type Segment,
} from './store/replays.ts';

/** Subjects of a segment that are folded side by side, and between two of its checkpoints: mostly it is the table that is waited for. */
const together = 16;

/**
 * One worker's hold on a segment. What it did is put down together with where it stands, so that whoever goes on leaves out nothing;
 * it lets go where somebody else took the segment up or the replay was stopped.
 */
class Hold {
  readonly #parts: WorkReplayParts;
  readonly run: Replay;
  segment: Segment;
  #since: number;

  constructor(parts: WorkReplayParts, run: Replay, segment: Segment) {
    this.#parts = parts;
    this.run = run;
    this.segment = segment;
    this.#since = parts.clock.now();
  }

  /** Takes the segment up; undefined where it is done, or its replay is not under way. */
  static async take(parts: WorkReplayParts, id: string, number: number): Promise<Hold | undefined> {
    const { profile, clock } = parts;
    const run = await readReplay(profile, id);
    const segment = await readSegment(profile, id, number);
    if (run?.state !== 'running' || segment === undefined || segment.state === 'done') return undefined;
    const takenAt = new Date(clock.now()).toISOString();
    const taken = await moveSegment(profile, id, segment, { takenAt });
    return taken === undefined ? undefined : new Hold(parts, run, taken);
  }

  /** Puts down what came of some subjects and where it stands; answers whether it still holds the segment. */
  async move(change: Partial<Segment>, came: Came, beside: readonly Write[] = []): Promise<boolean> {
    const { profile, clock } = this.#parts;
    const { segment, run } = this;
    const now = clock.now();
    const fresh = came.failures.map((failure): Failure => ({ ...failure, segment: segment.segment }));
    const moved = await moveSegment(
      profile,
      run.id,
      segment,
      {
        subjects: segment.subjects + came.subjects,
        changed: segment.changed + came.changed,
        published: segment.published + came.published,
        worked: segment.worked + Math.max(0, now - this.#since),
        movedAt: new Date(now).toISOString(),
        ...change,
      },
      [...fresh.map((failure) => failureWrite(run.id, failure)), ...beside],
    );
    this.#since = now;
    if (moved === undefined) return false;
    this.segment = moved;
    return (await readReplay(profile, run.id))?.state === 'running';
  }
}

/** `done`: no more of this; `over`: the time is up; `lost`: somebody else has the segment, or the replay was stopped. */
type Left = 'done' | 'over' | 'lost';

/** Heads among items, in groups of so many as are folded side by side. */
function* groupsOf(items: readonly Item[]): Generator<readonly Item[]> {
  const heads = items.filter(({ pk, sk }) => sk === 'HEAD' && subjectOfPartition(pk) !== undefined);
  for (let from = 0; from < heads.length; from += together) yield heads.slice(from, from + together);
}

const subjectsOf = (heads: readonly Item[]): readonly string[] =>
  heads.flatMap(({ pk }) => subjectOfPartition(pk) ?? []);

/** Folds the subjects of a page anew. */
const refoldPage = async (
  parts: WorkReplayParts,
  hold: Hold,
  items: readonly Item[],
  isOver: IsOver,
): Promise<Left> => {
  const { dryRun } = hold.run;
  await sweepSearchEntries(parts.profile, items, dryRun);
  for (const heads of groupsOf(items)) {
    const last = heads.at(-1);
    if (last === undefined) continue;
    const came = await refoldSubjects(parts, subjectsOf(heads), dryRun);
    if (!(await hold.move({ after: writeScanCursor(last) }, came))) return 'lost';
    if (isOver()) return 'over';
  }
  return 'done';
};

/** Does the rest of a segment, page by page of its part of the table. */
const walk = async (parts: WorkReplayParts, hold: Hold, isOver: IsOver): Promise<Left> => {
  const { run } = hold;
  for (;;) {
    const { after, segment: index } = hold.segment;
    const page = await parts.profile.scan({
      consistent: true,
      segment: { index, of: run.segments },
      ...(after === undefined ? {} : { cursor: after }),
    });
    const left = run.events ? 'done' : await refoldPage(parts, hold, page.items, isOver);
    if (left !== 'done') return left;
    const came = run.events ? await publishItems(parts, page.items, run) : nothing;
    if (page.cursor === undefined) return (await hold.move({ state: 'again', after: '' }, came)) ? 'done' : 'lost';
    if (!(await hold.move({ after: page.cursor }, came))) return 'lost';
    if (isOver()) return 'over';
  }
};

/** Does each subject that failed once more: mostly others were at it just then. */
const again = async (parts: WorkReplayParts, hold: Hold, isOver: IsOver): Promise<Left> => {
  const { run } = hold;
  for (;;) {
    const { after = '', segment } = hold.segment;
    const failure = await nextFailure(parts.profile, run.id, segment, after);
    if (failure === undefined) return (await hold.move({ state: 'done' }, nothing)) ? 'done' : 'lost';
    const came = await redoSubject(parts, failure.subject, run);
    const mended = came.failures.length === 0 ? [mendedWrite(run.id, failure)] : [];
    if (!(await hold.move({ after: failure.subject }, came, mended))) return 'lost';
    if (isOver()) return 'over';
  }
};

/** Says that a replay is done once its last segment is. */
export const finishReplay = async ({ profile }: Pick<WorkReplayParts, 'profile'>, id: string): Promise<void> => {
  const run = await readReplay(profile, id);
  if (run?.state !== 'running') return;
  const segments = await readSegments(profile, id);
  // Where it was changed meanwhile, it was stopped, or somebody else has said so.
  if (segments.every(({ state }) => state === 'done')) await changeReplay(profile, run, 'done');
};

/**
 * Works a segment of a replay on until nothing is left to do for it (`rests`) or the time is over (`works`). It may be stopped
 * anywhere and called again: subjects behind the last checkpoint are done twice then, which changes nothing. Of two workers on one
 * segment the later stays.
 */
export const workSegment = async (
  parts: WorkReplayParts,
  replay: string,
  segment: number,
  isOver: IsOver,
): Promise<'rests' | 'works'> => {
  const hold = await Hold.take(parts, replay, segment);
  if (hold === undefined) {
    await finishReplay(parts, replay);
    return 'rests';
  }
  let left: Left = 'done';
  if (hold.segment.state === 'walk') left = await walk(parts, hold, isOver);
  if (left === 'done') left = await again(parts, hold, isOver);
  if (left === 'over') return 'works';
  if (left === 'done') await finishReplay(parts, replay);
  return 'rests';
};
