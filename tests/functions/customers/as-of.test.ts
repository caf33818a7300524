import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  byBilling,
  byCrm,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import { openPast, type Past } from './past.ts';

/** What was true then (`asOf`) and what was known then (`knownAt`), asked of the running system. */

let past: Past;
beforeAll(async () => {
  past = await openPast();
});
afterAll(() => past.system.stop());

describe('what was true then, and what was known then', () => {
  it('differ where a payment of December came to be known today', async () => {
    const home = await past.household('late', 'Lara', 'Late');
    const before = past.instant();
    await past.pay(home, 'late-1', '2025-12-01', 1000);
    const [autumn, winter] = ['2025-11-15T12:00:00.000Z', '2025-12-05T12:00:00.000Z'];
    expect(await past.balance(home, { asOf: winter, knownAt: before })).toBe(8423);
    expect(await past.balance(home, { asOf: winter })).toBe(7423);
    expect(await past.balance(home, { asOf: autumn })).toBe(8423);
    expect(await past.balance(home, { knownAt: before })).toBe(8423);
    expect(await past.balance(home, {})).toBe(7423);
    const account = async (moment: object) => (await past.get(`/v1/accounts/${home.account}`, moment)).json.balance;
    expect(await account({ asOf: winter, knownAt: before })).toMatchObject({ amountMinor: 8423 });
    expect(await account({ asOf: winter })).toMatchObject({ amountMinor: 7423 });
    const path = `/v1/customers/${home.customer}/explain?field=${encodeURIComponent(`accounts[${home.account}].balance`)}`;
    const inputs = async (moment: object) =>
      z.array(z.unknown()).parse((await past.get(path, moment)).json.inputs).length;
    expect([await inputs({ asOf: winter, knownAt: before }), await inputs({ asOf: winter })]).toEqual([1, 2]);
  });

  it('are the same to the byte whenever they are asked: after later and late facts, a retraction, a merge and its undoing', async () => {
    const home = await past.household('bytes', 'Bea', 'Bytes');
    const other = await past.household('bytes-2', 'Beatrix', 'Bytes');
    const paid = await past.pay(home, 'bytes-1', '2025-12-01', 500);
    const then = { asOf: '2025-12-24T12:00:00.000Z', knownAt: past.instant() };
    const first = await past.textsOf(home, then);
    await past.pay(home, 'bytes-2', '2026-02-01', 700);
    await past.pay(home, 'bytes-3', '2025-11-20', 900);
    await sendFacts(past.system, [
      byCrm('bytes-name', 'customer.profile.corrected.v1', '2025-12-02T09:00:00.000Z', {
        customer: named('bytes').customer,
        name: { given: 'Beate', family: 'Bytes' },
      }),
      byBilling('bytes-back', 'billing.payment.retracted.v1', '2026-02-02T09:00:00.000Z', {
        factId: paid.get('bytes-1'),
        reason: 'Sent in error.',
      }),
    ]);
    await past.system.settle();
    expect(await past.textsOf(home, then)).toEqual(first);
    expect(await past.textsOf(home, { asOf: then.asOf })).not.toEqual(first);
    const id = await past.merge(home, other);
    expect(await past.textsOf(home, then)).toEqual(first);
    const merged = { asOf: then.asOf, knownAt: past.instant() };
    const whileMerged = await past.textsOf(home, merged);
    await past.undo(id);
    expect(await past.textsOf(home, then)).toEqual(first);
    expect(await past.textsOf(home, merged)).toEqual(whileMerged);
    expect(whileMerged).not.toEqual(first);
  });

  it('name whose debt it is by whom the holder was known to be one with', async () => {
    const home = await past.household('debt', 'Dora', 'Debt');
    const other = await past.household('debt-2', 'Dorothea', 'Debt');
    await sendFacts(past.system, [personFact('payer', 'Pat', 'Payer'), roleFact('debt-2', 'payer', 'payer')]);
    await past.system.settle();
    const payer = await idNamed(past.system, '/v1/customers/crm:payer');
    const debtor = async (moment: object, as?: { readonly customer: string }) =>
      (await past.view({ customer: payer }, moment, as)).accounts[0]?.debtOf;
    const role = 'holder';
    const before = past.instant();
    const id = await past.merge(home, other);
    const merged = past.instant();
    await past.undo(id);
    expect(await debtor({})).toEqual([{ customerId: other.customer, role }]);
    expect(await debtor({ knownAt: before })).toEqual([{ customerId: other.customer, role }]);
    expect(await debtor({ knownAt: merged })).toEqual([{ customerId: home.customer, role }]);
    // The payer learns of nobody with whom the holder was taken for one by mistake.
    expect(await debtor({ knownAt: merged }, { customer: payer })).toEqual([{ customerId: other.customer, role }]);
  });

  it('take an offset and more digits than are kept for the same instant in UTC', async () => {
    const home = await past.household('offset', 'Ola', 'Offset');
    const utc = await past.get(`/v1/customers/${home.customer}/360`, { asOf: '2025-12-05T12:00:00.123Z' });
    const there = await past.get(`/v1/customers/${home.customer}/360`, { asOf: '2025-12-05T17:30:00.123456789+05:30' });
    expect([utc.status, there.text]).toEqual([200, utc.text]);
  });

  it('are nothing before the customer or the account was there or known', async () => {
    const unknown = past.instant();
    const home = await past.household('born', 'Bo', 'Born');
    const field = `/v1/customers/${home.customer}/explain?field=customer.name`;
    for (const path of [`/v1/customers/${home.customer}/360`, `/v1/accounts/${home.account}`, field])
      for (const moment of [{ asOf: '1900-01-01T00:00:00Z' }, { asOf: '0001-01-01T00:00:00Z' }, { knownAt: unknown }]) {
        const answer = await past.get(path, moment);
        expect([path, moment, answer.status, answer.json.code]).toEqual([path, moment, 404, 'not-found']);
      }
  });
});

describe('a moment that cannot be', () => {
  it('is refused with the place of it: malformed, twice, or yet to come', async () => {
    const home = await past.household('moments', 'Mo', 'Ments');
    const future = new Date(past.clock.now() + 3_600_000).toISOString();
    const cases = [
      ['2026-02-30T00:00:00Z', 422],
      ['2026-02-01', 422],
      ['2026-02-01T00:00:00', 422],
      ['yesterday', 422],
      ['', 422],
      [future, 422],
      ['9999-12-31T23:59:59Z', 422],
    ] as const;
    for (const path of [past.pathsOf(home)[0], past.pathsOf(home)[1], past.pathsOf(home)[2]])
      for (const name of ['asOf', 'knownAt'])
        for (const [value, status] of cases) {
          const answer = await past.get(path ?? '', { [name]: value });
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
    const twice = await past.get(`${past.pathsOf(home)[0]}?asOf=2026-01-01T00:00:00Z&asOf=2026-01-02T00:00:00Z`);
    expect(twice.status).toBe(400);
    const both = await past.get(past.pathsOf(home)[0] ?? '', { asOf: future, knownAt: future });
    expect(both.json).toMatchObject({
      code: 'moment.future',
      errors: [{ pointer: '/query/asOf' }, { pointer: '/query/knownAt' }],
    });
  });
});

describe('a view that would be too large', () => {
  const began = '2025-10-01T08:00:00.000Z';
  const numbers = Array.from({ length: 27 }, (_, n) => n);

  it('shows 25 accounts and says how many more there were', async () => {
    await sendFacts(past.system, [
      personFact('many', 'Mary', 'Many'),
      ...numbers.map((n) =>
        byBilling(`many-${n}`, 'account.account.opened.v1', began, {
          currency: 'GBP',
          references: [named(`many-${n}`).account],
        }),
      ),
      ...numbers.map((n) => roleFact(`many-${n}`, 'many', 'holder')),
    ]);
    await past.system.settle();
    const customer = await idNamed(past.system, '/v1/customers/crm:many');
    const then = { asOf: '2026-01-01T12:00:00.000Z', knownAt: past.instant() };
    const shown = await past.view({ customer }, then);
    expect([shown.accounts.length, shown.omitted]).toEqual([25, expect.arrayContaining(['accounts: 2 more'])]);
    expect(new Set(shown.accounts.map(({ id }) => id)).size).toBe(25);
    expect((await past.view({ customer }, then, { customer })).omitted).toEqual(shown.omitted);
  });

  it.each([
    // The past shows 25 in all, the present 25 of each account.
    ['one account', [27], 25, ['premises: 2 more']],
    ['two accounts', [14, 13], 27, []],
  ])('shows 25 premises of %s and says how many more there were', async (name, split, count, omitted) => {
    const estates = split.map((homes, n) => ({ account: `estate-${name}-${n}`, homes: numbers.slice(0, homes) }));
    await sendFacts(past.system, [
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
    await past.system.settle();
    const customer = await idNamed(past.system, `/v1/customers/${encodeURIComponent(`crm:${name}`)}`);
    const shown = await past.view({ customer }, { asOf: '2026-01-01T12:00:00.000Z' });
    expect([shown.premises.length, shown.omitted]).toEqual([25, expect.arrayContaining(['premises: 2 more'])]);
    const today = await past.view({ customer }, {});
    expect([today.premises.length, today.omitted]).toEqual([count, omitted]);
  });
});
