import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FailPointName } from '#local/fail-points.ts';
import { ReplayStatus } from '#shared/contracts/local/ops.ts';
import { digestOf, openFolder, spoil, subjectsOfHousehold, tellHouseholds } from '#tests/support/replayed-folder.ts';

const script = fileURLToPath(new URL('../support/replay-until-killed.ts', import.meta.url));
/** Subjects of the utility: `ROTUNDA_REPLAY_SUBJECTS=100000` is a large one. */
const wanted = Number(process.env.ROTUNDA_REPLAY_SUBJECTS ?? 600);
const households = Math.ceil(wanted / subjectsOfHousehold);
const subjects = households * subjectsOfHousehold;
/** Large utilities take their time, and say how long. */
const patienceMs = Math.max(240_000, wanted * 60);
const tell = (what: string, fields: Readonly<Record<string, unknown>>): void => {
  if (wanted > 600) process.stderr.write(`${JSON.stringify({ what, ...fields })}\n`);
};

let folders: string;
const folderOf = (name: string): string => join(folders, name);

beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'rotunda-replay-'));
  const began = performance.now();
  const system = await openFolder(folderOf('right'));
  await tellHouseholds(system, households);
  await system.stop();
  for (const name of ['whole', 'killed']) {
    for (const kept of ['', '.erased'])
      await cp(folderOf(`right${kept}`), folderOf(`${name}${kept}`), { recursive: true });
    const copy = await openFolder(folderOf(name));
    await spoil(copy);
    await copy.stop();
  }
  tell('told', { subjects, seconds: Math.round((performance.now() - began) / 1000) });
}, patienceMs);
afterAll(() => rm(folders, { recursive: true, force: true }));

interface Replayed {
  readonly signal: NodeJS.Signals | null;
  readonly last: string;
  readonly seconds: number;
}

const replayed = async (
  name: string,
  segments: number,
  failPoint?: `${FailPointName}:${number}`,
): Promise<Replayed> => {
  const { ROTUNDA_TEST_FAIL_POINT: _other, ...env } = process.env;
  const began = performance.now();
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, folderOf(name), String(segments)], {
    env: { ...env, ...(failPoint === undefined ? {} : { ROTUNDA_TEST_FAIL_POINT: failPoint }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-5000);
  });
  const [, signal] = await once(child, 'close');
  return {
    signal,
    last: text.trim().split('\n').at(-1) ?? '',
    seconds: Math.round((performance.now() - began) / 1000),
  };
};

const digestIn = async (name: string): Promise<string> => {
  const system = await openFolder(folderOf(name));
  const digest = await digestOf(system);
  await system.stop();
  return digest;
};

it(
  'a replay in four segments that is killed half way and gone on with leaves what an unbroken one leaves',
  async () => {
    const [right, spoiled] = [await digestIn('right'), await digestIn('killed')];
    expect(spoiled).not.toBe(right);

    const whole = await replayed('whole', 1);
    const unbroken = ReplayStatus.parse(JSON.parse(whole.last));
    expect(unbroken).toMatchObject({ state: 'done', segments: 1, subjects, failed: 0 });
    tell('one segment, unbroken', { seconds: whole.seconds, ...unbroken });

    const half = Math.floor(subjects / 2);
    const killed = await replayed('killed', 4, `replay.refolded:${half}`);
    expect(killed.signal).toBe('SIGKILL');
    expect(Number(killed.last)).toBeLessThanOrEqual(half);
    expect(await digestIn('killed')).not.toBe(right);
    const rest = await replayed('killed', 4);
    const resumed = ReplayStatus.parse(JSON.parse(rest.last));
    tell('four segments, killed', { seconds: killed.seconds });
    tell('four segments, gone on with', { seconds: rest.seconds, ...resumed });
    // No subject is left out, and what was folded twice counts once.
    expect(resumed).toMatchObject({ state: 'done', segments: 4, segmentsDone: 4, subjects, failed: 0 });

    const digests = [await digestIn('whole'), await digestIn('killed')];
    expect(digests).toEqual([right, right]);
    tell('digests', { right, spoiled, digests });
  },
  patienceMs,
);
