import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#cli/feed/send-order.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { RealProcess, type StartOptions } from './real-process.ts';
import {
  type Digests,
  digestsOf,
  expectEventsOnce,
  expectSoundAudit,
  expectSoundProfile,
  factsKept,
} from './soundness.ts';

/** Both changes of the clocks are not needed here: few customers and one spring month make a seed of seconds. */
const flags = ['--customers', '14', '--months', '2', '--until', '2026-04-10', '--no-meters'];

let folder: string;
let undisturbed: { readonly digests: Digests; readonly facts: number; readonly seedingMs: number };
const processes = new Set<RealProcess>();

const start = (name: string, more: Partial<StartOptions> = {}): RealProcess => {
  const process = new RealProcess({
    folder: join(folder, name),
    flags,
    eventsFile: join(folder, `${name}.events`),
    ...more,
  });
  processes.add(process);
  return process;
};

/** Until the first part of the seed is in, or the seed was at its end before. */
const untilSeeding = async (process: RealProcess): Promise<void> => {
  while (!process.has('seeding') && !process.has('seeded') && !process.gone) await sleep(10);
};

/** Lets a folder come to the end of its seed, and holds it to what an undisturbed one holds. */
const expectAsUndisturbed = async (name: string): Promise<void> => {
  const process = start(name);
  const doors = await process.ready();
  expect(process.told.find(({ event }) => event === 'seeded')).toMatchObject({ resumed: true });
  const client = new ApiClient(doors?.url ?? '');
  expect(await digestsOf(client)).toEqual(undisturbed.digests);
  expect(await factsKept(client)).toBe(undisturbed.facts);
  await expectEventsOnce(join(folder, `${name}.events`), undisturbed.facts);
  await expectSoundProfile(client);
  await expectSoundAudit(client);
  expect(await process.stop()).toEqual({ code: 0, signal: null });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-seed-kills-'));
  const process = start('calm');
  await untilSeeding(process);
  const began = performance.now();
  const doors = await process.ready();
  const seedingMs = performance.now() - began;
  const client = new ApiClient(doors?.url ?? '');
  undisturbed = { digests: await digestsOf(client), facts: await factsKept(client), seedingMs };
  await process.stop();
});

afterAll(async () => {
  for (const process of processes) if (!process.gone) await process.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('a seed that is killed', () => {
  it('goes on and ends as an undisturbed one when it died at chosen points', async () => {
    for (const failPoint of [
      'fact.committed:40',
      'follow.written:30',
      'seed.kept:2',
      'ingest.put:1',
      'usage.written:9',
    ] as const) {
      const process = start('chosen', { failPoint });
      expect(await process.ready(), failPoint).toBeUndefined();
      expect(process.has('seeded'), failPoint).toBe(false);
    }
    await expectAsUndisturbed('chosen');
  });

  it('goes on and ends as an undisturbed one when it died at any time', async () => {
    const seed = Number(process.env.ROTUNDA_KILL_SEED ?? Date.now() % 100_000);
    const random = seededRandom(seed);
    console.log(`kills while seeding: ROTUNDA_KILL_SEED=${seed}`);
    let whileSeeding = 0;
    for (let kill = 0; kill < 5; kill += 1) {
      const one = start('anytime');
      await untilSeeding(one);
      await sleep(undisturbed.seedingMs * 0.5 * random());
      expect(await one.kill()).toMatchObject({ signal: 'SIGKILL' });
      if (!one.has('seeded')) whileSeeding += 1;
    }
    expect(whileSeeding).toBeGreaterThan(0);
    await expectAsUndisturbed('anytime');
  });

  it('goes on and ends as an undisturbed one when it was asked to stop, which it does without complaint', async () => {
    for (let stop = 0; stop < 2; stop += 1) {
      const one = start('asked');
      await untilSeeding(one);
      expect(await one.stop()).toEqual({ code: 0, signal: null });
      expect(one.told.at(-1)).toMatchObject({ event: 'stopped' });
      expect(one.has('ready')).toBe(false);
      expect(one.errors).toEqual([]);
    }
    await expectAsUndisturbed('asked');
  });
});
