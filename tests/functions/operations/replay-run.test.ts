import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { replayWork } from '#functions/operations/events-replay.ts';
import { lookAfterReplays } from '#functions/operations/look-after-replays.ts';
import { unhurried } from '#functions/operations/step.ts';
import { digestProfile } from '#functions/operations/store/digest.ts';
import { workSegment } from '#functions/operations/work-replay.ts';
import { headKey, subjectOfPartition } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { machine } from '#tests/support/profile-system.ts';
import { type OperatorGround, opened, openGround, replayed, workOff } from './operator-ground.ts';

const accounts = 240;
const minute = 60_000;

/** A utility of accounts of which every third has lost its state; its subjects. */
const spoiledUtility = async (options: Parameters<typeof openGround>[1] = {}) => {
  const ground = await openGround([], options);
  const { system } = ground;
  for (let from = 0; from < accounts; from += 60)
    await system.submit(
      Array.from({ length: 60 }, (_, n) => opened(`a${from + n}`)),
      machine,
    );
  const right = await digestOf(ground);
  const states = (await itemsOf(ground)).filter(({ sk }) => sk === 'STATE#account');
  const lost = states.filter((_, n) => n % 3 === 0);
  for (const { pk, sk } of lost) await system.profile.commit([{ remove: { pk, sk } }]);
  const subjects = states.flatMap(({ pk }) => subjectOfPartition(pk) ?? []);
  return { ground, right, subjects, lost: lost.length };
};
const itemsOf = async ({ system }: OperatorGround): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const item of system.store.scan('profile')) items.push(item);
  return items;
};
const digestOf = async ({ system }: OperatorGround): Promise<string> =>
  (await digestProfile(system.store.scan('profile'), system.sealer)).sha256;

const begin = async ({ acts }: OperatorGround, input: { readonly segments?: number; readonly resume?: string } = {}) =>
  (await acts.replay({ events: false, dryRun: false, ...input }, undefined, unhurried)).answer;
const status = async ({ acts }: OperatorGround, id?: string) =>
  (await acts['replay-status'](id === undefined ? {} : { id }, undefined, unhurried)).answer;
const stop = async ({ acts }: OperatorGround, id: string) =>
  (await acts['replay-stop']({ id }, undefined, unhurried)).answer;

/** Works on a segment as one whose process is killed at its n-th subject: nothing of it goes on. */
const workUntilKilled = (
  { work, system }: OperatorGround,
  { replay, segment }: { readonly replay: string; readonly segment: number },
  subjects: number,
): Promise<void> =>
  new Promise((killed, fail) => {
    let left = subjects;
    const refold: typeof system.committer.refold = async (subject, dryRun) => {
      left -= 1;
      if (left > 0) return system.committer.refold(subject, dryRun);
      killed();
      return new Promise(() => {});
    };
    workSegment({ ...work, committer: { refold } }, replay, segment, unhurried).then(() => killed(), fail);
  });

describe('a replay in segments', () => {
  let unbroken: string;
  beforeAll(async () => {
    const { ground } = await spoiledUtility();
    await replayed(ground, { segments: 1 });
    unbroken = await digestOf(ground);
  });

  it('leaves what one without segments leaves, and counts each subject once', async () => {
    const { ground, right, lost } = await spoiledUtility();
    expect(await replayed(ground, { segments: 4 })).toMatchObject({
      ...{ state: 'done', segments: 4, segmentsDone: 4, subjects: accounts, changed: lost, failed: 0 },
    });
    expect([await digestOf(ground), unbroken]).toEqual([right, right]);
    expect(await replayed(ground)).toMatchObject({ changed: 0 });
  });

  it('that is killed anywhere and gone on with leaves what an unbroken one leaves, and no subject out', async () => {
    const kills = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 4, maxLength: 4 });
    const holds = fc.asyncProperty(kills, async (places) => {
      const { ground, lost } = await spoiledUtility();
      const { id } = await begin(ground, { segments: 4 });
      const woken = ground.woken.splice(0);
      for (const [n, segment] of woken.entries()) await workUntilKilled(ground, segment, places[n] ?? 1);
      const between = await status(ground, id);
      expect(between.subjects).toBeLessThan(accounts);
      // Whoever comes later joins what is under way.
      await begin(ground, { resume: id });
      await workOff(ground);
      const done = await status(ground, id);
      expect(done).toMatchObject({ state: 'done', segmentsDone: 4, subjects: accounts, failed: 0 });
      // What was mended and not put down came out as stored the second time.
      expect(done.changed).toBeLessThanOrEqual(lost);
      expect(await digestOf(ground)).toBe(unbroken);
    });
    await fc.assert(holds, { numRuns: 5 });
  });

  it('is worked on in turns of so little as there is time for', async () => {
    const { ground, right } = await spoiledUtility();
    const { id } = await begin(ground, { segments: 4 });
    const turns = await workOff(ground, () => true);
    expect(turns).toBeGreaterThan(accounts / 16);
    expect(await status(ground, id)).toMatchObject({ state: 'done', subjects: accounts });
    expect(await digestOf(ground)).toBe(right);
  });

  it('has one worker on a segment: the later one stays, and what the earlier does after it counts for nothing', async () => {
    const { ground } = await spoiledUtility();
    const { id } = await begin(ground, { segments: 1 });
    const [first, second] = [ground.work, ground.work].map((work) => workSegment(work, id, 0, unhurried));
    expect(await Promise.all([first, second])).toEqual(['rests', 'rests']);
    expect(await status(ground, id)).toMatchObject({ subjects: accounts });
    expect(['running', 'done']).toContain((await status(ground, id)).state);
    await begin(ground, { resume: id });
    await workOff(ground);
    expect(await status(ground, id)).toMatchObject({ state: 'done', subjects: accounts });
  });
});

describe('while a replay is under way', () => {
  it('another one is refused and names it; when it is over, the next may begin', async () => {
    const { ground } = await spoiledUtility();
    const { id } = await begin(ground);
    await expect(begin(ground)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'replay.running',
      extra: { replay: id },
    });
    await workOff(ground);
    const next = await begin(ground);
    expect(next.id).not.toBe(id);
    expect(await status(ground)).toMatchObject({ id: next.id, state: 'running' });
    expect(await status(ground, id)).toMatchObject({ id, state: 'done' });
    await expect(begin(ground, { resume: id })).rejects.toMatchObject({ code: 'replay.running' });
  });

  it('of two that begin at once one is refused', async () => {
    const { ground } = await spoiledUtility();
    const begun = await Promise.allSettled([begin(ground), begin(ground)]);
    expect(begun.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('it says how far it is, and stops behind the subjects under way where somebody says so', async () => {
    const { ground, right } = await spoiledUtility();
    const { id } = await begin(ground, { segments: 2 });
    const [first] = ground.woken.splice(0, 1);
    if (first === undefined) throw new Error('a segment is to be worked on');
    expect(await workSegment(ground.work, id, first.segment, () => true)).toBe('works');
    expect(await status(ground)).toMatchObject({ state: 'running', segmentsDone: 0, subjects: 16 });
    expect(await stop(ground, id)).toMatchObject({ state: 'stopped' });
    await workOff(ground);
    expect(await status(ground)).toMatchObject({ state: 'stopped', subjects: 16 });
    await begin(ground, { resume: id });
    await workOff(ground);
    expect(await status(ground)).toMatchObject({ state: 'done', segmentsDone: 2, subjects: accounts });
    expect(await digestOf(ground)).toBe(right);
  });

  it('there is none of an id that nobody began', async () => {
    const ground = await openGround();
    const id = `rpl_${'0'.repeat(26)}`;
    for (const asked of [status(ground), status(ground, id), begin(ground, { resume: id }), stop(ground, id)])
      await expect(asked).rejects.toMatchObject({ kind: 'not-found', code: 'replay.unknown' });
  });
});

describe('a subject that cannot be folded', () => {
  /** A utility in which the first subjects cannot be folded as long as `isBroken`. */
  const brokenUtility = async () => {
    const broken = { is: true, subjects: new Set<string>() };
    const made = await spoiledUtility({
      work: ({ committer }) => ({
        committer: {
          refold: async (subject, dryRun) => {
            if (broken.is && broken.subjects.has(subject)) throw new RangeError(`${subject} by name`);
            return committer.refold(subject, dryRun);
          },
        },
      }),
    });
    broken.subjects = new Set(made.subjects.slice(0, 3));
    return { ...made, broken };
  };

  it('holds up no other, is told with its reason, and is tried again when the replay is gone on with', async () => {
    const { ground, right, broken } = await brokenUtility();
    const done = await replayed(ground);
    expect(done).toMatchObject({
      state: 'done',
      subjects: accounts,
      failed: 3,
      reasons: [{ reason: 'RangeError', count: 3 }],
    });
    expect(new Set(done.failures.map(({ subject }) => subject))).toEqual(broken.subjects);
    // Once in its turn, and once more at the end of its segment.
    expect(ground.metrics.of('replay.subject-failed')).toBe(6);
    expect(JSON.stringify(ground.logger.lines)).not.toContain('by name');
    await begin(ground, { resume: done.id });
    await workOff(ground);
    expect(await status(ground)).toMatchObject({ id: done.id, state: 'done', subjects: accounts, failed: 3 });
    broken.is = false;
    await begin(ground, { resume: done.id });
    await workOff(ground);
    expect(await status(ground)).toMatchObject({ state: 'done', subjects: accounts, failed: 0, failures: [] });
    expect(await digestOf(ground)).toBe(right);
    expect(await begin(ground, { resume: done.id })).toMatchObject({ state: 'done' });
    expect(ground.woken).toEqual([]);
  });

  it('is done at the end of its segment where it failed for a moment', async () => {
    const { ground, right, broken } = await brokenUtility();
    const { id } = await begin(ground, { segments: 1 });
    // The time of a turn is looked at behind each group of subjects.
    await workOff(ground, () => {
      broken.is = false;
      return true;
    });
    expect(await status(ground, id)).toMatchObject({ state: 'done', failed: 0, subjects: accounts });
    expect(await digestOf(ground)).toBe(right);
  });
});

describe('a replay of events in segments', () => {
  const factsIn = (events: readonly { readonly detail: unknown }[]): readonly string[] =>
    events.map(({ detail }) => JSON.stringify(detail)).map((text) => /fct_[0-9A-Z]{26}/.exec(text)?.[0] ?? '');

  it('publishes every fact once', async () => {
    const { ground } = await spoiledUtility();
    expect(await replayed(ground, { events: true, segments: 4 })).toMatchObject({ published: accounts, subjects: 0 });
    expect(new Set(factsIn(ground.published)).size).toBe(accounts);
    expect(ground.published).toHaveLength(accounts);
  });

  it('goes on where the bus took none, and tells of a fact that no event can be made of', async () => {
    const { ground } = await spoiledUtility();
    const { acts } = ground;
    const { id } = (await acts.replay({ events: true, dryRun: false, segments: 1 }, undefined, unhurried)).answer;
    const closed = { publish: async () => Promise.reject(new Error('the bus is away')) };
    await expect(workSegment({ ...ground.work, bus: closed }, id, 0, unhurried)).rejects.toThrow('away');
    expect(await status(ground)).toMatchObject({ state: 'running', published: 0 });
    const { eventOf } = ground.work;
    let left = 2;
    const odd: typeof eventOf = (stored, at) => {
      left -= 1;
      if (left === 0) throw new TypeError('no such type');
      return eventOf(stored, at);
    };
    await workSegment({ ...ground.work, eventOf: odd }, id, 0, unhurried);
    // The one that failed was made at the end of the segment.
    expect(await status(ground)).toMatchObject({ state: 'done', published: accounts, failed: 0 });
    expect(new Set(factsIn(ground.published)).size).toBe(accounts);
  });
});

describe('by the clock', () => {
  const lookAfter = (ground: OperatorGround) =>
    lookAfterReplays({
      profile: ground.system.profile,
      clock: ground.system.clock,
      metrics: ground.metrics,
      usualSegments: 4,
      wakeSegment: async (replay, segment) => void ground.woken.push({ replay, segment }),
    });

  it('segments are taken up that nobody works on any more, and none that somebody does', async () => {
    const { ground, right } = await spoiledUtility();
    const { clock } = ground.system;
    await lookAfter(ground);
    const { id } = await begin(ground, { segments: 2 });
    const [, other] = ground.woken.splice(0);
    if (other === undefined) throw new Error('two segments are to be worked on');
    await lookAfter(ground);
    expect(ground.woken).toEqual([]);
    clock.set(clock.now() + 16 * minute);
    await workSegment(ground.work, id, other.segment, () => true);
    await lookAfter(ground);
    expect(ground.woken.map(({ segment }) => segment)).toEqual([0]);
    clock.set(clock.now() + 16 * minute);
    ground.woken.splice(0);
    await lookAfter(ground);
    expect(ground.woken.map(({ segment }) => segment)).toEqual([0, 1]);
    await workOff(ground);
    expect(await status(ground)).toMatchObject({ state: 'done', subjects: accounts });
    expect(await digestOf(ground)).toBe(right);
    await lookAfter(ground);
    expect(ground.woken).toEqual([]);
  });

  it('a replay that does not come on is counted, for the alarm, until it does', async () => {
    const { ground } = await spoiledUtility();
    const { clock } = ground.system;
    await begin(ground, { segments: 3 });
    clock.set(clock.now() + 29 * minute);
    await lookAfter(ground);
    expect(ground.metrics.of('replay.standing-still')).toBe(0);
    clock.set(clock.now() + 2 * minute);
    await lookAfter(ground);
    expect(ground.metrics.of('replay.standing-still')).toBe(3);
    await workOff(ground);
    await lookAfter(ground);
    expect(ground.metrics.of('replay.standing-still')).toBe(3);
  });

  it('a run that is nearly over hands its segment on to the next one', async () => {
    const { ground, right } = await spoiledUtility();
    const handedOn: unknown[] = [];
    const parts = {
      ...ground.work,
      usualSegments: 4,
      wakeSegment: async (replay: string, segment: number) => void handedOn.push({ replay, segment }),
    };
    const { id } = await begin(ground, { segments: 1 });
    const late = { getRemainingTimeInMillis: () => 60_000 };
    let runs = 0;
    for (let next: unknown = { replay: id, segment: 0 }; next !== undefined; next = handedOn.shift(), runs += 1)
      await replayWork(parts)(next, late);
    // The last one finds nothing more.
    expect(runs).toBe(accounts / 16 + 1);
    expect(await status(ground)).toMatchObject({ state: 'done', subjects: accounts });
    expect(await digestOf(ground)).toBe(right);
    // A call of the clock names none.
    await replayWork(parts)({ time: '2026-11-24T12:00:00Z' }, late);
    expect(handedOn).toEqual([]);
  });
});

it('a replay leaves nothing in the partitions of subjects but what their facts come to', async () => {
  const { ground, subjects } = await spoiledUtility();
  const keys = async () =>
    (await itemsOf(ground)).flatMap(({ pk, sk }) => (subjectOfPartition(pk) === undefined ? [] : [`${pk} ${sk}`]));
  const [subject = ''] = subjects;
  expect(await ground.system.profile.get(headKey(subject))).toBeDefined();
  await replayed(ground);
  const first = await keys();
  await replayed(ground, { segments: 7 });
  expect(await keys()).toEqual(first);
});
