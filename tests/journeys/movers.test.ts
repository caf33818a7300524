import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ShownView } from '#cli/shown-view.ts';
import { viewScreen } from '#cli/view-screen.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { byBilling, idNamed, named, personFact, placeFacts, sendFacts } from '#tests/support/small-world.ts';

/**
 * Dora moved out of the home on the quay and left a debt, Emil took it over on an account of his own. Finn left his account, which
 * Gus took over a month later.
 */

const moved = '2026-03-01';
const began = '2025-10-01';
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const agent = { role: 'agent' };
const people = ['dora', 'emil', 'finn', 'gus'] as const;
type Person = (typeof people)[number];
let system: RunningSystem;
const ids = new Map<string, string>();
const idOf = (name: string): string => ids.get(name) ?? '';
const as = (person: Person) => ({ customer: idOf(person) });

const accountNamed = (name: string) => named(name).account;
const opened = (name: string, on: string) =>
  byBilling(`acc-${name}`, 'account.account.opened.v1', `${on}T08:00:00.000Z`, {
    currency: 'GBP',
    references: [accountNamed(name)],
  });
const holds = (name: string, person: Person, from: string) =>
  byBilling(`rol-${name}-${person}`, 'account.role.granted.v1', `${from}T08:00:00.000Z`, {
    account: accountNamed(name),
    customer: { namespace: 'crm', value: person },
    role: 'holder',
    from,
  });
const leaves = (name: string, person: Person, to: string) =>
  byBilling(`end-${name}-${person}`, 'account.role.ended.v1', `${to}T08:00:00.000Z`, {
    account: accountNamed(name),
    customer: { namespace: 'crm', value: person },
    role: 'holder',
    to,
  });
const agreed = (name: string, home: string, from: string) =>
  byBilling(`agr-${name}`, 'account.agreement.started.v1', `${from}T08:00:00.000Z`, {
    account: accountNamed(name),
    servicePoint: named(home).servicePoint,
    tariff: 'STANDARD',
    from,
  });
const unagreed = (name: string, home: string, to: string) =>
  byBilling(`end-agr-${name}`, 'account.agreement.ended.v1', `${to}T08:00:00.000Z`, {
    account: accountNamed(name),
    servicePoint: named(home).servicePoint,
    to,
  });
const billed = (name: string, number: string, amount: number, issuedOn: string, more: object = {}) =>
  byBilling(`bil-${number}`, 'billing.bill.issued.v1', `${issuedOn}T08:00:00.000Z`, {
    account: accountNamed(name),
    number,
    amount: gbp(amount),
    issuedOn,
    dueOn: `${issuedOn.slice(0, 8)}20`,
    ...more,
  });
const paid = (name: string, event: string, amount: number, receivedOn: string) =>
  byBilling(event, 'billing.payment.received.v1', `${receivedOn}T09:00:00.000Z`, {
    account: accountNamed(name),
    amount: gbp(amount),
    method: 'card',
    receivedOn,
  });

beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    ...placeFacts('quay', '12 Quay Street'),
    ...placeFacts('mill', '3 Mill Lane'),
    ...people.map((name) => personFact(name, name, 'Quayside')),
    ...[opened('dora', began), holds('dora', 'dora', began), agreed('dora', 'quay', began)],
    ...[opened('mill', began), holds('mill', 'finn', began), agreed('mill', 'mill', began)],
    billed('dora', 'D-1001', 8000, '2026-01-05', { periodFrom: began, periodTo: '2026-01-01' }),
    paid('dora', 'pay-d-1', 8000, '2026-01-19'),
    leaves('dora', 'dora', moved),
    unagreed('dora', 'quay', moved),
    ...[opened('emil', moved), holds('emil', 'emil', moved), agreed('emil', 'quay', moved)],
    billed('dora', 'D-2001', 4500, '2026-03-06', { periodFrom: '2026-01-01', periodTo: moved }),
    paid('dora', 'pay-d-2', 1500, '2026-03-25'),
    // The final bill of Finn does not say its days, and comes when he has left and Gus has not come.
    leaves('mill', 'finn', moved),
    billed('mill', 'F-1', 2000, '2026-03-10'),
    holds('mill', 'gus', '2026-04-01'),
    billed('mill', 'G-SECRET', 3333, '2026-05-05', { periodFrom: '2026-04-01', periodTo: '2026-05-01' }),
    paid('mill', 'pay-g-1', 111, '2026-05-06'),
  ]);
  await system.settle();
  for (const name of people) ids.set(name, await idNamed(system, `/v1/customers/crm:${name}`));
  for (const name of ['dora', 'emil', 'mill'])
    ids.set(`acc-${name}`, await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${name} 1/2`)}`));
  ids.set('point', await idNamed(system, '/v1/service-points/mpan:quay'));
});
afterAll(() => system.stop());

const View = z.looseObject({
  customer: z.looseObject({ status: z.string() }),
  alerts: z.array(z.looseObject({ class: z.string(), text: z.string().optional() })),
  accounts: z.array(z.looseObject({ id: z.string() })),
  nextSteps: z.array(z.string()).optional(),
});
const viewOf = async (person: Person, reader: Asker = agent) =>
  View.parse((await system.must({ path: `/v1/customers/${idOf(person)}/360`, as: reader })).json);
const pathsOf = (person: Person, account: string) => [
  `/v1/customers/${idOf(person)}/360`,
  `/v1/customers/${idOf(person)}`,
  `/v1/customers/${idOf(person)}/timeline?limit=100`,
  ...['', '/bills', '/payments', '/ledger'].map((part) => `/v1/accounts/${idOf(account)}${part}`),
];

describe('somebody who moved out with a debt', () => {
  it('is shown to staff as a former customer, with the closed account, its final bill and what is still owed', async () => {
    expect(await viewOf('dora')).toMatchObject({
      customer: { status: 'former' },
      accounts: [
        {
          id: idOf('acc-dora'),
          status: 'closed',
          roles: [],
          formerRoles: [{ role: 'holder', from: began, to: moved }],
          balance: gbp(3000),
          overdue: gbp(3000),
          lastBill: { amount: gbp(4500), issuedOn: '2026-03-06' },
          previousBill: { amount: gbp(8000) },
          lastPayments: [{ amount: gbp(1500), receivedOn: '2026-03-25' }, { amount: gbp(8000) }],
          agreements: [],
        },
      ],
      premises: [],
    });
  });

  it('is an alert for whoever picks up the phone: how much, since when, why, and what to do', async () => {
    const { alerts, nextSteps } = await viewOf('dora');
    expect(alerts).toMatchObject([
      {
        class: 'financial',
        text: '30.00 GBP still owed on a former account, 30.00 GBP overdue since 2026-03-20',
        because: [`The customer left the account on ${moved}, and what was billed for their time is not settled.`],
        evidence: [idOf('acc-dora')],
        since: '2026-03-20',
      },
    ]);
    expect(nextSteps).toEqual([expect.stringMatching(/^Ask where the final bill of the former account went/)]);
  });

  it('stands so on the screen of a terminal', async () => {
    const { json } = await system.must({ path: `/v1/customers/${idOf('dora')}/360`, as: agent });
    const screen = viewScreen(ShownView.parse(json), 140)
      .map(({ text }) => text)
      .join('\n');
    expect(screen).toMatch(/· former ·/);
    expect(screen).toContain(`former holder ${began} to ${moved} · closed`);
    expect(screen).toContain('OVERDUE 30.00 GBP');
  });

  it('is found by the number of the account and of the final bill, marked as one who has left it', async () => {
    const hits = async (q: string) =>
      (await system.must({ path: `/v1/customers?q=${encodeURIComponent(q)}`, as: agent })).json.data;
    for (const q of ['dora1/2', 'D-2001', 'Dora Quayside'])
      expect([q, await hits(q)]).toMatchObject([
        q,
        [{ id: idOf('dora'), accounts: [], formerAccounts: [idOf('acc-dora')] }],
      ]);
    const [both] = [await hits('mill1/2')];
    expect(both).toMatchObject(
      [
        { id: idOf('finn'), formerAccounts: [idOf('acc-mill')] },
        { id: idOf('gus'), accounts: [idOf('acc-mill')] },
      ].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('reads in their own app what was theirs: account, bills, payments, ledger, and what was agreed', async () => {
    const own = async (path: string) => (await system.must({ path, as: as('dora') })).json;
    const account = `/v1/accounts/${idOf('acc-dora')}`;
    expect((await viewOf('dora', as('dora'))).accounts).toMatchObject([{ balance: gbp(3000), status: 'closed' }]);
    expect(await own(account)).toMatchObject({
      status: 'closed',
      holders: [],
      formerHolders: [{ customerId: idOf('dora'), role: 'holder', from: began, to: moved }],
      agreements: [{ servicePointId: idOf('point'), from: began, to: moved }],
      balance: gbp(3000),
      overdue: gbp(3000),
      lastBill: { number: 'D-2001' },
    });
    expect((await own(`${account}/bills`)).data).toMatchObject([
      { number: 'D-2001', open: gbp(3000) },
      { number: 'D-1001', open: gbp(0) },
    ]);
    expect((await own(`${account}/payments`)).data).toMatchObject([{ amount: gbp(1500) }, { amount: gbp(8000) }]);
    expect((await own(`${account}/ledger`)).data).toHaveLength(4);
    const timeline = await own(`/v1/customers/${idOf('dora')}/timeline?family=billing`);
    expect(timeline.data).toHaveLength(4);
    const bill = z.array(z.looseObject({ id: z.string() })).parse(timeline.data)[0]?.id ?? '';
    expect((await own(`/v1/facts/${bill}`)).id).toBe(bill);
  });

  it('has the looks of staff at the account in their own log, since it is nobody else’s', async () => {
    const { requestId } = await system.must({ path: `/v1/accounts/${idOf('acc-dora')}`, as: agent });
    expect(await system.entriesOf(idOf('dora'), requestId)).toHaveLength(1);
    expect(await system.entriesOf(idOf('emil'), requestId)).toHaveLength(0);
  });

  it('leaves nothing to whoever moved in: neither is told of the other', async () => {
    for (const path of pathsOf('emil', 'acc-dora').slice(3))
      expect([path, (await system.ask({ path, as: as('emil') })).status]).toEqual([path, 404]);
    for (const path of pathsOf('dora', 'acc-emil').slice(3))
      expect([path, (await system.ask({ path, as: as('dora') })).status]).toEqual([path, 404]);
    for (const path of pathsOf('dora', 'acc-dora')) {
      const { text } = await system.must({ path, as: as('dora') });
      expect([path, text.includes(idOf('emil')) || text.includes(idOf('acc-emil'))]).toEqual([path, false]);
    }
  });

  it('is no alert any more once the debt is settled, and keeps the account', async () => {
    await system.must({
      method: 'POST',
      path: `/v1/accounts/${idOf('acc-dora')}/payments`,
      as: agent,
      headers: { 'idempotency-key': 'dora-settles' },
      json: { amount: gbp(3000), method: 'card' },
    });
    const view = await viewOf('dora');
    expect([view.alerts, view.nextSteps]).toEqual([[], []]);
    expect(view.accounts).toMatchObject([
      { status: 'closed', balance: gbp(0), lastPayments: [{ amount: gbp(3000) }, {}, {}] },
    ]);
  });
});

describe('somebody whose account another took over', () => {
  it('owes the final bill that came before the other did, and no more', async () => {
    for (const reader of [agent, as('finn')])
      expect((await viewOf('finn', reader)).accounts).toMatchObject([
        { formerRoles: [{ to: moved }], balance: gbp(1889), lastBill: { amount: gbp(2000) }, lastPayments: [] },
      ]);
  });

  it('is told nothing of the other: not by name, bill, payment, or that there is one', async () => {
    for (const path of pathsOf('finn', 'acc-mill')) {
      const { text } = await system.must({ path, as: as('finn') });
      for (const secret of [idOf('gus'), 'G-SECRET', '3333', '2026-05-0', '111,'])
        expect([path, secret, text.includes(secret)]).toEqual([path, secret, false]);
    }
    expect((await system.must({ path: '/v1/customers?q=G-SECRET', as: as('finn') })).json.data).toEqual([]);
  });

  it('is told to staff with the account beside whose it is now', async () => {
    const { json } = await system.must({ path: `/v1/accounts/${idOf('acc-mill')}`, as: agent });
    expect(json).toMatchObject({
      status: 'open',
      holders: [{ customerId: idOf('gus') }],
      formerHolders: [{ customerId: idOf('finn'), to: moved }],
    });
  });
});

describe('an account that was closed', () => {
  it('is open again for the next who holds it, and stays closed for those who had left', async () => {
    await sendFacts(system, [holds('dora', 'gus', '2026-06-01')]);
    await system.settle();
    const { json } = await system.must({ path: `/v1/accounts/${idOf('acc-dora')}`, as: agent });
    expect([json.status, json.holders]).toMatchObject(['open', [{ customerId: idOf('gus') }]]);
    expect((await viewOf('dora', as('dora'))).accounts).toMatchObject([{ status: 'closed' }]);
    expect((await viewOf('gus')).accounts.map(({ status }) => status)).toEqual(['open', 'open']);
    const { text } = await system.must({ path: `/v1/accounts/${idOf('acc-dora')}`, as: as('dora') });
    expect(text).not.toContain(idOf('gus'));
  });
});
