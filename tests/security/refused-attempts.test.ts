import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { entryOf } from '#shared/facts/audit.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { auditPartition } from '#shared/table/keys.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type SmallWorld } from '#tests/support/small-world.ts';
import { open } from './promised-access.ts';
import { realRequest } from './real-requests.ts';

/** What somebody who is refused can write into the log of whom they aim at. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const table = () => system.served.system.store.table('audit');
const itemsOf = (subject: string) => readAll(table(), { pk: auditPartition(subject), consistent: true });
const everything = async (): Promise<string> => {
  const items: unknown[] = [];
  for await (const item of system.served.system.store.scan('audit')) items.push(item);
  return JSON.stringify(items);
};
const countItems = async (): Promise<number> => {
  let count = 0;
  // Chains and seals follow by themselves.
  for await (const { pk } of system.served.system.store.scan('audit'))
    if (pk.startsWith('AUD#') || pk.startsWith('REFUSED#')) count += 1;
  return count;
};

/** Entries of attempts at an act on nothing that is there. */
const countTold = async (act: string): Promise<number> => {
  let count = 0;
  for await (const item of system.served.system.store.scan('audit')) {
    const entry = entryOf(item);
    if (entry?.act === act && entry.subject === undefined && entry.outcome === 'refused:not-found') count += 1;
  }
  return count;
};

const words = 'call-0800-1234567-or-else';
const chosen = { 'x-request-id': words, 'rotunda-purpose': 'service', 'rotunda-reason': words };

describe('a caller nobody knows', () => {
  it.each(routes.filter(({ operationId }) => !open(operationId)))(
    'writes nothing at all by $method $path',
    async (route) => {
      const {
        subject: _subject,
        headers,
        ...request
      } = await realRequest(system, route, world.amara, {
        ready: false,
        client: 'crm',
        purpose: undefined,
      });
      await system.settle();
      const [refused, before] = [system.refused, await countItems()];
      for (const token of [undefined, `x.${words}.y`])
        expect(
          (
            await system.ask({
              ...request,
              headers: { ...headers, ...chosen },
              ...(token === undefined ? {} : { token }),
            })
          ).status,
        ).toBe(401);
      expect([await countItems(), system.refused - refused]).toEqual([before, 2]);
      expect(await everything()).not.toContain(words);
    },
  );
});

const Log = z.object({
  data: z.array(
    z.object({
      act: z.string(),
      actorKind: z.string(),
      outcome: z.string(),
      times: z.int().optional(),
      requestId: z.string().optional(),
    }),
  ),
});

describe('a customer who tries at another', () => {
  it('stands in their log once for what they tried, and then for the hundredth time, with no word of their own', async () => {
    const as = { customer: world.carl.customer };
    const path = `/v1/customers/${world.amara.customer}/360`;
    const look = await system.must({ path, as: { role: 'agent' } });
    for (let attempt = 1; attempt <= 120; attempt += 1) {
      const headers = { ...chosen, 'x-request-id': `${words}-${attempt}` };
      const asked = attempt % 2 === 0 ? `${path}?asOf=2026-01-01T00:00:00Z` : path;
      expect((await system.ask({ path: asked, as, headers })).status).toBe(404);
    }
    const { json } = await system.must({
      path: `/v1/customers/${world.amara.customer}/access-log`,
      as: { role: 'privacy' },
    });
    const log = Log.parse(json).data;
    const attempts = log.filter(({ outcome }) => outcome === 'refused:not-found');
    expect(attempts.map(({ times }) => times)).toEqual([100, 1]);
    expect(attempts.every(({ actorKind }) => actorKind === 'customer')).toBe(true);
    // The look that was real still stands on the first page.
    expect(log.some(({ requestId }) => requestId === look.requestId)).toBe(true);
    expect(await everything()).not.toContain(words);
  });

  it('stands there a bounded number of times, whatever they try', async () => {
    const as = { customer: world.carl.customer };
    const before = (await itemsOf(world.amara.customer)).length;
    for (let round = 0; round < 3; round += 1)
      for (const route of routes.filter(({ subject }) => subject !== 'none')) {
        const {
          subject: _subject,
          headers,
          ...request
        } = await realRequest(system, route, world.amara, {
          ready: false,
          client: 'crm',
          purpose: undefined,
        });
        await system.ask({ ...request, as, headers: { ...headers, ...chosen } });
      }
    // Seventeen kinds at each of the seven things that are hers, most of which no route takes.
    expect((await itemsOf(world.amara.customer)).length - before).toBeLessThan(60);
    expect(await everything()).not.toContain(words);
  });

  it('makes no entries about what is not there', async () => {
    const as = { customer: world.carl.customer };
    const letters = 'ABCDEFGHJK';
    const before = await countItems();
    for (const letter of letters) {
      const id = `cus_${letter.repeat(26)}`;
      expect((await system.ask({ path: `/v1/customers/${id}/360`, as })).status).toBe(404);
      expect(await itemsOf(id)).toEqual([]);
    }
    expect(await countItems()).toBe(before);
    const change = { method: 'PATCH', as, json: { language: 'cy' }, headers: { 'if-match': '"v1"' } };
    for (const letter of letters) await system.ask({ ...change, path: `/v1/customers/cus_${letter.repeat(26)}` });
    // One count of theirs, and one entry that tells of it.
    expect(await countItems()).toBeLessThanOrEqual(before + 2);
    expect(await countTold('customer.change')).toBe(1);
  });
});

it('what is wrong with a request of staff is told of them once', async () => {
  const as = { role: 'agent' };
  const path = `/v1/customers/${world.ben}/360?asOf=never`;
  for (let attempt = 0; attempt < 20; attempt += 1)
    expect((await system.ask({ path, as, headers: chosen })).status).toBe(422);
  const told = (await itemsOf(world.ben)).map(entryOf).filter((entry) => entry?.outcome.startsWith('refused:'));
  expect(told).toMatchObject([{ outcome: 'refused:query.invalid', actor: 'agent', times: 1, act: 'customer.read' }]);
});
