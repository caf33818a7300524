import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Answer } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  buildSmallWorld,
  byBilling,
  byCrm,
  freshKey,
  roleFact,
  type SmallWorld,
  sendFacts,
} from '#tests/support/small-world.ts';

/** What people do every day, by the API of the running system. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const agent = { role: 'agent' };
const today = (): string => system.served.system.today();
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

const pay = (account: string, key: string, amountMinor: number, currency = 'GBP'): Promise<Answer> =>
  system.ask({
    method: 'POST',
    path: `/v1/accounts/${account}/payments`,
    as: agent,
    headers: { 'idempotency-key': key },
    json: { amount: { amountMinor, currency }, method: 'card' },
  });
const balanceOf = async (account: string): Promise<number> => {
  const { json } = await system.must({ path: `/v1/accounts/${account}`, as: agent });
  return z.object({ amountMinor: z.number() }).parse(json.balance).amountMinor;
};
const accountsSeenBy = async (customer: string): Promise<readonly string[]> => {
  const { json } = await system.must({ path: `/v1/customers/${customer}/360`, as: { customer } });
  return z
    .array(z.object({ id: z.string() }))
    .parse(json.accounts)
    .map(({ id }) => id);
};

describe('a payment', () => {
  it('sent again under its key is answered to the byte as the first time, and taken once', async () => {
    const { account } = world.amara;
    const [key, before] = [freshKey(), await balanceOf(account)];
    const first = await pay(account, key, 1234);
    const again = await pay(account, key, 1234);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(await balanceOf(account)).toBe(before - 1234);
    const other = await pay(account, key, 99);
    expect([other.status, await balanceOf(account)]).toEqual([422, before - 1234]);
  });

  it('sent ten times at once under one key is taken once, and every sender is told the same or to try again', async () => {
    const { account } = world.amara;
    const [key, before] = [freshKey(), await balanceOf(account)];
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(account, key, 777)));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken.length).toBeGreaterThanOrEqual(1);
    expect(new Set(taken.map(({ text }) => text)).size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true);
    expect(await balanceOf(account)).toBe(before - 777);
  });

  it('of ten agents at once is taken from each, and the ledger ends in the balance', async () => {
    const { account } = world.amara;
    const before = await balanceOf(account);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => pay(account, freshKey(), 100 + n)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(await balanceOf(account)).toBe(before - 1045);
    const { json } = await system.must({ path: `/v1/accounts/${account}/ledger?limit=100`, as: agent });
    const entries = z
      .array(
        z.object({ amount: z.object({ amountMinor: z.number() }), balance: z.object({ amountMinor: z.number() }) }),
      )
      .parse(json.data);
    expect(entries[0]?.balance.amountMinor).toBe(before - 1045);
    expect(entries.reduce((sum, entry) => sum + entry.amount.amountMinor, 0)).toBe(before - 1045);
  });

  it('in another currency than the account is kept in is refused, and not taken without effect', async () => {
    const { account } = world.amara;
    const before = await balanceOf(account);
    const answer = await pay(account, freshKey(), 500, 'EUR');
    expect([answer.status, answer.json.code]).toEqual([422, 'payment.currency']);
    expect(await balanceOf(account)).toBe(before);
  });

  it('of the billing system that says its own id again is a duplicate', async () => {
    const { account } = world.amara;
    const before = await balanceOf(account);
    const fact = byBilling('twice', 'billing.payment.received.v1', '2026-02-01T08:00:00Z', {
      account,
      amount: gbp(50),
    });
    const as = { client: 'billing' };
    const { json } = await system.must({ method: 'POST', path: '/v1/facts', as, json: { facts: [fact, fact] } });
    expect(json.results).toMatchObject([{ status: 'accepted' }, { status: 'duplicate' }]);
    expect(await balanceOf(account)).toBe(before - 50);
  });
});

describe('a change of what another has changed meanwhile', () => {
  it('is refused with the version that stands, and the first change stays', async () => {
    const path = `/v1/customers/${world.carl.customer}`;
    const seen = await system.must({ path, as: agent });
    const headers = { 'if-match': seen.headers.get('etag') ?? '' };
    const first = await system.ask({ method: 'PATCH', path, as: agent, headers, json: { language: 'sv' } });
    const second = await system.ask({ method: 'PATCH', path, as: agent, headers, json: { language: 'cy' } });
    expect([first.status, second.status, second.json.code]).toEqual([200, 412, 'version.stale']);
    expect(`"v${String(second.json.currentVersion)}"`).toBe(first.headers.get('etag'));
    const after = await system.must({ path, as: agent });
    expect([after.json.language, after.headers.get('etag')]).toEqual(['sv', first.headers.get('etag')]);
  });

  it('is refused to all but one of many who change it at the same moment', async () => {
    const path = `/v1/customers/${world.carl.customer}`;
    const etag = (await system.must({ path, as: agent })).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        system.ask({
          method: 'PATCH',
          path,
          as: agent,
          headers: { 'if-match': etag },
          json: { name: { given: 'Carl', family: `Lindqvist-${n}` } },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
  });
});

describe('contact points', () => {
  it('past the most that a customer may have are refused as such, not lost', async () => {
    const { json } = await system.must({
      method: 'POST',
      path: '/v1/customers',
      as: agent,
      json: { kind: 'person', name: { family: 'Manyphones' } },
    });
    const path = `/v1/customers/${String(json.id)}/contact-points`;
    const statuses: number[] = [];
    for (let n = 0; n < 51; n += 1) {
      const value = `0163296${String(n).padStart(4, '0')}`;
      const answer = await system.ask({ method: 'POST', path, as: agent, json: { kind: 'phone', value } });
      statuses.push(answer.status);
      if (answer.status !== 201) expect(answer.json.code).toBe('request.without-effect');
    }
    expect(statuses).toEqual([...Array(50).fill(201), 409]);
    const point = { kind: 'post', value: '漢'.repeat(300) };
    expect((await system.ask({ method: 'POST', path, as: agent, json: point })).status).toBe(409);
  });
});

describe('who sees an account', () => {
  it('is whoever has a role on it today, and of their own time those who had: what hangs on a home is theirs no more', async () => {
    const { account } = world.amara;
    expect(await accountsSeenBy(world.ben)).toEqual([account]);
    await sendFacts(system, [
      byBilling('ben-left', 'account.role.ended.v1', new Date().toISOString(), {
        account,
        customer: world.ben,
        role: 'joint',
        to: today(),
      }),
    ]);
    const as = { customer: world.ben };
    const left = await system.must({ path: `/v1/accounts/${account}`, as });
    expect([left.json.holders, left.json.formerHolders]).toMatchObject([[], [{ customerId: world.ben, to: today() }]]);
    await system.settle();
    for (const path of [`/v1/premises/${world.amara.premise}`, `/v1/meters/${world.amara.meter}`]) {
      expect([path, (await system.ask({ path, as })).status]).toEqual([path, 404]);
    }
    expect(await accountsSeenBy(world.amara.customer)).toEqual([account]);
    const was = await system.served.system.store
      .table('profile')
      .query({ pk: `CUS#${world.ben}`, prefix: 'WAS#', consistent: true });
    expect(was.items).toHaveLength(1);
    expect(await accountsSeenBy(world.ben)).toEqual([account]);
  });

  it('sees in the timeline what happened while they owed, page by page, and nothing before or after; of a time in which they only paid, nothing', async () => {
    const [from, to] = ['2026-03-01', '2026-05-01'];
    const month = (date: string, n: number) =>
      byBilling(`timeline-${date}`, 'billing.bill.issued.v1', `${date}T09:00:00.000Z`, {
        account: world.carl.account,
        amount: gbp(1000 + n),
        issuedOn: date,
        dueOn: addDays(date, 14),
      });
    const dates = ['2026-02-15', '2026-03-01', '2026-03-15', '2026-04-15', '2026-04-30', '2026-05-01', '2026-05-15'];
    await sendFacts(system, dates.map(month));
    await sendFacts(system, [
      byCrm('cus-dora', 'customer.profile.registered.v1', '2026-02-01T08:00:00.000Z', {
        kind: 'person',
        name: { family: 'Dorado' },
        references: [{ namespace: 'crm', value: 'dora' }],
      }),
    ]);
    await sendFacts(
      system,
      [roleFact('carl', 'dora', 'joint', from), roleFact('carl', 'ben', 'payer', from)].map((role) => ({
        ...role,
        data: { ...role.data, to },
      })),
    );
    await system.settle();
    const dora = String((await system.must({ path: '/v1/customers/crm:dora', as: agent })).json.id);
    const seen: string[] = [];
    let next: string | undefined = `/v1/customers/${dora}/timeline?family=billing&limit=2`;
    let pages = 0;
    while (next !== undefined) {
      const answer: Answer = await system.must({ path: next, as: agent });
      const entries = z.array(z.object({ type: z.string(), occurredAt: z.string() })).parse(answer.json.data);
      seen.push(...entries.map((entry) => entry.occurredAt.slice(0, 10)));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      pages += 1;
    }
    expect(seen).toEqual(['2026-04-30', '2026-04-15', '2026-03-15', '2026-03-01']);
    expect(pages).toBe(2);
    const ben = await system.must({ path: '/v1/customers/crm:ben/timeline?family=billing', as: agent });
    const own = z
      .array(z.looseObject({ data: z.looseObject({ issuedOn: z.string().optional() }) }))
      .parse(ben.json.data);
    expect(own.filter(({ data }) => dates.includes(data.issuedOn ?? ''))).toEqual([]);
  });
});

describe('the access log of a customer', () => {
  it('names who looked, when, what for and at what, and also who was refused', async () => {
    const { customer } = world.carl;
    const view = `/v1/customers/${customer}/360`;
    const seen = await system.must({
      path: view,
      as: { role: 'billing' },
      headers: { 'rotunda-purpose': 'debt', 'x-request-id': 'looked-by-billing' },
    });
    expect(seen.requestId).toBe('looked-by-billing');
    await system.ask({ path: view, as: { customer: world.ben }, headers: { 'x-request-id': 'looked-by-ben' } });
    await system.ask({ path: view, headers: { 'x-request-id': 'looked-by-nobody' } });
    await system.must({ path: '/v1/customers?q=lindqvist', as: agent, headers: { 'x-request-id': 'found-by-agent' } });
    const log = await system.must({ path: `/v1/customers/${customer}/access-log?limit=100`, as: { role: 'privacy' } });
    const entries = z
      .array(
        z.looseObject({
          requestId: z.string(),
          actorKind: z.string(),
          outcome: z.string(),
          purpose: z.string().optional(),
        }),
      )
      .parse(log.json.data);
    const of = (requestId: string) => entries.filter((entry) => entry.requestId === requestId);
    expect(of('looked-by-billing')).toMatchObject([
      { actor: 'billing', purpose: 'debt', outcome: 'allowed', route: 'GET /v1/customers/{id}/360' },
    ]);
    // Attempts are told with nothing that the caller chose, those of nobody known not at all.
    expect([...of('looked-by-ben'), ...of('looked-by-nobody')]).toEqual([]);
    expect(entries.filter(({ actorKind, outcome }) => actorKind === 'customer' && outcome !== 'allowed')).toMatchObject(
      [{ actorKind: 'customer', outcome: 'refused:not-found', times: 1 }],
    );
    expect(of('found-by-agent')).toMatchObject([{ actor: 'agent', act: 'customer.search', outcome: 'allowed' }]);
  });

  it('shows the customer the same looks without the names of colleagues, and is itself logged', async () => {
    const { customer } = world.carl;
    const as = { customer };
    const path = `/v1/customers/${customer}/access-log?limit=100`;
    const own = await system.must({ path, as });
    const entries = z.array(z.record(z.string(), z.unknown())).parse(own.json.data);
    expect(entries.length).toBeGreaterThan(4);
    for (const entry of entries) expect(Object.keys(entry)).not.toContain('actor');
    const again = await system.must({ path, as });
    const acts = z.array(z.object({ act: z.string(), actorKind: z.string() })).parse(again.json.data);
    expect(acts[0]).toEqual(expect.objectContaining({ act: 'access-log.read', actorKind: 'customer' }));
  });

  it('is sealed, and verifies as untouched', async () => {
    await system.settle();
    const { json } = await system.must({
      method: 'POST',
      path: '/_local/ops/verify-audit',
      as: { role: 'operator' },
      json: {},
    });
    expect(json).toMatchObject({ ok: true, faults: [] });
    expect(Number(json.entries)).toBeGreaterThan(20);
  });
});
