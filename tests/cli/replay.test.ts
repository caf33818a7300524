import { afterEach, beforeEach, expect, it } from 'vitest';
import { aReplay } from './a-replay.ts';
import { FarEnd, run } from './far-end.ts';

let far: FarEnd;
beforeEach(async () => {
  far = new FarEnd();
  await far.start();
});
afterEach(() => far.stop());

const why = ['--reason', 'The rules changed.'];
const path = '/_local/ops/replay';
const replay = (...args: readonly string[]) => run(['ops', 'replay', ...args, '--url', far.url]);
const bodyOf = (of: string): unknown => JSON.parse(far.seen.find((seen) => seen.path === of)?.body ?? 'null');
const { id } = aReplay();
const running = aReplay({ state: 'running', segmentsDone: 1, subjects: 7, changed: 2 });
const standing = `${id} running: 1 of 4 segments done, 12.5 a second, begun 2026-03-01T09:30:00.000Z, last came on 2026-03-01T09:40:00.000Z`;

it('a replay of events takes a span of time', async () => {
  far.answer(`POST ${path}`, { body: aReplay({ events: true, published: 7 }) });
  const { out } = await replay('--events', '--from', '2026-03-01T00:00:00+01:00', ...why);
  expect(out).toEqual(['7 events published again']);
  expect(bodyOf(path)).toEqual({ events: true, from: '2026-02-28T23:00:00.000Z' });
});

it.each([
  [['--events'], { events: true, published: 7 }, '7 events would be published again'],
  [[], { subjects: 5, changed: 2 }, '5 subjects would be folded anew, 2 would come out otherwise'],
])('a dry run with %j says that it was one', async (more, came, said) => {
  far.answer(`POST ${path}`, { body: aReplay({ dryRun: true, ...came }) });
  expect((await replay('--dry-run', ...more)).out).toEqual([said]);
});

it('a replay is followed to its end, and says how far it is', async () => {
  far.answer(`POST ${path}`, { body: running });
  far.answer(`GET ${path}`, { body: running }, { body: aReplay({ subjects: 9, changed: 3 }) });
  const { code, out, notes } = await replay('--segments', '4', ...why);
  expect(bodyOf(path)).toEqual({ segments: 4 });
  expect({ code, out, notes }).toEqual({
    code: 0,
    out: ['9 subjects folded anew, 3 came out otherwise'],
    notes: [
      `${id} is worked on in 4 segments, whether anybody looks or not`,
      `7 subjects folded anew, 2 came out otherwise; ${standing} …`,
    ],
  });
});

it('a replay is begun and left where nobody waits for it', async () => {
  far.answer(`POST ${path}`, { body: running });
  const { code, out } = await replay('--no-wait', ...why);
  expect({ code, out }).toEqual({ code: 0, out: [standing, '7 subjects folded anew, 2 came out otherwise'] });
});

it('the status is that of the last one where no id is given, and needs no reason', async () => {
  far.answer(`GET ${path}`, { body: running });
  const { code, out } = await replay('--status');
  expect({ code, out }).toEqual({ code: 0, out: [standing, '7 subjects folded anew, 2 came out otherwise'] });
});

it('subjects that failed are told by reason, with what to do, and the replay counts as partly done', async () => {
  const failures = [{ subject: 'cus_1', reason: 'commit.busy' }];
  const reasons = [{ reason: 'commit.busy', count: 1 }];
  far.answer(`POST ${path}`, { body: aReplay({ subjects: 5, failed: 1, reasons, failures }) });
  const { code, out, notes } = await replay('--resume', id, ...why);
  expect(bodyOf(path)).toEqual({ resume: id });
  expect({ code, out }).toEqual({
    code: 4,
    out: [
      '5 subjects folded anew, 0 came out otherwise',
      '1 subjects failed',
      '     1  commit.busy',
      'cus_1 commit.busy',
    ],
  });
  expect(notes.join()).toContain(`--resume ${id}`);
});

it('a replay is stopped by its id', async () => {
  far.answer('POST /_local/ops/replay-stop', { body: { ...running, state: 'stopped' } });
  const { out } = await replay('--stop', id, ...why);
  expect(out[0]).toBe(standing.replace('running', 'stopped'));
  expect(bodyOf('/_local/ops/replay-stop')).toEqual({ id });
});

it('one that is begun while another is under way is refused with a line that names it', async () => {
  const detail = `The replay ${id} is under way: look at it, go on with it or stop it.`;
  far.answer(`POST ${path}`, {
    status: 409,
    body: { status: 409, code: 'replay.running', title: 'Conflict', detail, requestId: 'r' },
  });
  const { code, notes } = await replay(...why);
  expect([code, notes.join()]).toEqual([1, expect.stringContaining(detail)]);
});

it.each([
  [['--from', '2026-03-01T00:00:00Z']],
  [['--resume', id, '--dry-run']],
  [['--status', '--stop', id]],
  [['--segments', '0']],
  [[]],
])('with %j it is wrong use', async (args) => {
  expect((await replay(...args)).code).toBe(2);
  expect(far.seen).toEqual([]);
});
