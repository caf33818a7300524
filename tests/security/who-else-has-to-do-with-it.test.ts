import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Asker, Request } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  byField,
  freshKey,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** One house with two homes; each who has to do with one of them, and what they would hear of the others. */

const helpers = ['payer', 'guarantor', 'landlord', 'nominee'] as const;
const people = ['ann', 'joan', ...helpers, 'payer-since', 'to-come', 'heir', 'mistaken', 'bob'] as const;
type Person = (typeof people)[number];

let system: RunningSystem;
let facts: ReadonlyMap<string, string>;
const customers = new Map<string, string>();
let premise = '';
const as = (who: Person) => ({ customer: customers.get(who) ?? '' });
const flat = named('flat');

const granted = (who: Person, role: string, from: string, to?: string, said = '08:00:02') =>
  byBilling(`rol-${who}`, 'account.role.granted.v1', `2025-10-01T${said}.000Z`, {
    account: flat.account,
    customer: named(who).customer,
    role,
    from,
    ...(to === undefined ? {} : { to }),
  });
const point = (name: string, commodity: string) =>
  byField(`svp-${name}`, 'premise.service-point.registered.v1', '2025-10-01T08:00:02.000Z', {
    premise: flat.premise,
    commodity,
    zone: 'Europe/London',
    references: [named(name).servicePoint],
  });

beforeAll(async () => {
  system = await RunningSystem.start();
  facts = await sendFacts(system, [
    ...placeFacts('flat', '3 Ferry Lane'),
    point('next-door', 'electricity'),
    point('next-door-gas', 'gas'),
    ...people.map((who) => personFact(who, 'Given', who)),
    ...accountFacts('flat'),
    ...accountFacts('next-door'),
    byBilling('agr-gas', 'account.agreement.started.v1', '2025-10-01T08:00:04.000Z', {
      account: named('next-door').account,
      servicePoint: named('next-door-gas').servicePoint,
      tariff: 'STANDARD',
      from: '2025-10-01',
    }),
    roleFact('next-door', 'bob', 'holder'),
    granted('ann', 'holder', '2025-10-01'),
    granted('joan', 'joint', '2025-10-01'),
    granted('mistaken', 'joint', '2025-10-01'),
    ...helpers.map((role) => granted(role, role, '2025-12-01', role === 'payer' ? '2026-03-01' : undefined)),
    granted('payer-since', 'payer', '2026-03-01'),
    granted('heir', 'executor', '2099-03-01', undefined, '09:00:00'),
    granted('to-come', 'payer', '2099-03-01', undefined, '10:00:00'),
    byBilling('paid', 'billing.payment.received.v1', '2026-02-10T08:00:00.000Z', {
      account: flat.account,
      amount: { amountMinor: 1111, currency: 'GBP' },
      receivedOn: '2026-02-10',
      references: [{ namespace: 'billing', value: 'paid' }],
    }),
    byBilling('bounced', 'billing.payment.reversed.v1', '2026-04-10T08:00:00.000Z', {
      account: flat.account,
      payment: { namespace: 'billing', value: 'paid' },
      reason: 'insufficient-funds',
    }),
  ]);
  await system.settle();
  const data = { factId: facts.get('rol-mistaken'), reason: 'Another customer was meant.' };
  const taken = byBilling('rol-taken-back', 'account.role.retracted.v1', '2026-05-01T08:00:00.000Z', data);
  facts = new Map([...facts, ...(await sendFacts(system, [taken]))]);
  await system.settle();
  for (const who of people) customers.set(who, await idNamed(system, `/v1/customers/crm:${who}`));
  premise = await idNamed(system, '/v1/premises/uprn:flat');
}, 60_000);
afterAll(() => system.stop());

const Told = z.object({ data: z.array(z.object({ id: z.string() })) });
/** The events that somebody is told of, one by one by their ids, and in their story. */
const told = async (who: Person, events: readonly string[]) => {
  const { json } = await system.must({ path: `/v1/customers/${customers.get(who)}/timeline?limit=100`, as: as(who) });
  const story = Told.parse(json).data.map(({ id }) => id);
  const byId = await Promise.all(
    events.map(async (event) => {
      const { status } = await system.ask({ path: `/v1/facts/${facts.get(event)}`, as: as(who) });
      return status === 200 ? [event] : [];
    }),
  );
  return { byId: byId.flat(), inStory: events.filter((event) => story.includes(facts.get(event) ?? '')) };
};
const both = (events: readonly string[]) => ({ byId: events, inStory: events });

describe('of others on an account', () => {
  const roles = ['rol-ann', 'rol-joan', ...helpers.map((role) => `rol-${role}`), 'rol-payer-since'];

  it.each(helpers)('a %s is told of themselves, and not who else acts', async (who) => {
    expect(await told(who, roles.slice(2))).toEqual(both([`rol-${who}`]));
  });

  it.each(['guarantor', 'landlord', 'nominee'] as const)(
    'a %s is told by no explanation that others act',
    async (who) => {
      const field = encodeURIComponent('accounts[0].debtOf');
      const path = `/v1/customers/${customers.get(who)}/explain?field=${field}`;
      const { text } = await system.must({ path, as: as(who) });
      expect(text).toContain('"holder"');
      for (const other of helpers) expect([other, text.includes(`"${other}"`)]).toEqual([other, false]);
    },
  );

  it('who is told of no money sees no more of an account when somebody pays', async () => {
    const path = `/v1/accounts/${encodeURIComponent('billing:flat 1/2')}`;
    const seen = async (who: Person) => {
      const { text, headers } = await system.must({ path, as: as(who) });
      expect(headers.get('etag')).toBeNull();
      return text;
    };
    const before = { landlord: await seen('landlord'), guarantor: await seen('guarantor') };
    const amount = { amountMinor: 500, currency: 'GBP' };
    const data = { account: flat.account, amount, receivedOn: '2026-07-01' };
    await sendFacts(system, [byBilling('paid-too', 'billing.payment.received.v1', '2026-07-01T08:00:00.000Z', data)]);
    expect(await seen('landlord')).toEqual(before.landlord);
    expect(await seen('guarantor')).not.toBe(before.guarantor);
  });

  it('whose role is to come is not told when somebody paid', async () => {
    const { text } = await system.must({ path: `/v1/customers/${customers.get('to-come')}/360`, as: as('to-come') });
    expect(text).toContain('"payer"');
    expect(text).not.toContain('2026-04-10');
  });

  it('who owes is told of all who act', async () => {
    expect(await told('ann', roles)).toEqual(both(roles));
    expect(await told('joan', roles)).toEqual(both(roles));
  });

  it('nothing is told to somebody who was given a role by mistake, and staff are told of the mistake', async () => {
    const mistake = ['rol-mistaken', 'rol-taken-back'];
    expect(await told('mistaken', [...mistake, ...roles])).toEqual(both([]));
    const path = `/v1/customers/${customers.get('mistaken')}/timeline?limit=100`;
    const { json } = await system.must({ path, as: { role: 'agent' } });
    const story = Told.parse(json).data.map(({ id }) => id);
    expect(mistake.filter((event) => story.includes(facts.get(event) ?? ''))).toEqual(mistake);
  });

  it('a reversal is told to those who are told of the payment, whenever it came', async () => {
    // Who paid for her then, and does no longer, keeps nothing of it.
    expect(await told('payer', ['paid', 'bounced'])).toEqual(both([]));
    expect(await told('payer-since', ['paid', 'bounced'])).toEqual(both([]));
    for (const who of ['ann', 'joan'] as const)
      expect(await told(who, ['paid', 'bounced'])).toEqual(both(['paid', 'bounced']));
  });
});

describe('of others at a premise', () => {
  const report = (asker: Asker, commodity: string) =>
    system.ask({ method: 'POST', path: '/v1/outages', as: asker, json: { premise, commodity } });
  const restore = (id: unknown) =>
    system.must({
      method: 'POST',
      path: `/v1/outages/${id}/restoration`,
      as: { role: 'supervisor' },
      headers: { 'rotunda-purpose': 'service' },
      json: {},
    });

  it('a neighbour is told of what they share, and of no word that the other sent with it', async () => {
    const headers = { 'x-request-id': 'word-to-my-neighbour' };
    const json = { premise, commodity: 'electricity', description: 'word to my neighbour' };
    const reported = await system.must({ method: 'POST', path: '/v1/outages', as: as('bob'), json, headers });
    for (const path of [`/v1/outages/${reported.json.id}`, `/v1/facts/${reported.json.factId}`]) {
      const { text } = await system.must({ path, as: as('ann') });
      expect(text).toContain('electricity');
      expect(text).not.toMatch(/word.to.my.neighbour/);
      expect(text).not.toContain(customers.get('bob'));
    }
    await restore(reported.json.id);
  });

  it('nobody is kept from telling of an outage by how often a customer has told of one', async () => {
    const first = await report(as('bob'), 'electricity');
    for (let nth = 2; nth <= 25; nth += 1) expect((await report(as('bob'), 'electricity')).status).toBe(200);
    expect((await report({ role: 'agent' }, 'gas')).status).toBe(201);
    await restore(first.json.id);
    const again = await report(as('bob'), 'electricity');
    expect([again.status, again.json.code]).toEqual([429, 'outage.too-many']);
    const second = await report(as('ann'), 'electricity');
    expect(second.status).toBe(201);
    await restore(second.json.id);
    expect((await report({ role: 'agent' }, 'electricity')).status).toBe(201);
  });
});

describe('the log of a neighbour', () => {
  const others = ['landlord', 'nominee'] as const;
  /** Those of the house in whose log a request stands. */
  const logged = async (request: Request): Promise<readonly Person[]> => {
    const { requestId } = await system.must(request);
    const found = await Promise.all(
      people.map(async (who) =>
        (await system.entriesOf(customers.get(who) ?? '', requestId)).length > 0 ? [who] : [],
      ),
    );
    return found.flat();
  };
  const outageOf = async (commodity: string): Promise<string> => {
    const json = { premise, commodity };
    const answer = await system.must({ method: 'POST', path: '/v1/outages', as: { role: 'agent' }, json });
    return String(answer.json.id);
  };
  const pointOf = (name: string) => idNamed(system, `/v1/service-points/mpan:${name}`);

  it('has no look of staff at what is not theirs', async () => {
    const [own, gas] = [await pointOf('flat'), await pointOf('next-door-gas')];
    const agent = { as: { role: 'agent' } };
    const meter = await addMeter(system, 'flat', 'RT-flat');
    expect(await logged({ path: `/v1/service-points/${gas}`, ...agent })).toEqual(['bob']);
    expect(await logged({ path: `/v1/outages/${await outageOf('gas')}`, ...agent })).toEqual(['bob']);
    for (const path of [`/v1/service-points/${own}`, `/v1/meters/${meter}`]) {
      const whose = await logged({ path, ...agent });
      expect([path, whose.includes('ann'), whose.includes('bob')]).toEqual([path, true, false]);
    }
    // Both take electricity at the premise that is dark.
    expect(await logged({ path: `/v1/premises/${premise}`, ...agent })).toContain('bob');
  });

  it('has nothing of what a customer reads and says of their own', async () => {
    const [own, gas] = [await pointOf('flat'), await pointOf('next-door-gas')];
    const outage = await outageOf('gas');
    for (const path of [`/v1/premises/${premise}`, `/v1/service-points/${gas}`, `/v1/outages/${outage}`])
      expect([path, await logged({ path, as: as('bob') })]).toEqual([path, ['bob']]);
    const json = { premise, commodity: 'gas' };
    const headers = { 'rotunda-reason': 'Read this, neighbour.' };
    expect(await logged({ method: 'POST', path: '/v1/outages', as: as('bob'), json, headers })).toEqual(['bob']);
    for (const path of [`/v1/premises/${premise}`, `/v1/service-points/${own}`]) {
      const whose = await logged({ path, as: as('landlord') });
      expect([path, whose]).toEqual([path, expect.arrayContaining(['ann', 'joan', ...others])]);
      expect([path, whose]).toEqual([path, expect.not.arrayContaining(['bob'])]);
    }
  });
});

describe('the log of a customer', () => {
  const Log = z.object({ data: z.array(z.looseObject({ actorKind: z.string(), act: z.string().optional() })) });
  const logOf = async (who: Person, asker: Pick<Request, 'as' | 'headers'>) => {
    const path = `/v1/customers/${customers.get(who)}/access-log?limit=100`;
    const entries = Log.parse((await system.must({ path, ...asker })).json).data;
    return entries.filter(({ actorKind }) => actorKind === 'staff');
  };
  const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } };
  const weighed = ['customer.merge-preview', 'duplicate.read', 'payment.reverse', 'reversal.read'];

  it('says that staff looked, and not whom they may take for whom or what they ask of a payment', async () => {
    const path = `/v1/accounts/${await idNamed(system, `/v1/accounts/${encodeURIComponent('billing:flat 1/2')}`)}`;
    const amount = { amountMinor: 250_000, currency: 'GBP' };
    const book = (to: string, json: object) => {
      const headers = { ...supervisor.headers, 'idempotency-key': freshKey() };
      return system.must({ method: 'POST', path: `${path}${to}`, ...supervisor, headers, json });
    };
    const paid = await book('/payments', { amount, method: 'card' });
    await book(`/payments/${paid.json.id}/reversal`, { reason: 'error', note: 'Another account was meant.' });
    await system.must({ path: '/v1/reversal-requests', ...supervisor });
    const pair = { survivor: customers.get('ann'), alias: customers.get('joan'), reason: 'One person.' };
    await system.must({ method: 'POST', path: '/v1/merges?dryRun=true', ...supervisor, json: pair });
    await system.must({ path: '/v1/duplicates', ...supervisor });
    const [theirs, whole] = [await logOf('ann', { as: as('ann') }), await logOf('ann', supervisor)];
    expect(weighed.filter((act) => whole.some((entry) => entry.act === act))).toEqual(weighed);
    expect(theirs.length).toBe(whole.length);
    expect(JSON.stringify(theirs)).not.toMatch(/duplicate|merge|revers/);
    expect(theirs.map(({ act }) => act)).toContain('payment.take');
  });
});
