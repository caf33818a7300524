import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { ReplayStatus, replay, replayStatus, stopReplay } from '#shared/contracts/local/ops.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { ReplayParts } from './replay-parts.ts';
import {
  type AskedReplay,
  changeReplay,
  type Failure,
  nameReplayNow,
  putReplay,
  type Replay,
  readFailures,
  readReplay,
  readSegments,
  replayIdOf,
  replayNow,
  type Segment,
  segmentWrite,
} from './store/replays.ts';

/** Failures that a status lists. */
const listed = 20;
/** Tries at a replay that others change at the same time. */
const mostTries = 5;

const unknown = (): DomainError => new DomainError('not-found', 'replay.unknown', 'There is no such replay.');
const running = (id: string): DomainError =>
  new DomainError(
    'conflict',
    'replay.running',
    `The replay ${id} is under way: look at it, go on with it or stop it.`,
    {
      extra: { replay: id },
    },
  );
const busy = (): DomainError =>
  new DomainError('unavailable', 'service.busy', 'The replay is being changed by others; try again shortly.', {
    retryAfterSeconds: 1,
  });

const totalOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Subjects, or events, a second that a segment came on by. */
const paceOf = ({ subjects, published, worked }: Segment): number =>
  worked === 0 ? 0 : ((subjects + published) * 1000) / worked;

const reasonsOf = (failures: readonly Failure[]): ReplayStatus['reasons'] => {
  const counts = new Map<string, number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
};

/** How a replay stands, from what its segments keep. */
export const statusOf = async (profile: Table, run: Replay): Promise<ReplayStatus> => {
  const segments = await readSegments(profile, run.id);
  const failures = await readFailures(profile, run.id);
  const { id, state, events, dryRun, startedAt } = run;
  return {
    ...{ id, state, events, dryRun, startedAt },
    movedAt:
      segments
        .map(({ movedAt }) => movedAt)
        .toSorted()
        .at(-1) ?? startedAt,
    segments: segments.length,
    segmentsDone: segments.filter((segment) => segment.state === 'done').length,
    subjects: totalOf(segments.map(({ subjects }) => subjects)),
    changed: totalOf(segments.map(({ changed }) => changed)),
    published: totalOf(segments.map(({ published }) => published)),
    perSecond: Math.round(totalOf(segments.map(paceOf)) * 10) / 10,
    failed: failures.length,
    reasons: reasonsOf(failures),
    failures: failures.slice(0, listed).map(({ subject, reason }) => ({ subject, reason })),
  };
};

const wakeAll = async ({ wakeSegment }: ReplayParts, { id }: Replay, segments: readonly Segment[]): Promise<void> => {
  for (const { segment, state } of segments) if (state !== 'done') await wakeSegment(id, segment);
};

/** A replay at its beginning. */
export const newReplay = (asked: AskedReplay, segments: number, now: number): Replay => ({
  ...asked,
  version: 1,
  id: replayIdOf(randomBytes(17)),
  state: 'running',
  segments,
  startedAt: new Date(now).toISOString(),
});

/** The replay that is under way, if one is; and the name that the next one takes the place of. */
const underWay = async ({ profile }: ReplayParts): Promise<{ readonly now?: string; readonly run?: Replay }> => {
  const now = await replayNow(profile);
  const run = now === undefined ? undefined : await readReplay(profile, now);
  return { ...(now === undefined ? {} : { now }), ...(run?.state === 'running' ? { run } : {}) };
};

const begin = async (parts: ReplayParts, asked: AskedReplay, segments: number): Promise<Replay> => {
  const { now, run } = await underWay(parts);
  if (run !== undefined) throw running(run.id);
  const made = newReplay(asked, segments, parts.clock.now());
  if (!(await putReplay(parts.profile, made, now))) throw running((await replayNow(parts.profile)) ?? made.id);
  return made;
};

/** Has the subjects tried again that failed in a replay that is done. */
const againWrites = async ({ profile, clock }: ReplayParts, { id, state }: Replay): Promise<readonly Write[]> => {
  if (state !== 'done') return [];
  const failing = new Set((await readFailures(profile, id)).map(({ segment }) => segment));
  const at = new Date(clock.now()).toISOString();
  return (await readSegments(profile, id))
    .filter(({ segment }) => failing.has(segment))
    .map((segment) => segmentWrite(id, segment, { state: 'again', after: '', takenAt: at, movedAt: at }).write);
};

/** Goes on with a replay that was stopped, or with the subjects of one that failed; one under way is joined. */
const resume = async (parts: ReplayParts, id: string): Promise<Replay> => {
  const { profile } = parts;
  for (let tried = 0; tried < mostTries; tried += 1) {
    const found = await readReplay(profile, id);
    if (found === undefined) throw unknown();
    const { now, run } = await underWay(parts);
    if (run !== undefined && run.id !== id) throw running(run.id);
    if (found.state === 'running') return found;
    const again = await againWrites(parts, found);
    if (found.state === 'done' && again.length === 0) return found;
    if (await changeReplay(profile, found, 'running', [...nameReplayNow(id, now), ...again]))
      return { ...found, state: 'running' };
  }
  throw busy();
};

const instant = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : new Date(value).toISOString();

/**
 * Begins a replay, or goes on with one, and has its segments worked on; nobody waits for them. DomainError (409) `replay.running`
 * where another one is under way.
 */
export const startReplay = async (parts: ReplayParts, input: z.output<typeof replay.input>): Promise<ReplayStatus> => {
  const { events, dryRun, segments = parts.usualSegments, resume: id } = input;
  const [from, to] = [instant(input.from), instant(input.to)];
  const asked = { events, dryRun, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const run = id === undefined ? await begin(parts, asked, segments) : await resume(parts, id);
  if (run.state === 'running') await wakeAll(parts, run, await readSegments(parts.profile, run.id));
  return statusOf(parts.profile, run);
};

/** How a replay stands: that of an id, else the one under way or the last. */
export const showReplay = async (
  { profile }: Pick<ReplayParts, 'profile'>,
  { id }: z.output<typeof replayStatus.input>,
): Promise<ReplayStatus> => {
  const named = id ?? (await replayNow(profile));
  const run = named === undefined ? undefined : await readReplay(profile, named);
  if (run === undefined) throw unknown();
  return statusOf(profile, run);
};

/** Stops a replay: whoever works on a segment sees it behind the subjects under way. */
export const endReplay = async (
  { profile }: Pick<ReplayParts, 'profile'>,
  { id }: z.output<typeof stopReplay.input>,
): Promise<ReplayStatus> => {
  for (let tried = 0; tried < mostTries; tried += 1) {
    const run = await readReplay(profile, id);
    if (run === undefined) throw unknown();
    if (run.state !== 'running') return statusOf(profile, run);
    if (await changeReplay(profile, run, 'stopped')) return statusOf(profile, { ...run, state: 'stopped' });
  }
  throw busy();
};
