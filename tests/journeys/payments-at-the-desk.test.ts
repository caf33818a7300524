import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, byBilling, freshKey, type SmallWorld, sendFacts } from '#tests/support/small-world.ts';

/** Who may say that money came in, how much of it, and on which day; by the API of the running system. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const agent = { role: 'agent' };
const supervisor = { role: 'supervisor' };
const billing = { role: 'billing' };
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const today = (): string => system.served.system.today();

const pay = (as: Asker, amountMinor: number, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  system.ask({
    method: 'POST',
    path: `/v1/accounts/${world.amara.account}/payments`,
    as,
    headers: { 'idempotency-key': freshKey(), ...('role' in as ? { 'rotunda-purpose': 'service' } : {}) },
    json: { amount: gbp(amountMinor), method: 'card', ...more },
  });
const Balance = z.object({ balance: z.object({ amountMinor: z.number() }) });
const balance = async (): Promise<number> => {
  const { json } = await system.must({ path: `/v1/accounts/${world.amara.account}`, as: agent });
  return Balance.parse(json).balance.amountMinor;
};
const complaints = ({ json }: Answer) =>
  z.array(z.object({ pointer: z.string(), code: z.string() })).parse(json.errors ?? []);
const factData = async (answer: Answer): Promise<unknown> =>
  (await system.must({ path: `/v1/facts/${String(answer.json.factId)}`, as: agent })).json.data;

describe('a payment that a customer says they made', () => {
  it('is not booked: holder and joint holder are refused, and what they owe stays what it was', async () => {
    const before = await balance();
    for (const customer of [world.amara.customer, world.ben, world.carl.customer]) {
      const answer = await pay({ customer }, before);
      expect([answer.status, answer.json.code]).toEqual([403, 'access.denied']);
    }
    expect(await balance()).toBe(before);
  });

  it('is refused in the name of a program that reads customers, too', async () => {
    const answer = await pay({ client: 'portal' }, 100);
    expect([answer.status, answer.json.code]).toEqual([403, 'access.denied']);
  });
});

describe('the amount of a payment', () => {
  it('is bounded at the desk, to the penny', async () => {
    const before = await balance();
    expect((await pay(agent, 1_000_000)).status).toBe(201);
    const above = await pay(supervisor, 1_000_001);
    expect([above.status, above.json.code]).toEqual([422, 'payment.too-large']);
    expect(complaints(above)).toMatchObject([{ pointer: '/amount/amountMinor', code: 'payment.too-large' }]);
    expect(await balance()).toBe(before - 1_000_000);
  });

  it('may be larger where billing enters it, up to what any payment may be', async () => {
    const before = await balance();
    expect((await pay(billing, 100_000_000)).status).toBe(201);
    for (const amount of [100_000_001, 1_000_000_000_000]) {
      const above = await pay(billing, amount);
      expect([above.status, above.json.code]).toEqual([422, 'payment.too-large']);
    }
    expect(await balance()).toBe(before - 100_000_000);
  });

  it('of ten billion is refused to everybody', async () => {
    const before = await balance();
    const answers = await Promise.all([agent, supervisor, billing].map((as) => pay(as, 1_000_000_000_000)));
    expect(answers.map(({ status, json }) => [status, json.code])).toEqual(Array(3).fill([422, 'payment.too-large']));
    expect(await balance()).toBe(before);
  });

  it('that a system says is kept aside above what any may be, and counts for nothing', async () => {
    const before = await balance();
    const paid = (event: string, amountMinor: number) =>
      byBilling(event, 'billing.payment.received.v1', new Date().toISOString(), {
        account: world.amara.account,
        amount: gbp(amountMinor),
      });
    const { json } = await system.must({
      method: 'POST',
      path: '/v1/facts',
      as: { client: 'billing' },
      json: { facts: [paid('large', 100_000_000), paid('too-large', 100_000_001)] },
    });
    expect(json.results).toMatchObject([
      { status: 'accepted' },
      { status: 'quarantined', problem: { code: 'payment.too-large' } },
    ]);
    expect(await balance()).toBe(before - 100_000_000);
  });
});

describe('the day of a payment', () => {
  it('is today for what staff take, and the fact says so', async () => {
    const answer = await pay(agent, 100);
    expect([answer.status, answer.json.receivedOn]).toEqual([201, today()]);
    expect(await factData(answer)).toMatchObject({ receivedOn: today() });
  });

  it('is not for agents and supervisors to choose, not even today', async () => {
    const before = await balance();
    for (const as of [agent, supervisor]) {
      for (const receivedOn of [addDays(today(), -30), today()]) {
        const answer = await pay(as, 100, { receivedOn });
        expect([answer.status, answer.json.code]).toEqual([403, 'payment.date-by-billing']);
        expect(complaints(answer)).toMatchObject([{ pointer: '/receivedOn', code: 'payment.date-by-billing' }]);
      }
    }
    expect(await balance()).toBe(before);
  });

  it('is for billing to choose, from the opening of the account until today', async () => {
    const { json } = await system.must({ path: `/v1/accounts/${world.amara.account}`, as: agent });
    const openedOn = String(json.openedOn);
    for (const receivedOn of [today(), addDays(today(), -30), openedOn]) {
      const answer = await pay(billing, 100, { receivedOn });
      expect([answer.status, answer.json.receivedOn]).toEqual([201, receivedOn]);
      expect(await factData(answer)).toMatchObject({ receivedOn });
    }
    for (const receivedOn of [addDays(today(), 1), addDays(openedOn, -1)]) {
      const answer = await pay(billing, 100, { receivedOn });
      expect([answer.status, answer.json.code]).toEqual([422, 'payment.date']);
      expect(complaints(answer)).toMatchObject([{ pointer: '/receivedOn', code: 'payment.date' }]);
    }
  });
});

describe('a bill that was paid', () => {
  it('is settled by money that came in, not by the word of who owes it', async () => {
    const { account } = world.carl;
    const path = `/v1/accounts/${account}/payments`;
    const asked = await system.ask({
      method: 'POST',
      path,
      as: { customer: world.carl.customer },
      headers: { 'idempotency-key': freshKey() },
      json: { amount: gbp(8423), method: 'bank-transfer', receivedOn: '2025-11-10' },
    });
    expect(asked.status).toBe(403);
    const owed = await system.must({ path: `/v1/accounts/${account}`, as: agent });
    expect(owed.json.overdue).toMatchObject(gbp(8423));
    await sendFacts(system, [
      byBilling('paid-carl', 'billing.payment.received.v1', '2026-02-01T08:00:00.000Z', { account, amount: gbp(8423) }),
    ]);
    const settled = await system.must({ path: `/v1/accounts/${account}`, as: agent });
    expect(settled.json.overdue).toMatchObject(gbp(0));
  });
});
