import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byBilling,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  type SentFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/**
 * One account: Dora, Mia and Noa owed until they left, Emil took it over, of which his system told months later. Mia then paid for
 * him for a while, Noa is to come back, and Hal and Pat acted for whoever held it. Places that Emil alone had served are many.
 */

const [left, late, during, today] = ['2026-03-01', '2026-07-01', '2026-05-20', '2026-08-01'];
const people = ['dora', 'emil', 'mia', 'noa', 'hal', 'pat'] as const;
type Person = (typeof people)[number];
const { account } = named('quay');
const ofEmil = ['bill-emil', 'paid-emil', 'role-emil-holder', 'takes-mole', 'takes-pier'];
const asked: readonly string[] = [during, today];

let system: RunningSystem;
let quay = '';
const ids = new Map<string, string>();
const things = new Map<string, string>();

const at = (date: string): string => `${date}T08:00:00.000Z`;
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const granted = (person: Person, role: string, from: string, to?: string, told = from): SentFact =>
  byBilling(`role-${person}-${role}`, 'account.role.granted.v1', at(told), {
    account,
    customer: { namespace: 'crm', value: person },
    role,
    from,
    ...(to === undefined ? {} : { to }),
  });
const takes = (place: string): SentFact =>
  byBilling(`takes-${place}`, 'account.agreement.started.v1', at('2026-03-05'), {
    account,
    servicePoint: named(place).servicePoint,
    tariff: 'STANDARD',
    from: '2026-03-05',
  });
const billed = (person: string, amount: number, on: string): SentFact =>
  byBilling(`bill-${person}`, 'billing.bill.issued.v1', at(on), {
    account,
    number: `N-${person}`,
    amount: gbp(amount),
    issuedOn: on,
    dueOn: addDays(on, 14),
  });
const paid = (person: string, amount: number, on: string): SentFact =>
  byBilling(`paid-${person}`, 'billing.payment.received.v1', at(on), {
    account,
    amount: gbp(amount),
    receivedOn: on,
    method: 'card',
  });

const get = async (person: Person, path: string) =>
  system.ask({ path: path.replace('{me}', ids.get(person) ?? ''), as: { customer: ids.get(person) ?? '' } });
const Owed = z.object({ balance: z.object({ amountMinor: z.int() }) });

beforeAll(async () => {
  system = await RunningSystem.start();
  const kept = await sendFacts(system, [
    ...['quay', 'mole', 'pier'].flatMap((place) => placeFacts(place, `1 ${place} Street`)),
    ...people.map((name) => personFact(name, name, 'Quayside')),
    ...accountFacts('quay'),
    roleFact('quay', 'dora', 'holder'),
    granted('dora', 'holder', '2025-10-01', left, '2026-02-20'),
    granted('mia', 'joint', '2025-10-01', left),
    granted('mia', 'payer', '2026-04-01', '2026-06-01'),
    granted('noa', 'joint', '2025-10-01', left),
    byBilling('role-noa-again', 'account.role.granted.v1', at('2026-05-01'), {
      account,
      customer: { namespace: 'crm', value: 'noa' },
      role: 'joint',
      from: '2099-01-01',
    }),
    granted('hal', 'agent', '2026-01-01', '2026-06-01'),
    granted('pat', 'payer', '2026-01-01', '2026-06-01'),
    billed('dora', 1111, '2026-02-15'),
    paid('dora', 500, '2026-02-20'),
    takes('mole'),
    takes('pier'),
    billed('emil', 2222, '2026-04-15'),
    paid('emil', 50, '2026-05-10'),
    granted('emil', 'holder', left, undefined, late),
  ]);
  await system.settle();
  for (const [event, fact] of kept) things.set(event, fact);
  for (const name of people) ids.set(name, await idNamed(system, `/v1/customers/crm:${name}`));
  quay = await idNamed(system, `/v1/accounts/${encodeURIComponent('billing:quay 1/2')}`);
  for (const place of ['mole', 'pier'])
    things.set(`point ${place}`, await idNamed(system, `/v1/service-points/mpan:${place}`));
  const answer = await system.must({
    path: `/v1/accounts/${quay}/ledger`,
    as: { role: 'billing' },
    headers: { 'rotunda-purpose': 'billing' },
  });
  const { data } = z.object({ data: z.array(z.object({ factId: z.string(), id: z.string() })) }).parse(answer.json);
  for (const { factId, id } of data)
    for (const event of ['bill-emil', 'paid-emil']) if (kept.get(event) === factId) things.set(`id of ${event}`, id);
});
afterAll(() => system.stop());

/** What an answer names of Emil and of what came after the others had left. */
const toldOfEmil = (text: string): readonly string[] =>
  [
    ...[...things].filter(([name]) => [...ofEmil, 'point '].some((one) => name.includes(one))),
    ['emil', ids.get('emil') ?? ''] as const,
  ]
    .filter(([, id]) => text.includes(id))
    .map(([name]) => name);

describe('somebody who owed and left, whatever they were afterwards or are to be', () => {
  const paths = () => [
    ...['', '/agreements', '/bills', '/payments', '/ledger'].map((list) => `/v1/accounts/${quay}${list}`),
    ...asked.flatMap((date) => [`/v1/accounts/${quay}?asOf=${at(date)}`, `/v1/customers/{me}/360?asOf=${at(date)}`]),
    '/v1/customers/{me}/360',
  ];

  it.each(['dora', 'mia', 'noa'] as const)('%s is told nothing of who came after', async (person) => {
    for (const path of paths()) {
      const { status, text } = await get(person, path);
      // Where they are to have service with a role to come, they are told of in the 360 view.
      const isToCome = person === 'noa' && path.includes('/360');
      const told = toldOfEmil(text).filter((name) => !isToCome || !name.startsWith('point '));
      expect([path, status, told]).toEqual([path, 200, []]);
    }
  });

  it.each(['dora', 'mia', 'noa'] as const)('%s has no fact of it, by its id or in their story', async (person) => {
    expect(toldOfEmil((await get(person, '/v1/customers/{me}/timeline?limit=100')).text)).toEqual([]);
    for (const event of ofEmil)
      expect([event, (await get(person, `/v1/facts/${things.get(event)}`)).status]).toEqual([event, 404]);
  });

  it.each(['dora', 'mia', 'noa'] as const)(
    '%s is told the debt of their own time alone, at any moment',
    async (person) => {
      const told = await Promise.all(
        ['', ...asked.map((date) => `?asOf=${at(date)}`)].map(
          async (query) => Owed.parse((await get(person, `/v1/accounts/${quay}${query}`)).json).balance.amountMinor,
        ),
      );
      // Emil's payment settled some of the oldest debt.
      expect(told).toEqual([8423 + 1111 - 550, 8423 + 1111 - 550, 8423 + 1111 - 550]);
    },
  );

  it.each(['dora', 'mia', 'noa'] as const)(
    '%s is given one page of agreements, by no count of the others',
    async (person) => {
      const Page = z.object({
        data: z.array(z.object({ servicePointId: z.string(), to: z.string().optional() })),
        next: z.string().nullable(),
      });
      for (const limit of [1, 2, 50]) {
        const page = Page.parse((await get(person, `/v1/accounts/${quay}/agreements?limit=${limit}`)).json);
        expect([page.data.map(({ to }) => to), page.next]).toEqual([[left], null]);
      }
    },
  );

  it('noa, who is to come back, has the version and the service of who has left', async () => {
    const [noa, dora] = await Promise.all(
      (['noa', 'dora'] as const).map(async (person) => (await get(person, `/v1/accounts/${quay}`)).json),
    );
    expect([noa?.version, noa?.agreements]).toEqual([dora?.version, dora?.agreements]);
  });
});

describe('somebody who acted for another, and does no longer', () => {
  it.each(['hal', 'pat'] as const)('%s keeps nothing of the account, in no past', async (person) => {
    for (const list of ['', '/agreements', '/bills', '/payments', '/ledger', `?asOf=${at(during)}`])
      expect([list, (await get(person, `/v1/accounts/${quay}${list}`)).status]).toEqual([list, 404]);
    for (const path of ['360', `360?asOf=${at(during)}`]) {
      const { text } = await get(person, `/v1/customers/{me}/${path}`);
      expect([path, toldOfEmil(text), text.includes(ids.get('dora') ?? ''), text.includes('amountMinor')]).toEqual([
        path,
        [],
        false,
        false,
      ]);
    }
  });

  it.each(['hal', 'pat'] as const)(
    '%s has no fact of it either, by its id or in their story, but their own',
    async (person) => {
      const told = (await get(person, '/v1/customers/{me}/timeline?limit=100')).text;
      const ownRole = `role-${person}-${person === 'hal' ? 'agent' : 'payer'}`;
      for (const event of [ownRole, 'bill-dora', 'paid-dora', 'role-dora-holder', 'takes-mole', ...ofEmil]) {
        const fact = things.get(event) ?? '';
        const isOwn = event === ownRole;
        expect([event, (await get(person, `/v1/facts/${fact}`)).status]).toEqual([event, isOwn ? 200 : 404]);
        expect([event, told.includes(fact)]).toEqual([event, isOwn]);
      }
    },
  );

  it('keeps the role itself as a matter of their own', async () => {
    const { json } = await get('hal', '/v1/customers/{me}/accounts');
    expect(json.data).toEqual([{ accountId: quay, role: 'agent', from: '2026-01-01', to: '2026-06-01' }]);
  });
});
