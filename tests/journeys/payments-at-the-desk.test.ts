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

describe('an account whose opening was taken back', () => {
  it('takes no payment: none is there to choose the currency, nor the bounds that hold in it', async () => {
    const since = '2025-10-01T08:00:00.000Z';
    const data = { currency: 'GBP', references: [{ namespace: 'billing', value: 'mistaken' }] };
    const opened = byBilling('acc-mistaken', 'account.account.opened.v1', since, data);
    const factId = (await sendFacts(system, [opened])).get('acc-mistaken');
    const path = '/v1/accounts/billing:mistaken';
    const { id } = (await system.must({ path, as: agent })).json;
    const back = { factId, reason: 'Opened twice.' };
    await sendFacts(system, [
      byBilling('acc-mistaken-back', 'account.account.retracted.v1', new Date().toISOString(), back),
    ]);
    for (const as of [agent, supervisor, billing]) {
      for (const currency of ['GBP', 'ZZZ']) {
        const answer = await system.ask({
          method: 'POST',
          path: `/v1/accounts/${String(id)}/payments`,
          as,
          headers: { 'idempotency-key': freshKey(), 'rotunda-purpose': 'service' },
          json: { amount: { amountMinor: 900_000, currency }, method: 'card' },
        });
        expect([answer.status, answer.json.code]).toEqual([409, 'payment.no-account']);
      }
    }
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

describe('a payment that staff took by a slip', () => {
  const post = (as: Asker, path: string, json: unknown, key = freshKey()): Promise<Answer> =>
    system.ask({
      method: 'POST',
      path: `/v1/accounts/${world.amara.account}/payments/${path}`,
      as,
      headers: { 'idempotency-key': key, ...('role' in as ? { 'rotunda-purpose': 'service' } : {}) },
      json,
    });
  const why = { reason: 'error', note: 'Booked on the account of a neighbour.' };
  const taken = async (amountMinor: number): Promise<string> => String((await pay(agent, amountMinor)).json.id);
  const titles = async (as: Asker): Promise<readonly string[]> => {
    const { json } = await system.must({ path: `/v1/customers/${world.amara.customer}/timeline`, as });
    return z
      .array(z.object({ title: z.string() }))
      .parse(json.data)
      .map(({ title }) => title);
  };
  const latestPayment = async (as: Asker) => {
    const { json } = await system.must({ path: `/v1/accounts/${world.amara.account}/payments?limit=1`, as });
    const [latest = {}] = z.array(z.record(z.string(), z.unknown())).parse(json.data);
    return { latest, masked: json.masked };
  };

  it('is taken back once though the call comes twice under its key, and the entry says who did it', async () => {
    const before = await balance();
    const payment = await taken(4200);
    const key = freshKey();
    const first = await post(agent, `${payment}/reversal`, why, key);
    const again = await post(agent, `${payment}/reversal`, why, key);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await balance()).toBe(before);
    const entries = await system.entriesOf(world.amara.account, first.requestId);
    expect(entries).toMatchObject([{ actor: 'agent', act: 'payment.reverse', outcome: 'allowed' }]);
    expect(await factData(first)).toMatchObject({ payment, ...why });
  });

  it('is not for its customer to take back, nor for a program', async () => {
    const payment = await taken(4200);
    const before = await balance();
    for (const as of [{ customer: world.amara.customer }, { client: 'billing' }, { client: 'portal' }]) {
      const answer = await post(as, `${payment}/reversal`, why);
      expect([answer.status, answer.json.code]).toEqual([403, 'access.denied']);
    }
    expect(await balance()).toBe(before);
  });

  it('is asked for and refused among staff: the customer sees the payment as it stands, and hears of its reversal alone', async () => {
    const before = await balance();
    const payment = await taken(60_000);
    const customer = { customer: world.amara.customer };
    const hiddenFromThem = (await latestPayment(customer)).masked;
    const asked = await post(agent, `${payment}/reversal`, why);
    expect([asked.status, asked.json.status, await balance()]).toEqual([202, 'requested', before - 60_000]);
    expect((await latestPayment(agent)).latest).toMatchObject({
      id: payment,
      reversalRequest: { requestedBy: 'staff:agent' },
    });
    const seen = await latestPayment(customer);
    expect(Object.keys(seen.latest)).not.toContain('reversalRequest');
    expect(seen.latest).toMatchObject({ id: payment });
    expect(seen.masked).toEqual(hiddenFromThem);
    expect(await titles(agent)).toContain('Reversal of a payment asked for');
    expect(await titles(customer)).not.toContain('Reversal of a payment asked for');
    const hidden = await system.ask({ path: `/v1/facts/${String(asked.json.factId)}`, as: customer });
    expect(hidden.status).toBe(404);

    const decision = { request: asked.json.requestId, decision: 'confirmed' };
    const path = `${payment}/reversal/decision`;
    expect((await post(agent, path, decision)).status).toBe(403);
    const silent = await post(supervisor, path, { ...decision, decision: 'declined' });
    expect([silent.status, complaints(silent)[0]?.pointer]).toEqual([422, '/note']);
    const confirmed = await post(supervisor, path, decision);
    expect([confirmed.status, confirmed.json.status, await balance()]).toEqual([201, 'reversed', before]);
    const entries = await system.entriesOf(world.amara.account, confirmed.requestId);
    expect(entries).toMatchObject([{ actor: 'supervisor', act: 'reversal.decide', outcome: 'allowed' }]);
    expect(await titles(customer)).toContain('Payment reversed');
    const told = await latestPayment(customer);
    expect([told.latest.reversed, Object.keys(told.latest).includes('reversalNote'), told.masked]).toEqual([
      true,
      false,
      hiddenFromThem,
    ]);
  });

  it('whose list of requests is looked at stands in the log of those it is about', async () => {
    const payment = await taken(60_000);
    await post(agent, `${payment}/reversal`, why);
    const listed = await system.must({
      path: '/v1/reversal-requests',
      as: supervisor,
      headers: { 'rotunda-purpose': 'billing' },
    });
    expect(listed.json.data).toMatchObject([{ paymentId: payment, note: why.note, takenBy: 'staff:agent' }]);
    for (const subject of [world.amara.account, world.amara.customer, world.ben])
      expect(await system.entriesOf(subject, listed.requestId)).toMatchObject([{ act: 'reversal.read' }]);
    await system.settle();
    expect(await system.served.system.committer.refold(world.amara.account, true)).toBe(false);
  });
});
