import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '#cli/feed/send-order.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { expectedAfter, type Home, homes, openHomes, pieceOf } from './busy-utility.ts';
import { type Doors, RealProcess, type StartOptions } from './real-process.ts';
import {
  type Digests,
  digestsOf,
  expectEventsOnce,
  expectSoundAudit,
  expectSoundProfile,
  factsKept,
} from './soundness.ts';
import { connect, type Look, SteadyClients } from './steady-clients.ts';
import { type WhatStands, whatStands } from './what-stands.ts';

/** Each is one life of the process that ends at that point, at the latest when it is passed so many times. */
const points = [
  ['telemetry.appended', 20],
  ['fact.committed', 15],
  ['relay.unpublished', 4],
  ['ingest.put', 3],
  ['inbound.appended', 10],
  ['audit.linked', 6],
  ['usage.written', 4],
  ['relay.published', 5],
  ['follow.written', 3],
  ['device.issued', 1],
] as const;

/** Lives that end at any time, each after one or two that ended at a point. */
const others = drawn(5, 10);
const pieces = points.length + others;

let folder: string;
const processes = new Set<RealProcess>();

const start = (name: string, more: Partial<StartOptions> = {}): RealProcess => {
  const process = new RealProcess({
    folder: join(folder, name),
    flags: ['--no-seed', '--no-meters'],
    eventsFile: join(folder, `${name}.events`),
    ...more,
  });
  processes.add(process);
  return process;
};

const opened = async (process: RealProcess): Promise<{ readonly doors: Doors; readonly client: ApiClient }> => {
  const doors = await process.ready();
  if (doors === undefined) throw new Error('the process was killed, which nobody asked for');
  return { doors, client: new ApiClient(doors.url) };
};

const Amount = z.object({ balance: z.object({ amountMinor: z.int() }) });
const Total = z.object({ total: z.object({ value: z.int() }) });
const AccessLog = z.object({
  data: z.array(z.object({ requestId: z.string().optional(), outcome: z.string() })),
  next: z.string().nullable(),
});

const asSupervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } } as const;

/** Money and energy as the API shows them, to the penny and the Wh. */
const expectSums = async (client: ApiClient): Promise<void> => {
  const expected = expectedAfter(pieces);
  for (const home of homes) {
    const account = await client.must({ path: `/v1/accounts/billing:${home}`, ...asSupervisor });
    expect(Amount.parse(account.json).balance.amountMinor).toBe(expected.balances.get(home));
    const range = 'from=2024-01-01&to=2025-12-31&resolution=month';
    const usage = await client.must({ path: `/v1/service-points/mpan:${home}/usage?${range}`, ...asSupervisor });
    expect(Total.parse(usage.json).total.value).toBe(expected.energy.get(home));
  }
};

/** Request ids in the log of who looked at a home's customer. */
const requestsLogged = async (client: ApiClient, home: Home): Promise<readonly string[]> => {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/v1/customers/crm:${home}/access-log?limit=100${after}`;
    const page = AccessLog.parse((await client.must({ path, ...asSupervisor })).json);
    ids.push(...page.data.flatMap(({ requestId }) => requestId ?? []));
    cursor = page.next;
  } while (cursor !== null);
  return ids;
};

const expectLooksLogged = async (client: ApiClient, looks: readonly Look[]): Promise<void> => {
  for (const home of homes) {
    const logged = await requestsLogged(client, home);
    const mine = looks.filter(({ customer }) => customer === `crm:${home}`);
    expect(mine.length).toBeGreaterThan(0);
    for (const { requestId } of mine) expect(logged.filter((id) => id === requestId)).toHaveLength(1);
  }
};

/** What the clients were told is kept is there, though the process died since. */
const expectKept = async (
  { doors, client }: { readonly doors: Doors; readonly client: ApiClient },
  process: RealProcess,
  clients: SteadyClients,
  seen: Set<string>,
): Promise<void> => {
  await client.settle();
  const { facts, meters, intervals } = clients.acknowledged;
  for (const id of facts) {
    if (seen.has(id)) continue;
    seen.add(id);
    expect((await client.ask({ path: `/v1/facts/${id}`, ...asSupervisor })).status, id).toBe(200);
  }
  for (const [serial, meter] of meters) {
    if (seen.has(serial)) continue;
    seen.add(serial);
    expect((await client.ask({ path: `/v1/meters/${meter.id}`, ...asSupervisor })).status, serial).toBe(200);
    const link = await connect(process, doors, meter);
    expect(link?.connected).toBe(true);
    await link?.close();
  }
  expect((await digestsOf(client)).intervals).toBeGreaterThanOrEqual(intervals);
  await expectSoundAudit(client);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-kills-'));
});

afterAll(async () => {
  for (const process of processes) if (!process.gone) await process.kill();
  await rm(folder, { recursive: true, force: true });
});

/** All the work, on a system nobody kills. */
const workCalmly = async (): Promise<{ readonly digests: Digests; readonly stands: WhatStands }> => {
  const process = start('calm');
  const { doors, client } = await opened(process);
  const clients = new SteadyClients(await openHomes(client));
  for (let n = 0; n < pieces; n += 1) clients.take(pieceOf(n));
  await clients.work(process, doors);
  const digests = await digestsOf(client);
  await process.stop();
  return { digests, stands: await whatStands(join(folder, 'calm')) };
};

describe('a utility that sends facts and readings while its system is killed', () => {
  it(`loses nothing that was acknowledged and doubles nothing, at ten chosen points and ${others} others`, async () => {
    const seed = Number(process.env.ROTUNDA_KILL_SEED ?? Date.now() % 100_000);
    console.log(`kills while writing: ROTUNDA_KILL_SEED=${seed}`);
    const random = seededRandom(seed);
    const first = start('rough');
    const clients = new SteadyClients(await openHomes((await opened(first)).client));
    await first.kill();

    const seen = new Set<string>();
    let [piece, midway] = [0, 0];
    const give = (): void => {
      clients.take(pieceOf(piece));
      piece += 1;
    };
    for (const [n, [point, most]] of points.entries()) {
      const failPoint = `${point}:${1 + Math.floor(random() * most)}` as const;
      const chosen = start('rough', { failPoint });
      give();
      const doors = await chosen.ready();
      if (doors !== undefined) await clients.work(chosen, doors);
      await Promise.race([chosen.ended, sleep(20_000)]);
      expect(chosen.gone, `${failPoint} was passed`).toBe(true);
      expect(await chosen.ended).toEqual({ code: null, signal: 'SIGKILL' });

      if ((n + 1) % (points.length / others) !== 0) continue;
      const other = start('rough');
      const system = await opened(other);
      await expectKept(system, other, clients, seen);
      give();
      const worked = clients.work(other, system.doors);
      await sleep(1200 * random());
      await other.kill();
      await worked;
      if (clients.left > 0) midway += 1;
    }

    expect(midway).toBeGreaterThan(0);

    const last = start('rough');
    const system = await opened(last);
    await clients.work(last, system.doors);
    await expectKept(system, last, clients, seen);
    await expectSums(system.client);
    await expectLooksLogged(system.client, clients.acknowledged.looks);
    const facts = await factsKept(system.client);
    const digests = await digestsOf(system.client);
    expect(digests.intervals).toBe(expectedAfter(pieces).intervals);
    await expectSoundProfile(system.client);
    expect(await last.stop()).toEqual({ code: 0, signal: null });
    const { deliveries, sent } = await expectEventsOnce(join(folder, 'rough.events'), facts);
    expect(sent).toBe(expectedAfter(pieces).facts);
    console.log(
      `${facts} facts, ${deliveries} deliveries of their events, ${midway} of the other kills while clients were sending`,
    );
    // How often the system itself tells of readings (a month issued again) depends on what had come when it looked.
    const calm = await workCalmly();
    const { readings, intervals } = calm.digests;
    expect({ readings: digests.readings, intervals: digests.intervals }).toEqual({ readings, intervals });
    expect(calm.stands.months.size).toBeGreaterThan(0);
    expect(await whatStands(join(folder, 'rough'))).toEqual({ ...calm.stands, told: expect.any(Number) });
  }, 600_000);
});
