import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  buildSmallWorld,
  byBilling,
  byCrm,
  freshKey,
  idNamed,
  personFact,
  type SmallWorld,
  sendFacts,
} from '#tests/support/small-world.ts';

/**
 * What is hidden from staff in the field leaves no trace: whatever is said of a class they do not see, each answer stays what it
 * was, in its values, its names of what is masked, its tag and what explains it.
 */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
}, 60_000);
afterAll(() => system.stop());

const agent = { as: { role: 'agent' }, headers: { 'rotunda-purpose': 'service' } } as const;

/** Values that are told to staff in the field, and what holds others: why each is what it is may be asked. */
const explained = [
  'customer.name',
  'customer.status',
  'customer.version',
  'contact.points',
  'contact.more',
  'alerts',
  'accounts[0].status',
  'accounts[0].roles',
  'accounts[0].lastPayments',
  'premises',
  'service',
  'interactions',
  'freshness',
  'freshness.sources',
  'freshness.sources[billing]',
  'freshness.sources[crm]',
  'freshness.sources[rotunda]',
  'omitted',
];

const paths = (): readonly string[] => {
  const customer = `/v1/customers/${world.amara.customer}`;
  return [
    customer,
    `${customer}/360`,
    `${customer}/timeline?limit=100`,
    ...explained.map((field) => `${customer}/explain?field=${encodeURIComponent(field)}`),
    `/v1/accounts/${world.amara.account}`,
    '/v1/customers?q=Okafor',
    '/v1/customers?q=07700900123',
    '/v1/customers?q=B-hidden',
  ];
};

/** An answer without what is of the asking alone: when it was, and what it is called. */
const steady = (text: string): string =>
  text.replaceAll(/"(?:requestId|asOf|next)":"[^"]*",?/g, '').replaceAll(/"lagSeconds":\d+/g, '');

const answers = async (purpose: string): Promise<Readonly<Record<string, string>>> => {
  await system.settle();
  const told: Record<string, string> = {};
  for (const path of paths()) {
    const answer = await system.ask({ path, as: { role: 'field' }, headers: { 'rotunda-purpose': purpose } });
    told[path] = `${answer.status} ${answer.headers.get('etag')} ${steady(answer.text)}`;
  }
  return told;
};

const today = (): string => system.served.system.today();
const own = () => ({ path: `/v1/customers/${world.amara.customer}`, as: { customer: world.amara.customer } });

/** What is said of classes that staff in the field do not see. */
const hidden: Readonly<Record<string, () => Promise<unknown>>> = {
  'a note of a call': () =>
    system.must({
      method: 'POST',
      path: `${own().path}/interactions`,
      ...agent,
      json: { channel: 'phone', reason: 'billing.high-bill', summary: 'Angry.', handover: 'Call back.' },
    }),
  'contact points, more than the view holds': async () => {
    for (let n = 0; n < 14; n += 1)
      await system.must({
        method: 'POST',
        path: `${own().path}/contact-points`,
        ...agent,
        json: {
          kind: 'email',
          value: `amara.okafor.${n}@a-rather-long-name-of-a-place.example.com`,
          label: `no. ${n}`,
        },
      });
  },
  'a change that the customer asks for': async () => {
    const etag = (await system.must(own())).headers.get('etag') ?? '';
    const asked = await system.ask({
      method: 'PATCH',
      ...own(),
      headers: { 'if-match': etag },
      json: { name: { family: 'Lind' } },
    });
    expect(asked.status).toBe(403);
  },
  'bills and payments': () =>
    sendFacts(system, [
      byBilling('hidden-bill', 'billing.bill.issued.v1', new Date().toISOString(), {
        account: world.amara.account,
        number: 'B-hidden',
        amount: { amountMinor: 12_345, currency: 'GBP' },
        issuedOn: today(),
        dueOn: addDays(today(), 14),
      }),
      byBilling('hidden-payment', 'billing.payment.received.v1', new Date().toISOString(), {
        account: world.amara.account,
        amount: { amountMinor: 45_678, currency: 'GBP' },
      }),
    ]),
  'a payment at the desk, and that it is taken back': async () => {
    const at = `/v1/accounts/${world.amara.account}/payments`;
    const headers = (): Record<string, string> => ({ ...agent.headers, 'idempotency-key': freshKey() });
    const json = { amount: { amountMinor: 60_000, currency: 'GBP' }, method: 'card' };
    const taken = await system.must({ method: 'POST', path: at, as: agent.as, headers: headers(), json });
    const why = { reason: 'error', note: 'Two noughts too many.' };
    const { id } = z.object({ id: z.string() }).parse(taken.json);
    await system.must({ method: 'POST', path: `${at}/${id}/reversal`, as: agent.as, headers: headers(), json: why });
  },
  'that contact points are taken for a mistake': async () => {
    const added = byCrm('hidden-point', 'customer.contact-point.added.v1', new Date().toISOString(), {
      customer: world.amara.customer,
      kind: 'phone',
      value: '07700 900123',
    });
    const factId = (await sendFacts(system, [added])).get('hidden-point');
    const data = { factId, reason: 'Of somebody else.' };
    await sendFacts(system, [
      byCrm('hidden-point-back', 'customer.contact-point.retracted.v1', new Date().toISOString(), data),
    ]);
  },
};

it.each(['service', 'safety'])('staff in the field who read for %s hear nothing of what is hidden', async (purpose) => {
  expect(Object.values(await answers(purpose)).filter((said) => said.startsWith('200')).length).toBeGreaterThan(9);
});

it.each(Object.keys(hidden))(
  '%s changes no answer to staff in the field',
  async (what) => {
    const before = await answers('service');
    await hidden[what]?.();
    expect(await answers('service')).toEqual(before);
  },
  60_000,
);

it('that a change was asked for, and decided on, is told to staff in the field by no fact', async () => {
  const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } } as const;
  const etag = (await system.must(own())).headers.get('etag') ?? '';
  const json = { name: { family: 'Lind-Okafor' } };
  const asked = await system.ask({ method: 'PATCH', ...own(), headers: { 'if-match': etag }, json });
  const decided = await system.must({
    method: 'POST',
    path: `${own().path}/change-requests/${String(asked.json.interactionId)}/decision`,
    ...supervisor,
    json: { outcome: 'declined', reason: 'No papers.' },
  });
  const path = `/v1/facts/${String(decided.json.factId)}`;
  expect((await system.must({ path, ...supervisor })).json.type).toBe('contact.change-request.settled.v1');
  const hiddenFact = await system.ask({ path, as: { role: 'field' }, headers: { 'rotunda-purpose': 'service' } });
  expect(hiddenFact.status).toBe(404);
  expect(factTypes.get('contact.change-request.made.v1')?.whole).toBe('contact');
});

it('what staff ask of one another about a payment changes no answer to the customer', async () => {
  const account = `/v1/accounts/${world.amara.account}`;
  const headers = (): Record<string, string> => ({ ...agent.headers, 'idempotency-key': freshKey() });
  const json = { amount: { amountMinor: 70_000, currency: 'GBP' }, method: 'card' };
  const path = `${account}/payments`;
  const taken = await system.must({ method: 'POST', path, as: agent.as, headers: headers(), json });
  const told = async (): Promise<readonly string[]> => {
    await system.settle();
    const customer = own().path;
    const asked = [account, path, `${account}/ledger`, `${customer}/timeline`, `/v1/premises/${world.amara.premise}`];
    const all = await Promise.all(asked.map((one) => system.must({ path: one, as: own().as })));
    return all.map((answer) => `${answer.headers.get('etag')} ${steady(answer.text)}`);
  };
  const before = await told();
  const why = { reason: 'error', note: 'Two noughts too many.' };
  await system.must({
    method: 'POST',
    path: `${path}/${String(taken.json.id)}/reversal`,
    as: agent.as,
    headers: headers(),
    json: why,
  });
  expect(await told()).toEqual(before);
});

it('what staff ask of one another about an erasure stands in no timeline and behind no value', async () => {
  await sendFacts(system, [personFact('lene', 'Lene', 'Aas')]);
  const id = await idNamed(system, '/v1/customers/crm:lene');
  const customer = `/v1/customers/${id}`;
  const readers = { customer: { as: { customer: id } }, agent };
  await system.must({
    method: 'POST',
    path: `${customer}/erasure`,
    as: { role: 'privacy' },
    headers: { 'rotunda-purpose': 'privacy', 'idempotency-key': freshKey() },
    json: { ground: 'objection', reason: 'Asked for by letter.' },
  });
  await system.settle();
  for (const [reader, by] of Object.entries(readers)) {
    const read = async (path: string) => (await system.must({ path, ...by })).json;
    const explain = (field: string) => read(`${customer}/explain?field=${encodeURIComponent(field)}`);
    const { inputs } = await explain('customer.version');
    const counted = z.array(z.object({ what: z.string() })).parse(inputs);
    expect(
      counted.map(({ what }) => what),
      reader,
    ).toEqual(['identity', 'contact', 'roles', 'interactions']);
    expect((await explain('freshness.sources[rotunda]')).winner, reader).toBeNull();
    expect((await system.must({ path: `${customer}/timeline?limit=100`, ...by })).text, reader).not.toContain(
      'erasure',
    );
  }
});
