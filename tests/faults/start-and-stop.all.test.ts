import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '#cli/feed/send-order.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { homes, openHomes } from './busy-utility.ts';
import { RealProcess, type StartOptions } from './real-process.ts';
import { type Digests, digestsOf, expectSoundAudit, expectSoundProfile } from './soundness.ts';

const flags = ['--customers', '6', '--months', '2', '--until', '2026-04-10', '--no-meters'];

let folder: string;
const processes = new Set<RealProcess>();

const start = (name: string, more: Partial<StartOptions> = {}): RealProcess => {
  const process = new RealProcess({ folder: join(folder, name), flags, ...more });
  processes.add(process);
  return process;
};

/** An address of this machine that something listens on. */
const takenPort = async (): Promise<{ readonly port: number; release(): void }> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, release: () => server.close() };
};

const clientOf = async (process: RealProcess): Promise<ApiClient> => {
  const doors = await process.ready();
  if (doors === undefined) throw new Error('the process was killed, which nobody asked for');
  return new ApiClient(doors.url);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-starts-'));
});

afterAll(async () => {
  for (const process of processes) if (!process.gone) await process.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('the data folder of a seeded utility', () => {
  it('is refused to a second start in one clear line, and the first goes on', async () => {
    const first = start('one');
    const client = await clientOf(first);
    const second = start('one');
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.errors).toHaveLength(1);
    expect(second.errors[0]).toMatch(/another process has the folder .+ open\. .*--data/);
    expect(second.told).toMatchObject([{ event: 'failed', code: 'store.in-use' }]);
    expect((await client.ask({ path: '/v1/health' })).status).toBe(200);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
  });

  it('is refused to a seed of another story', async () => {
    const other = start('one', { flags: [...flags, '--customers', '7'] });
    expect(await other.ended).toEqual({ code: 1, signal: null });
    expect(other.told.at(-1)).toMatchObject({ event: 'failed', code: 'seed.other-story' });
  });

  it('is kept over a stop: the next start seeds nothing again and shows the same', async () => {
    const first = start('one');
    const before = await digestsOf(await clientOf(first));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const second = start('one');
    const client = await clientOf(second);
    expect(second.has('seeding')).toBe(false);
    expect(second.told.find(({ event }) => event === 'seeded')).toMatchObject({ resumed: true, blocks: 0 });
    expect(await digestsOf(client)).toEqual(before);
    await expectSoundAudit(client);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  });

  it('holds the same as that of another seed with the same last day', async () => {
    const digests: Digests[] = [];
    for (const name of ['one', 'two']) {
      const process = start(name);
      digests.push(await digestsOf(await clientOf(process)));
      await process.stop();
    }
    expect(digests[0]).toEqual(digests[1]);
    expect(digests[0]?.intervals).toBeGreaterThan(0);
  });
});

describe('a stop', () => {
  it('may itself be killed: what it was about to write down is sound at the next start', async () => {
    for (const milliseconds of [0, 30, 80, 150]) {
      const dying = start('one');
      const client = await clientOf(dying);
      // An entry of the access log, so that the stop has a checkpoint of the chains to write.
      await client.must({ path: '/v1/customers?q=a+b', as: { role: 'agent' } });
      const stopping = dying.stop();
      await sleep(milliseconds);
      await dying.kill();
      await stopping;
    }
    const last = start('one');
    await expectSoundAudit(await clientOf(last));
    expect(await last.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('a port that another program has', () => {
  it.each(['--port', '--mqtt-port'])('is told in one line that says what to do: %s', async (flag) => {
    const { port, release } = await takenPort();
    const refused = start(`port${flag}`, { flags: ['--no-seed', '--no-meters', flag, `${port}`] });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    release();
    expect(refused.errors).toHaveLength(1);
    expect(refused.errors[0]).toMatch(new RegExp(`${port}.*choose one with --port or --mqtt-port`));
  });
});

describe('a disk that is full', () => {
  it('is told by the health of the API, and what was acknowledged is there once there is room', async () => {
    const plain = { flags: ['--no-seed', '--no-meters'] };
    const full = start('full', { ...plain, largestFile: 512 });
    const cramped = await clientOf(full);
    const person = (n: number) => ({
      type: 'customer.profile.registered.v1',
      source: { system: 'crm' },
      sourceEventId: `full-${n}`,
      occurredAt: '2026-03-01T09:30:00Z',
      data: {
        kind: 'person',
        name: { given: `Given${n}`, family: 'Full' },
        references: [{ namespace: 'crm', value: `full-${n}` }],
      },
    });
    const send = (client: ApiClient, n: number) =>
      client.ask({ method: 'POST', path: '/v1/facts', as: { client: 'crm' }, json: { facts: [person(n)] } });
    const statusOf = (answer: Awaited<ReturnType<typeof send>>): unknown =>
      answer.status === 200
        ? z.object({ results: z.tuple([z.object({ status: z.string() })]) }).parse(answer.json).results[0].status
        : answer.status;
    let taken = 0;
    while (taken < 2000 && statusOf(await send(cramped, taken)) === 'accepted') taken += 1;
    expect([taken > 10, taken < 2000]).toEqual([true, true]);
    const health = await cramped.ask({ path: '/v1/health' });
    expect([health.status, health.json]).toMatchObject([503, { code: 'store.failing' }]);
    await full.kill();

    const roomy = start('full', plain);
    const client = await clientOf(roomy);
    expect((await client.ask({ path: '/v1/health' })).status).toBe(200);
    const again = [];
    for (let n = 0; n < taken; n += 1) again.push(statusOf(await send(client, n)));
    expect(new Set(again)).toEqual(new Set(['duplicate']));
    expect(statusOf(await send(client, taken))).toMatch(/accepted|duplicate/);
    await expectSoundAudit(client);
    expect(await roomy.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('a data folder that will not do', () => {
  const plain = { flags: ['--no-seed', '--no-meters'] };
  beforeAll(async () => {
    const whole = start('whole', plain);
    await openHomes(await clientOf(whole));
    await whole.stop();
  });

  it.each([
    [
      'the master key is gone',
      async (at: string) => rm(join(at, 'master.key')),
      'data-folder.key-lost',
      /master\.key is gone.*backup.*--data/,
    ],
    [
      'the master key is another',
      async (at: string) => writeFile(join(at, 'master.key'), new Uint8Array(32)),
      'data-folder.key-other',
      /master\.key is not the key.*backup.*--data/,
    ],
    [
      'a file of the store was written over',
      async (at: string) => writeFile(join(at, 'store', 'CURRENT'), 'nonsense'),
      'store.damaged',
      /store are damaged: .*backup.*--data/,
    ],
    [
      'it is full of what others put there',
      async (at: string) => {
        await rm(at, { recursive: true });
        await mkdir(at);
        await writeFile(join(at, 'thesis.odt'), 'Chapter 1');
      },
      'data-folder.foreign',
      /holds what is not Rotunda's: thesis\.odt\. Choose an empty folder/,
    ],
    [
      'it is a file',
      async (at: string) => {
        await rm(at, { recursive: true });
        await writeFile(at, 'no folder');
      },
      'data-folder.unusable',
      /cannot be used: it is no folder\. .*--data/,
    ],
  ])('ends the start with one line: %s', async (name, spoil, code, line) => {
    await cp(join(folder, 'whole'), join(folder, name), { recursive: true });
    await cp(join(folder, 'whole.erased'), join(folder, `${name}.erased`), { recursive: true });
    await spoil(join(folder, name));
    const refused = start(name, plain);
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.errors).toEqual([expect.stringMatching(line)]);
    expect(refused.told).toMatchObject([{ event: 'failed', code }]);
  });

  it('ends the start with one line: its disk is full from the first', async () => {
    const refused = start('no-room', { ...plain, largestFile: 0 });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.errors).toHaveLength(1);
    expect(refused.errors[0]).toMatch(/no-room.*--data/);
  });
});

describe('a payment taken with a key', () => {
  it('is taken once though the system died before it answered', async () => {
    const plain = { flags: ['--no-seed', '--no-meters'] };
    const before = start('till', plain);
    await openHomes(await clientOf(before));
    await before.stop();
    const [home] = homes;
    const account = `/v1/accounts/billing:${home}`;
    const pay = (client: ApiClient) =>
      client.ask({
        method: 'POST',
        path: `${account}/payments`,
        as: { role: 'agent' },
        headers: { 'idempotency-key': 'at-the-till' },
        json: { amount: { amountMinor: 4200, currency: 'GBP' }, method: 'card' },
      });

    const dying = start('till', { ...plain, failPoint: 'fact.committed:1' });
    await expect(pay(await clientOf(dying))).rejects.toThrow();
    expect(await dying.ended).toEqual({ code: null, signal: 'SIGKILL' });

    const after = start('till', plain);
    const client = await clientOf(after);
    const answer = await pay(client);
    expect(answer.status, answer.text).toBe(201);
    const shown = await client.must({ path: `${account}/payments`, as: { role: 'agent' } });
    expect(shown.json.data).toHaveLength(1);
    await expectSoundAudit(client);
    expect(await after.stop()).toEqual({ code: 0, signal: null });
  });
});

/** The households whose meters are live are whole: each takes service by its meter, and nothing of them is kept aside. */
const expectLiveHouseholds = async (client: ApiClient): Promise<void> => {
  await client.settle();
  for (const home of ['1', '2']) {
    const account = await client.must({ path: `/v1/accounts/live:${home}`, as: { role: 'agent' } });
    expect(account.json).toMatchObject({ holders: [{}], agreements: [{}] });
    const point = await client.must({ path: `/v1/service-points/live:${home}`, as: { role: 'agent' } });
    expect(point.json).toMatchObject({ meter: { serial: `LIVE-${home}` } });
  }
  await expectSoundProfile(client);
  await expectSoundAudit(client);
};

describe('the first start on a folder', () => {
  const living = { flags: ['--no-seed'] };

  it('may be killed while the live households are made known, whose rest the next start makes known', async () => {
    for (const failPoint of ['fact.committed:6', 'fact.committed:5'] as const) {
      const dying = start('households', { ...living, failPoint });
      expect(await dying.ready(), failPoint).toBeUndefined();
    }
    const process = start('households', living);
    await expectLiveHouseholds(await clientOf(process));
    expect(await process.stop()).toEqual({ code: 0, signal: null });
  });

  it('may be killed at any time', async () => {
    const seed = Number(process.env.ROTUNDA_KILL_SEED ?? Date.now() % 100_000);
    console.log(`kills of a first start: ROTUNDA_KILL_SEED=${seed}`);
    const random = seededRandom(seed);
    const began = performance.now();
    const calm = start('calm', living);
    await clientOf(calm);
    const milliseconds = performance.now() - began;
    await calm.kill();
    for (let kill = 1; kill <= 5; kill += 1) {
      const dying = start('killed', living);
      await sleep(milliseconds * (0.4 + 0.1 * kill + 0.1 * random()));
      await dying.kill();
    }
    const last = start('killed', living);
    await expectLiveHouseholds(await clientOf(last));
    expect(await last.stop()).toEqual({ code: 0, signal: null });
  });
});
