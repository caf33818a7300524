import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { tableNames } from '#shared/table/table.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { scanAll } from '#tests/support/raw-items.ts';
import {
  accountFacts,
  freshKey,
  idNamed,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import { RealProcess, type StartOptions } from './real-process.ts';
import { expectSoundAudit, expectSoundProfile, factsKept } from './soundness.ts';

/** Somebody with an account of their own, who is erased by a process that is killed on the way, and again at its next starts. */

const household = 'zelda';
const markers = ['zeldamark', 'qwertzmark', 'zelda.mark@example.com', '960987'] as const;

let folder: string;
let customer: string;
const processes = new Set<RealProcess>();

const start = (name: string, more: Partial<StartOptions> = {}): RealProcess => {
  const process = new RealProcess({ folder: join(folder, name), flags: ['--no-seed', '--no-meters'], ...more });
  processes.add(process);
  return process;
};

const opened = async (process: RealProcess): Promise<ApiClient> => {
  const doors = await process.ready();
  if (doors === undefined) throw new Error('the process was killed, which nobody asked for');
  return new ApiClient(doors.url);
};

const copy = async (from: string, to: string): Promise<void> => {
  await cp(join(folder, from), join(folder, to), { recursive: true });
  await cp(join(folder, `${from}.erased`), join(folder, `${to}.erased`), { recursive: true });
};

/** What of the person stands in the tables of a folder whose process has ended. */
const found = async (name: string): Promise<ReadonlySet<string>> => {
  const store = await openLevelStore({ folder: join(folder, name, 'store') });
  try {
    const items = (await Promise.all(tableNames.map((table) => scanAll(store.table(table))))).flat();
    const text = JSON.stringify(items, (_name, member) =>
      member instanceof Uint8Array ? Buffer.from(member).toString('latin1') : member,
    ).toLowerCase();
    return new Set(markers.filter((marker) => text.includes(marker)));
  } finally {
    await store.close();
  }
};

const post = (client: ApiClient, path: string, role: string, json: unknown) => {
  const headers = { 'idempotency-key': freshKey(), 'rotunda-purpose': 'privacy' };
  return client.must({ method: 'POST', path, as: { role }, json, headers });
};

/**
 * A start that is not disturbed brings the erasure to its end; answers what it leaves. Digests are not compared: whoever carries the
 * erasure out says when it was done, by the clock of that process.
 */
const carriedOut = async (name: string) => {
  const process = start(name);
  const client = await opened(process);
  await client.settle();
  const { json } = await client.must({ path: `/v1/customers/${customer}/erasure`, as: { role: 'privacy' } });
  expect(json.status).toBe('erased');
  const { approvedAt: _approved, erasedAt: _erased, ...erasure } = json;
  const left = { erasure, facts: await factsKept(client) };
  await expectSoundProfile(client);
  await expectSoundAudit(client);
  expect(await process.stop()).toEqual({ code: 0, signal: null });
  expect([...(await found(name))]).toEqual([]);
  return left;
};

/** Whether a life was killed at its n-th write of an erasure; else it is stopped once it is at rest. */
const isKilledAt = async (name: string, n: number): Promise<boolean> => {
  const process = start(name, { failPoint: `erasure.written:${n}` });
  const doors = await process.ready();
  if (doors !== undefined) {
    await new ApiClient(doors.url).settle();
    await process.stop();
  }
  return (await process.ended).signal === 'SIGKILL';
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-erasure-kills-'));
  const process = start('asked', { failPoint: 'erasure.written:1' });
  const client = await opened(process);
  await sendFacts(client, [
    personFact(household, 'Zeldamark', 'Qwertzmark'),
    pointFact(household, 'phone', '01632 960987'),
    pointFact(household, 'email', 'zelda.mark@example.com'),
    ...placeFacts(household, '12 Quay Street'),
    ...accountFacts(household),
    roleFact(household, household, 'holder'),
  ]);
  await client.settle();
  customer = await idNamed(client, `/v1/customers/crm:${household}`);
  const path = `/v1/customers/${customer}/erasure`;
  const asked = await post(client, path, 'privacy', { ground: 'unlawful', reason: 'Request 2026-118.' });
  const decision = { request: asked.json.requestId, decision: 'approved' };
  // The process may be gone before it has answered.
  await post(client, `${path}/decision`, 'privacy-second', decision).catch((failure: unknown) => {
    if (!(failure instanceof TypeError)) throw failure;
  });
  expect((await process.ended).signal).toBe('SIGKILL');
}, 120_000);

afterAll(async () => {
  for (const process of processes) if (!process.gone) await process.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('an erasure whose process is killed', () => {
  it('is carried to the same end by the next start, wherever and however often that one is killed', async () => {
    expect((await found('asked')).size).toBeGreaterThan(0);
    await copy('asked', 'calm');
    const calm = await carriedOut('calm');

    for (const n of [1, 2, 4]) {
      await copy('asked', `once-${n}`);
      expect(await isKilledAt(`once-${n}`, n)).toBe(true);
      expect(await carriedOut(`once-${n}`)).toEqual(calm);
    }

    await copy('asked', 'again');
    let lives = 0;
    while (lives < 6 && (await isKilledAt('again', lives + 1))) lives += 1;
    expect(lives).toBeGreaterThan(1);
    expect(await carriedOut('again')).toEqual(calm);
  }, 160_000);
});
