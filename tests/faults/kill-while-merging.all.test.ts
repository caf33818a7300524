import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '#cli/feed/send-order.ts';
import { ownSource } from '#shared/contracts/facts/sources.ts';
import { redrive } from '#shared/contracts/local/ops.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byCrm,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  type SentFact,
  sendFacts,
  sentBy,
} from '#tests/support/small-world.ts';
import { RealProcess, type StartOptions } from './real-process.ts';
import {
  type Digests,
  digestsOf,
  expectEventsOnce,
  expectSoundAudit,
  expectSoundProfile,
  factsKept,
} from './soundness.ts';

/**
 * A landlady known twice, with twelve accounts: making one of the two records, and two of the one, takes some forty transactions and
 * far more than 60 items each.
 */
const houses = Array.from({ length: 12 }, (_, n) => `quay-${n + 1}`);
const [survivor, alias] = ['landlady', 'landlady-again'];
const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString();

const founding: readonly SentFact[] = [
  personFact(survivor, 'Amara', 'Okafor'),
  personFact(alias, 'A.', 'Okafor'),
  pointFact(survivor, 'email', 'amara@example.com'),
  pointFact(alias, 'email', 'letting@example.com'),
  pointFact(alias, 'phone', '01632 960123'),
  ...houses.flatMap((house, n) => [
    ...placeFacts(house, `${n + 1} Quay Street`),
    ...accountFacts(house),
    roleFact(house, n % 4 === 0 ? survivor : alias, 'holder'),
  ]),
];

/** What comes by the systems while the records are being merged or parted, of either, late as well. */
const meanwhile = (act: string): readonly SentFact[] => [
  ...[survivor, alias].map((value, n) =>
    byCrm(`int-${act}-${n}`, 'contact.interaction.logged.v1', at(-1000 * n), {
      customer: { namespace: 'crm', value },
      channel: 'phone',
      reason: 'billing.query',
      summary: `Call of ${value}.`,
    }),
  ),
  byCrm(`cpt-${act}`, 'customer.contact-point.added.v1', at(3), {
    customer: { namespace: 'crm', value: alias },
    kind: 'email',
    value: `${act}@example.com`,
  }),
];

const byHouse = sentBy(ownSystem);

interface Act {
  /** What a supervisor decided; the house alone says it. */
  readonly fact: SentFact;
  readonly meanwhile: readonly SentFact[];
  /** Folder of the state it begins with, and of one in which nobody disturbed it. */
  readonly from: string;
  readonly calm: string;
  /** Whether two views, of the survivor and of the alias, are those of after it. */
  readonly isDone: (views: Views) => boolean;
}

interface Views {
  readonly survivor: string;
  readonly alias: string;
}

const merge: Act = {
  fact: byHouse('merge', 'customer.identity.merged.v1', at(10), {
    survivor: { namespace: 'crm', value: survivor },
    alias: { namespace: 'crm', value: alias },
    reason: 'One person.',
  }),
  meanwhile: meanwhile('merge'),
  from: 'apart',
  calm: 'merged',
  isDone: (views) => views.survivor === views.alias,
};
const undo: Act = {
  fact: byHouse('undo', 'customer.identity.unmerged.v1', at(20), {
    merge: mintedId('merge', factIdOf(ownSystem, 'merge')),
    reason: 'Two after all.',
  }),
  meanwhile: meanwhile('undo'),
  from: 'merged',
  calm: 'parted',
  isDone: (views) => views.survivor !== views.alias,
};

/** What an act that nobody disturbs begins with and ends in. */
interface Calm {
  readonly before: Views;
  readonly digests: Digests;
  readonly facts: number;
}

/** About how many transactions lie between two points at which a life is ended. */
const stride = drawn(9, 6);

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

const opened = async (process: RealProcess): Promise<ApiClient> => {
  const doors = await process.ready();
  if (doors === undefined) throw new Error('the process was killed, which nobody asked for');
  return new ApiClient(doors.url);
};

const copy = async (from: string, to: string): Promise<void> => {
  await cp(join(folder, from), join(folder, to), { recursive: true });
  await cp(join(folder, `${from}.erased`), join(folder, `${to}.erased`), { recursive: true });
  await cp(join(folder, `${from}.events`), join(folder, `${to}.events`));
};

const View = z.looseObject({
  freshness: z.object({ sources: z.array(z.object({ source: z.string(), lastFactAt: z.string() })) }),
});

/** The 360 view that a name leads to, without the time of the answer and how long ago all is. */
const shown = async (client: ApiClient, name: string): Promise<string> => {
  const path = `/v1/customers/crm:${name}/360`;
  const { json } = await client.must({ path, as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } });
  return JSON.stringify(View.parse(json));
};

/**
 * Looks at both views once. As long as the alias is shown as before, so is the survivor, whom we look at first; what is shown
 * otherwise is shown as after. Answers whether it was before.
 */
const look = async (client: ApiClient, act: Act, { before }: Calm): Promise<boolean> => {
  const first = await shown(client, survivor);
  let views = { alias: await shown(client, alias), survivor: await shown(client, survivor) };
  // Who was led from the alias to the survivor just before the records were parted is shown the survivor of just after.
  const onTheWay = views.alias !== before.alias && !act.isDone(views);
  if (onTheWay) views = { alias: await shown(client, alias), survivor: await shown(client, survivor) };
  if (views.alias === before.alias) expect([onTheWay, first]).toEqual([false, before.survivor]);
  else expect(act.isDone(views)).toBe(true);
  return views.alias === before.alias;
};

/**
 * Lays the decision ready in the folder that an act begins with, as a fact of the future, which an operator can have tried again: so
 * it is the same fact in every life, whatever day it is.
 */
const layReady = async (act: Act): Promise<void> => {
  const system = await RunningSystem.start({
    folder: join(folder, act.from),
    clock: { now: () => Date.parse(at(-3600)) },
  });
  const house = { actor: 'staff:ida', speaksFor: ownSource, supervisor: true };
  const [result] = await system.served.system.submit([act.fact], house);
  expect(result).toMatchObject({ status: 'quarantined', reason: 'fact.future' });
  await system.stop();
};

const send = async (client: ApiClient, act: Act): Promise<void> => {
  const json = { reason: 'fact.future' };
  const headers = { 'rotunda-reason': 'It is time for it now.' };
  await client.must({ method: 'POST', path: redrive.path, as: { role: 'operator' }, headers, json });
  for (const fact of act.meanwhile) await sendFacts(client, [fact]);
};

/** Does an act on a copy of the folder it begins with, and says what that gives. */
const undisturbed = async (act: Act): Promise<Calm> => {
  await copy(act.from, act.calm);
  const process = start(act.calm);
  const client = await opened(process);
  const before = { survivor: await shown(client, survivor), alias: await shown(client, alias) };
  expect(act.isDone(before)).toBe(false);
  await send(client, act);
  await client.settle();
  const after = { survivor: await shown(client, survivor), alias: await shown(client, alias) };
  expect(act.isDone(after)).toBe(true);
  const [digests, facts] = [await digestsOf(client), await factsKept(client)];
  await expectSoundProfile(client);
  expect(await process.stop()).toEqual({ code: 0, signal: null });
  return { before, digests, facts };
};

/** A life that ends at the n-th transaction, or comes to rest before. Answers whether it was killed, and how often it showed before. */
const liveUntil = async (name: string, n: number, act: Act, calm: Calm, sends: boolean) => {
  const process = start(name, { failPoint: `record.written:${n}` });
  const doors = await process.ready();
  let before = 0;
  let seenAfter = false;
  const watch = async (client: ApiClient): Promise<void> => {
    for (;;) {
      const isBefore = await look(client, act, calm);
      expect(isBefore && seenAfter).toBe(false);
      if (isBefore) before += 1;
      else seenAfter = true;
    }
  };
  const work = async (client: ApiClient): Promise<void> => {
    if (sends) await send(client, act);
    await client.settle();
    await process.stop();
  };
  if (doors !== undefined) {
    const client = new ApiClient(doors.url);
    const outcomes = await Promise.allSettled([work(client), watch(client)]);
    // Whoever speaks to a process that is gone is told so by the connection; nothing else may fail.
    for (const outcome of outcomes)
      if (outcome.status === 'rejected' && !(outcome.reason instanceof TypeError)) throw outcome.reason;
  }
  const { signal } = await process.ended;
  return { killed: signal === 'SIGKILL', before };
};

/** The next life goes on by itself to what an undisturbed one ends in; then what was not acknowledged is sent again. */
const expectAsUndisturbed = async (name: string, act: Act, calm: Calm): Promise<boolean> => {
  const process = start(name);
  const client = await opened(process);
  const isBefore = await look(client, act, calm);
  await client.settle();
  await send(client, act);
  await client.settle();
  expect(await digestsOf(client)).toEqual(calm.digests);
  expect(await factsKept(client)).toBe(calm.facts);
  await expectSoundProfile(client);
  await expectSoundAudit(client);
  expect(await process.stop()).toEqual({ code: 0, signal: null });
  await expectEventsOnce(join(folder, `${name}.events`), calm.facts);
  return isBefore;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-merge-kills-'));
  const process = start(merge.from);
  const client = await opened(process);
  await sendFacts(client, founding);
  await client.settle();
  expect(await process.stop()).toEqual({ code: 0, signal: null });
});

afterAll(async () => {
  for (const process of processes) if (!process.gone) await process.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('records with twelve accounts', () => {
  it.each([
    ['merged', merge],
    ['parted', undo],
  ])(
    'that are being %s when the process is killed are shown as before until they are, and end as if it never was',
    async (_, act) => {
      const seed = Number(process.env.ROTUNDA_KILL_SEED ?? Date.now() % 100_000);
      console.log(`kills while merging: ROTUNDA_KILL_SEED=${seed}`);
      const random = seededRandom(seed);
      await layReady(act);
      const calm = await undisturbed(act);

      let [kills, before] = [0, 0];
      for (let n = 1; ; n += 1 + Math.floor(2 * stride * random())) {
        const name = `${act.calm}-${n}`;
        await copy(act.from, name);
        const life = await liveUntil(name, n, act, calm, true);
        before += life.before;
        if (!life.killed) break;
        kills += 1;
        if (await expectAsUndisturbed(name, act, calm)) before += 1;
        await rm(join(folder, name), { recursive: true });
      }

      // One that dies again and again, each time a little later, before it has come to its end.
      const name = `${act.calm}-again`;
      await copy(act.from, name);
      let lives = 1;
      while ((await liveUntil(name, lives + 1, act, calm, lives === 1)).killed) lives += 1;
      await expectAsUndisturbed(name, act, calm);
      console.log(`${kills} kills of one each, ${lives} of the same; ${before} looks at the views of before`);
      expect(kills).toBeGreaterThan(3);
      expect(lives).toBeGreaterThan(3);
      expect(before).toBeGreaterThan(0);
    },
    400_000,
  );
});
