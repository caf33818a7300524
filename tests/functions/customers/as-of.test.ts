import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byBilling,
  byCrm,
  idNamed,
  named,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** What was true then (`asOf`) and what was known then (`knownAt`), asked of the running system by those who may ask. */

let system: RunningSystem;
let ahead = 0;
const clock = { now: () => Date.now() + ahead };
beforeAll(async () => {
  system = await RunningSystem.start({ clock });
});
afterAll(() => system.stop());

/** An instant that lies between everything before and everything after. */
const instant = (): string => {
  ahead += 1000;
  const at = new Date(clock.now()).toISOString();
  ahead += 1000;
  return at;
};

const agent = { role: 'agent' } as const;
const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } };

const get = (path: string, moment: { asOf?: string; knownAt?: string } = {}, as: Asker = agent): Promise<Answer> => {
  const query = new URLSearchParams(moment).toString();
  return system.ask({ path: query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`, as });
};

/** One household: a person with a phone, an account, a home and a first bill of 84.23 on 1 November 2025. */
const household = async (name: string, given: string, family: string) => {
  await sendFacts(system, [
    ...placeFacts(name, `${name} Quay Street`),
    personFact(name, given, family),
    pointFact(name, 'email', `${name}@example.com`),
    ...accountFacts(name),
    roleFact(name, name, 'holder'),
  ]);
  await system.settle();
  const customer = await idNamed(system, `/v1/customers/crm:${name}`);
  const account = await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${name} 1/2`)}`);
  return { name, customer, account };
};
type Home = Awaited<ReturnType<typeof household>>;

const fields = (home: Home): readonly string[] => [
  'customer.name',
  'customer.status',
  'customer.version',
  'contact.points[0].value',
  `accounts[${home.account}].balance`,
  `accounts[${home.account}].roles`,
  'premises[0].address',
  'freshness.sources[billing].lastFactAt',
];
/** Every way to ask for a household's past. */
const pathsOf = (home: Home): readonly string[] => [
  `/v1/customers/${home.customer}/360`,
  `/v1/accounts/${home.account}`,
  ...fields(home).map((field) => `/v1/customers/${home.customer}/explain?field=${encodeURIComponent(field)}`),
];
const textsOf = async (home: Home, moment: { asOf?: string; knownAt?: string }): Promise<readonly string[]> => {
  const answers: string[] = [];
  for (const path of pathsOf(home)) {
    const answer = await get(path, moment);
    expect([path, answer.status]).toEqual([path, 200]);
    answers.push(answer.text);
  }
  return answers;
};

const pay = (home: Home, event: string, on: string, amountMinor: number) =>
  sendFacts(system, [
    byBilling(event, 'billing.payment.received.v1', `${on}T09:00:00.000Z`, {
      account: named(home.name).account,
      amount: { amountMinor, currency: 'GBP' },
      method: 'card',
    }),
  ]);

const View = z.looseObject({
  customer: z.object({ id: z.string(), status: z.string() }).loose(),
  accounts: z.array(z.looseObject({ id: z.string(), balance: z.object({ amountMinor: z.int() }).loose().optional() })),
  premises: z.array(z.looseObject({ id: z.string() })),
  omitted: z.array(z.string()),
});
const view = async (home: Pick<Home, 'customer'>, moment: { asOf?: string; knownAt?: string }, as: Asker = agent) =>
  View.parse((await get(`/v1/customers/${home.customer}/360`, moment, as)).json);
const balance = async (home: Home, moment: { asOf?: string; knownAt?: string }) =>
  (await view(home, moment)).accounts[0]?.balance?.amountMinor;

const merge = async (survivor: Home, alias: Home): Promise<string> => {
  const json = { survivor: survivor.customer, alias: alias.customer, reason: 'One person.' };
  const { json: done } = await system.must({ method: 'POST', path: '/v1/merges', ...supervisor, json });
  await system.settle();
  return String(done.id);
};
const undo = async (id: string): Promise<void> => {
  await system.must({
    method: 'POST',
    path: `/v1/merges/${id}/undo`,
    ...supervisor,
    json: { reason: 'Two after all.' },
  });
  await system.settle();
};

describe('what was true then, and what was known then', () => {
  it('differ where a payment of December came to be known today', async () => {
    const home = await household('late', 'Lara', 'Late');
    const before = instant();
    await pay(home, 'late-1', '2025-12-01', 1000);
    const [autumn, winter] = ['2025-11-15T12:00:00.000Z', '2025-12-05T12:00:00.000Z'];
    expect(await balance(home, { asOf: winter, knownAt: before })).toBe(8423);
    expect(await balance(home, { asOf: winter })).toBe(7423);
    expect(await balance(home, { asOf: autumn })).toBe(8423);
    expect(await balance(home, { knownAt: before })).toBe(8423);
    expect(await balance(home, {})).toBe(7423);
    const account = async (moment: object) => (await get(`/v1/accounts/${home.account}`, moment)).json.balance;
    expect(await account({ asOf: winter, knownAt: before })).toMatchObject({ amountMinor: 8423 });
    expect(await account({ asOf: winter })).toMatchObject({ amountMinor: 7423 });
    const path = `/v1/customers/${home.customer}/explain?field=${encodeURIComponent(`accounts[${home.account}].balance`)}`;
    const inputs = async (moment: object) => z.array(z.unknown()).parse((await get(path, moment)).json.inputs).length;
    expect([await inputs({ asOf: winter, knownAt: before }), await inputs({ asOf: winter })]).toEqual([1, 2]);
  });

  it('are the same to the byte whenever they are asked: after later and late facts, a retraction, a merge and its undoing', async () => {
    const home = await household('bytes', 'Bea', 'Bytes');
    const other = await household('bytes-2', 'Beatrix', 'Bytes');
    const paid = await pay(home, 'bytes-1', '2025-12-01', 500);
    const then = { asOf: '2025-12-24T12:00:00.000Z', knownAt: instant() };
    const first = await textsOf(home, then);
    await pay(home, 'bytes-2', '2026-02-01', 700);
    await pay(home, 'bytes-3', '2025-11-20', 900);
    await sendFacts(system, [
      byCrm('bytes-name', 'customer.profile.corrected.v1', '2025-12-02T09:00:00.000Z', {
        customer: named('bytes').customer,
        name: { given: 'Beate', family: 'Bytes' },
      }),
      byBilling('bytes-back', 'billing.payment.retracted.v1', '2026-02-02T09:00:00.000Z', {
        factId: paid.get('bytes-1'),
        reason: 'Sent in error.',
      }),
    ]);
    await system.settle();
    expect(await textsOf(home, then)).toEqual(first);
    expect(await textsOf(home, { asOf: then.asOf })).not.toEqual(first);
    const id = await merge(home, other);
    expect(await textsOf(home, then)).toEqual(first);
    const merged = { asOf: then.asOf, knownAt: instant() };
    const whileMerged = await textsOf(home, merged);
    await undo(id);
    expect(await textsOf(home, then)).toEqual(first);
    expect(await textsOf(home, merged)).toEqual(whileMerged);
    expect(whileMerged).not.toEqual(first);
  });

  it('take an offset and more digits than are kept for the same instant in UTC', async () => {
    const home = await household('offset', 'Ola', 'Offset');
    const utc = await get(`/v1/customers/${home.customer}/360`, { asOf: '2025-12-05T12:00:00.123Z' });
    const there = await get(`/v1/customers/${home.customer}/360`, { asOf: '2025-12-05T17:30:00.123456789+05:30' });
    expect([utc.status, there.text]).toEqual([200, utc.text]);
  });

  it('are nothing before the customer or the account was there or known', async () => {
    const unknown = instant();
    const home = await household('born', 'Bo', 'Born');
    const field = `/v1/customers/${home.customer}/explain?field=customer.name`;
    for (const path of [`/v1/customers/${home.customer}/360`, `/v1/accounts/${home.account}`, field])
      for (const moment of [{ asOf: '1900-01-01T00:00:00Z' }, { asOf: '0001-01-01T00:00:00Z' }, { knownAt: unknown }]) {
        const answer = await get(path, moment);
        expect([path, moment, answer.status, answer.json.code]).toEqual([path, moment, 404, 'not-found']);
      }
  });
});

describe('a moment that cannot be', () => {
  it('is refused with the place of it: malformed, twice, or yet to come', async () => {
    const home = await household('moments', 'Mo', 'Ments');
    const future = new Date(clock.now() + 3_600_000).toISOString();
    const cases = [
      ['2026-02-30T00:00:00Z', 422],
      ['2026-02-01', 422],
      ['2026-02-01T00:00:00', 422],
      ['yesterday', 422],
      ['', 422],
      [future, 422],
      ['9999-12-31T23:59:59Z', 422],
    ] as const;
    for (const path of [pathsOf(home)[0], pathsOf(home)[1], pathsOf(home)[2]])
      for (const name of ['asOf', 'knownAt'])
        for (const [value, status] of cases) {
          const answer = await get(path ?? '', { [name]: value });
          const place = [path, name, value];
          expect([place, answer.status, answer.headers.get('content-type')]).toEqual([
            place,
            status,
            expect.stringContaining('application/problem+json'),
          ]);
          const errors = z.array(z.object({ pointer: z.string(), message: z.string() })).parse(answer.json.errors);
          expect([place, [...new Set(errors.map(({ pointer }) => pointer))]]).toEqual([place, [`/query/${name}`]]);
          expect(errors[0]?.message).toMatch(/RFC 3339|must not lie in the future/);
        }
    const twice = await get(`${pathsOf(home)[0]}?asOf=2026-01-01T00:00:00Z&asOf=2026-01-02T00:00:00Z`);
    expect(twice.status).toBe(400);
    const both = await get(pathsOf(home)[0] ?? '', { asOf: future, knownAt: future });
    expect(both.json).toMatchObject({
      code: 'moment.future',
      errors: [{ pointer: '/query/asOf' }, { pointer: '/query/knownAt' }],
    });
  });
});

describe('records that were merged', () => {
  it('are shown by the merges that were known then, to staff also after the undoing, with the look in the logs of both', async () => {
    const [one, two] = [await household('twin-1', 'Tia', 'Twin'), await household('twin-2', 'Theo', 'Twain')];
    const apart = { knownAt: instant() };
    const id = await merge(one, two);
    const together = { knownAt: instant() };
    const ids = (home: Home) => async (moment: { knownAt?: string }) => {
      const shown = await view(home, moment);
      return [shown.customer.id, shown.accounts.map((account) => account.id).sort()] as const;
    };
    const both = [one.account, two.account].sort();
    expect(await ids(two)({})).toEqual([one.customer, both]);
    expect(await ids(two)(apart)).toEqual([two.customer, [two.account]]);
    expect(await ids(one)(apart)).toEqual([one.customer, [one.account]]);
    await undo(id);
    const parted = { knownAt: instant() };
    for (const home of [one, two]) {
      expect(await ids(home)(apart)).toEqual([home.customer, [home.account]]);
      expect(await ids(home)(together)).toEqual([one.customer, both]);
      expect(await ids(home)(parted)).toEqual([home.customer, [home.account]]);
    }
    const look = await get(`/v1/customers/${two.customer}/360`, together);
    const explained = await get(`/v1/customers/${two.customer}/explain?field=customer.name`, together);
    expect(JSON.stringify(explained.json.losing)).toContain('Twain');
    for (const { requestId } of [look, explained])
      for (const home of [one, two])
        expect(await system.entriesOf(home.customer, requestId)).toEqual([
          expect.objectContaining({ outcome: 'allowed', subject: two.customer, ...together }),
        ]);
  });

  it('once parted tell neither customer anything of the other, whatever moment they ask for', async () => {
    const [one, two] = [await household('apart-1', 'Alma', 'Apart'), await household('apart-2', 'Zeno', 'Zwei')];
    const id = await merge(one, two);
    const together = { knownAt: instant() };
    await undo(id);
    const cases = [
      { own: one, other: two, secrets: [two.customer, two.account, 'Zeno', 'Zwei', 'apart-2'] },
      { own: two, other: one, secrets: [one.customer, one.account, 'Alma', 'Apart', 'apart-1'] },
    ];
    for (const { own, other, secrets } of cases) {
      const as = { customer: own.customer };
      for (const moment of [together, { ...together, asOf: '2025-12-24T12:00:00.000Z' }]) {
        for (const path of pathsOf(own)) {
          const answer = await get(path, moment, as);
          expect([path, answer.status]).toEqual([path, 200]);
          for (const secret of secrets)
            expect([path, secret, answer.text.includes(secret)]).toEqual([path, secret, false]);
        }
        for (const path of pathsOf(other)) expect([path, (await get(path, moment, as)).status]).toEqual([path, 404]);
      }
    }
  });
});

describe('a customer who asks for the past', () => {
  const moments = {
    before: '2025-12-31T12:00:00.000Z',
    while: '2026-01-15T12:00:00.000Z',
    after: '2026-02-15T12:00:00.000Z',
  };
  const end = (account: string, customer: string, to: string) =>
    byBilling(`end-${account}-${customer}`, 'account.role.ended.v1', `${to}T08:00:00.000Z`, {
      account: named(account).account,
      customer: named(customer).customer,
      role: 'joint',
      to,
    });

  it('sees an account of the time when it was theirs: not of before, and in their view not after', async () => {
    const [home, mate] = [await household('share', 'Sia', 'Share'), await household('mate', 'Max', 'Mate')];
    await sendFacts(system, [roleFact('share', 'mate', 'joint', '2026-01-01')]);
    await system.settle();
    const as = { customer: mate.customer };
    const account = async (asOf: string) => (await get(`/v1/accounts/${home.account}`, { asOf }, as)).status;
    const seen = async (asOf: string) => (await view(mate, { asOf }, as)).accounts.map(({ id }) => id);
    expect([await account(moments.before), await account(moments.while)]).toEqual([404, 200]);
    const toCome = (await view(mate, { asOf: moments.before }, as)).accounts.find(({ id }) => id === home.account);
    expect([toCome?.roles, toCome?.from, toCome?.balance]).toEqual([['joint'], '2026-01-01', undefined]);
    await sendFacts(system, [end('share', 'mate', '2026-02-01')]);
    await system.settle();
    expect((await seen(moments.while)).sort()).toEqual([home.account, mate.account].sort());
    expect(await seen(moments.after)).toEqual([mate.account]);
    // What is no longer theirs is not theirs to open: their own past is in their own view.
    expect(await account(moments.while)).toBe(404);
    expect((await get(`/v1/accounts/${home.account}`, { asOf: moments.while })).status).toBe(200);
  });

  it('never sees what was theirs by mistake, though it was theirs by what was known then; staff do', async () => {
    const [home, wrong] = [await household('right', 'Rita', 'Right'), await household('wrong', 'Willy', 'Wrong')];
    const given = await sendFacts(system, [roleFact('right', 'wrong', 'holder', '2026-01-01')]);
    await system.settle();
    const moment = { asOf: moments.while, knownAt: instant() };
    const as = { customer: wrong.customer };
    expect((await view(wrong, moment, as)).accounts).toHaveLength(2);
    await sendFacts(system, [
      byBilling('wrong-back', 'account.role.retracted.v1', '2026-01-20T08:00:00.000Z', {
        factId: given.get('rol-right-wrong-holder'),
        reason: 'Another Willy.',
      }),
    ]);
    await system.settle();
    const own = await get(`/v1/customers/${wrong.customer}/360`, moment, as);
    expect(View.parse(own.json).accounts.map(({ id }) => id)).toEqual([wrong.account]);
    expect(own.text).not.toContain(home.account);
    expect((await get(`/v1/accounts/${home.account}`, moment, as)).status).toBe(404);
    const field = encodeURIComponent(`accounts[${home.account}].balance`);
    expect((await get(`/v1/customers/${wrong.customer}/explain?field=${field}`, moment, as)).status).toBe(422);
    const status = await get(`/v1/customers/${wrong.customer}/explain?field=customer.status`, moment, as);
    expect([status.status, status.text.includes(home.account)]).toEqual([200, false]);
    expect((await view(wrong, moment)).accounts).toHaveLength(2);
  });

  it('is told of nobody else, by any moment', async () => {
    const [own, other] = [await household('own', 'Olga', 'Own'), await household('alien', 'Alan', 'Alien')];
    for (const path of pathsOf(other))
      for (const moment of [{ asOf: moments.while }, { knownAt: instant() }])
        expect([path, (await get(path, moment, { customer: own.customer })).status]).toEqual([path, 404]);
  });
});

describe('the log of who looked', () => {
  it('says which moment was looked at, and says none where it was now', async () => {
    const home = await household('logged', 'Lou', 'Logged');
    const knownAt = instant();
    const sent = { asOf: '2026-01-01T00:00:00+00:00', knownAt };
    const stands = { asOf: '2026-01-01T00:00:00.000Z', knownAt };
    for (const path of pathsOf(home)) {
      const then = await get(path, sent);
      const [entry] = await system.entriesOf(path.includes('accounts/') ? home.account : home.customer, then.requestId);
      expect([path, entry]).toEqual([path, expect.objectContaining({ outcome: 'allowed', ...stands })]);
      const now = await get(path);
      const [plain] = await system.entriesOf(home.customer, now.requestId);
      expect([path, plain?.outcome, plain?.asOf, plain?.knownAt]).toEqual([path, 'allowed', undefined, undefined]);
    }
    const refused = await get(`/v1/customers/${home.customer}/360`, { asOf: '1900-01-01T00:00:00Z' });
    expect(await system.entriesOf(home.customer, refused.requestId)).toEqual([
      expect.objectContaining({ outcome: 'refused:not-found', asOf: '1900-01-01T00:00:00.000Z' }),
    ]);
    const log = await get(`/v1/customers/${home.customer}/access-log`, {}, { customer: home.customer });
    const entries = z.array(z.looseObject({ route: z.string() })).parse(log.json.data);
    expect(entries).toContainEqual(expect.objectContaining({ route: 'GET /v1/customers/{id}/360', ...stands }));
    expect(entries.some((one) => !('asOf' in one))).toBe(true);
  });

  it('of somebody whose account it was then has the look at the account as it was', async () => {
    const home = await household('moved', 'Mo', 'Ved');
    await sendFacts(system, [
      personFact('mover', 'Mona', 'Mover'),
      roleFact('moved', 'mover', 'joint'),
      byBilling('mover-left', 'account.role.ended.v1', '2026-02-01T08:00:00.000Z', {
        account: named('moved').account,
        customer: named('mover').customer,
        role: 'joint',
        to: '2026-02-01',
      }),
    ]);
    await system.settle();
    const mover = await idNamed(system, '/v1/customers/crm:mover');
    const then = await get(`/v1/accounts/${home.account}`, { asOf: '2026-01-01T12:00:00Z' });
    const now = await get(`/v1/accounts/${home.account}`);
    expect(await system.entriesOf(mover, then.requestId)).toHaveLength(1);
    expect(await system.entriesOf(mover, now.requestId)).toHaveLength(0);
  });
});

describe('a view of the past that would be too large', () => {
  const began = '2025-10-01T08:00:00.000Z';
  const numbers = Array.from({ length: 27 }, (_, n) => n);

  it('shows 25 accounts and says how many more there were', async () => {
    await sendFacts(system, [
      personFact('many', 'Mary', 'Many'),
      ...numbers.map((n) =>
        byBilling(`many-${n}`, 'account.account.opened.v1', began, {
          currency: 'GBP',
          references: [named(`many-${n}`).account],
        }),
      ),
      ...numbers.map((n) => roleFact(`many-${n}`, 'many', 'holder')),
    ]);
    await system.settle();
    const customer = await idNamed(system, '/v1/customers/crm:many');
    const then = { asOf: '2026-01-01T12:00:00.000Z', knownAt: instant() };
    const shown = await view({ customer }, then);
    expect([shown.accounts.length, shown.omitted]).toEqual([25, expect.arrayContaining(['accounts: 2 more'])]);
    expect(new Set(shown.accounts.map(({ id }) => id)).size).toBe(25);
    expect((await view({ customer }, then, { customer })).omitted).toEqual(shown.omitted);
  });

  it.each([
    ['one account', [27]],
    ['two accounts', [14, 13]],
  ])('shows 25 premises of %s and says how many more there were', async (name, split) => {
    const estates = split.map((homes, n) => ({ account: `estate-${name}-${n}`, homes: numbers.slice(0, homes) }));
    await sendFacts(system, [
      personFact(name, 'Esme', 'Estate'),
      ...estates.flatMap(({ account, homes }) => [
        ...homes.flatMap((n) => placeFacts(`${account}-${n}`, `${n} Estate Road`)),
        byBilling(`acc-${account}`, 'account.account.opened.v1', began, {
          currency: 'GBP',
          references: [named(account).account],
        }),
        roleFact(account, name, 'holder'),
        ...homes.map((n) =>
          byBilling(`agr-${account}-${n}`, 'account.agreement.started.v1', began, {
            account: named(account).account,
            servicePoint: named(`${account}-${n}`).servicePoint,
            tariff: 'STANDARD',
            from: '2025-10-01',
          }),
        ),
      ]),
    ]);
    await system.settle();
    const customer = await idNamed(system, `/v1/customers/${encodeURIComponent(`crm:${name}`)}`);
    const shown = await view({ customer }, { asOf: '2026-01-01T12:00:00.000Z' });
    expect([shown.premises.length, shown.omitted]).toEqual([25, expect.arrayContaining(['premises: 2 more'])]);
  });
});
