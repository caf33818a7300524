import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Asker } from '#tests/support/api-client.ts';
import { byBilling, idNamed, named, personFact, roleFact, sendFacts } from '#tests/support/small-world.ts';
import { type Home, openPast, type Past, View } from './past.ts';

/** Whose past it is: records that were merged, customers who ask for their own, and the log of who looked. */

let past: Past;
beforeAll(async () => {
  past = await openPast();
});
afterAll(() => past.system.stop());

describe('records that were merged', () => {
  it('are shown by the merges that were known then, to staff also after the undoing, with the look in the logs of both', async () => {
    const [one, two] = [await past.household('twin-1', 'Tia', 'Twin'), await past.household('twin-2', 'Theo', 'Twain')];
    const apart = { knownAt: past.instant() };
    const id = await past.merge(one, two);
    const together = { knownAt: past.instant() };
    const ids = (home: Home) => async (moment: { knownAt?: string }) => {
      const shown = await past.view(home, moment);
      return [shown.customer.id, shown.accounts.map((account) => account.id).sort()] as const;
    };
    const both = [one.account, two.account].sort();
    expect(await ids(two)({})).toEqual([one.customer, both]);
    expect(await ids(two)(apart)).toEqual([two.customer, [two.account]]);
    expect(await ids(one)(apart)).toEqual([one.customer, [one.account]]);
    await past.undo(id);
    const parted = { knownAt: past.instant() };
    for (const home of [one, two]) {
      expect(await ids(home)(apart)).toEqual([home.customer, [home.account]]);
      expect(await ids(home)(together)).toEqual([one.customer, both]);
      expect(await ids(home)(parted)).toEqual([home.customer, [home.account]]);
    }
    const look = await past.get(`/v1/customers/${two.customer}/360`, together);
    const explained = await past.get(`/v1/customers/${two.customer}/explain?field=customer.name`, together);
    expect(JSON.stringify(explained.json.losing)).toContain('Twain');
    for (const { requestId } of [look, explained])
      for (const home of [one, two])
        expect(await past.system.entriesOf(home.customer, requestId)).toEqual([
          expect.objectContaining({ outcome: 'allowed', subject: two.customer, ...together }),
        ]);
  });

  it('once parted tell neither customer anything of the other, whatever moment they ask for', async () => {
    const [one, two] = [
      await past.household('apart-1', 'Alma', 'Apart'),
      await past.household('apart-2', 'Zeno', 'Zwei'),
    ];
    const id = await past.merge(one, two);
    const together = { knownAt: past.instant() };
    await past.undo(id);
    const cases = [
      { own: one, other: two, secrets: [two.customer, two.account, 'Zeno', 'Zwei', 'apart-2'] },
      { own: two, other: one, secrets: [one.customer, one.account, 'Alma', 'Apart', 'apart-1'] },
    ];
    for (const { own, other, secrets } of cases) {
      const as = { customer: own.customer };
      for (const moment of [together, { ...together, asOf: '2025-12-24T12:00:00.000Z' }]) {
        for (const path of past.pathsOf(own)) {
          const answer = await past.get(path, moment, as);
          expect([path, answer.status]).toEqual([path, 200]);
          for (const secret of secrets)
            expect([path, secret, answer.text.includes(secret)]).toEqual([path, secret, false]);
        }
        for (const path of past.pathsOf(other))
          expect([path, (await past.get(path, moment, as)).status]).toEqual([path, 404]);
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

  it('sees an account of the time when it was theirs: not of before, and as former after', async () => {
    const [home, mate] = [await past.household('share', 'Sia', 'Share'), await past.household('mate', 'Max', 'Mate')];
    await sendFacts(past.system, [roleFact('share', 'mate', 'joint', '2026-01-01')]);
    await past.system.settle();
    const as = { customer: mate.customer };
    const account = async (asOf: string) => (await past.get(`/v1/accounts/${home.account}`, { asOf }, as)).status;
    const seen = async (asOf: string) => (await past.view(mate, { asOf }, as)).accounts.map(({ id }) => id);
    expect([await account(moments.before), await account(moments.while)]).toEqual([404, 200]);
    const toCome = (await past.view(mate, { asOf: moments.before }, as)).accounts.find(({ id }) => id === home.account);
    expect([toCome?.roles, toCome?.balance]).toEqual([[], undefined]);
    expect(toCome?.plannedRoles).toEqual([{ role: 'joint', from: '2026-01-01', to: null }]);
    await sendFacts(past.system, [end('share', 'mate', '2026-02-01')]);
    await past.system.settle();
    expect((await seen(moments.while)).sort()).toEqual([home.account, mate.account].sort());
    expect(await seen(moments.after)).toEqual([mate.account, home.account]);
    const left = (await past.view(mate, { asOf: moments.after }, as)).accounts.find(({ id }) => id === home.account);
    expect(left).toMatchObject({ roles: [], formerRoles: [{ role: 'joint', from: '2026-01-01', to: '2026-02-01' }] });
    expect([await account(moments.before), await account(moments.while), await account(moments.after)]).toEqual([
      404, 200, 200,
    ]);
    expect((await past.get(`/v1/accounts/${home.account}`, { asOf: moments.while })).status).toBe(200);
  });

  it('never sees what was theirs by mistake, though it was theirs by what was known then; staff do', async () => {
    const [home, wrong] = [
      await past.household('right', 'Rita', 'Right'),
      await past.household('wrong', 'Willy', 'Wrong'),
    ];
    const given = await sendFacts(past.system, [roleFact('right', 'wrong', 'holder', '2026-01-01')]);
    await past.system.settle();
    const moment = { asOf: moments.while, knownAt: past.instant() };
    const as = { customer: wrong.customer };
    expect((await past.view(wrong, moment, as)).accounts).toHaveLength(2);
    await sendFacts(past.system, [
      byBilling('wrong-back', 'account.role.retracted.v1', '2026-01-20T08:00:00.000Z', {
        factId: given.get('rol-right-wrong-holder'),
        reason: 'Another Willy.',
      }),
    ]);
    await past.system.settle();
    const own = await past.get(`/v1/customers/${wrong.customer}/360`, moment, as);
    expect(View.parse(own.json).accounts.map(({ id }) => id)).toEqual([wrong.account]);
    expect(own.text).not.toContain(home.account);
    expect((await past.get(`/v1/accounts/${home.account}`, moment, as)).status).toBe(404);
    const field = encodeURIComponent(`accounts[${home.account}].balance`);
    expect((await past.get(`/v1/customers/${wrong.customer}/explain?field=${field}`, moment, as)).status).toBe(422);
    const path = `/v1/accounts/${home.account}`;
    expect((await past.get(path, moment, { customer: home.customer })).text).not.toContain(wrong.customer);
    expect((await past.get(path, moment)).text).toContain(wrong.customer);
    const status = await past.get(`/v1/customers/${wrong.customer}/explain?field=customer.status`, moment, as);
    expect([status.status, status.text.includes(home.account)]).toEqual([200, false]);
    expect((await past.view(wrong, moment)).accounts).toHaveLength(2);
  });

  it('is told of nobody else, by any moment', async () => {
    const [own, other] = [await past.household('own', 'Olga', 'Own'), await past.household('alien', 'Alan', 'Alien')];
    for (const path of past.pathsOf(other))
      for (const moment of [{ asOf: moments.while }, { knownAt: past.instant() }])
        expect([path, (await past.get(path, moment, { customer: own.customer })).status]).toEqual([path, 404]);
  });
});

describe('the log of who looked', () => {
  it('of somebody who left an account holds each look at what was theirs, whosever it is now, and none at what came after', async () => {
    const [left, next] = [await past.household('left', 'Lea', 'Left'), await past.household('next', 'Nell', 'Next')];
    const { account } = named('left');
    const ended = (event: string, type: string, data: object) =>
      byBilling(`left-${event}`, type, '2025-11-20T08:00:00.000Z', { account, ...data });
    await sendFacts(past.system, [
      ended('paid', 'billing.payment.received.v1', {
        amount: { amountMinor: 8423, currency: 'GBP' },
        method: 'card',
        receivedOn: '2025-11-10',
      }),
      ended('role', 'account.role.ended.v1', { customer: named('left').customer, role: 'holder', to: '2025-11-15' }),
      roleFact('left', 'next', 'holder', '2025-11-15'),
    ]);
    await past.system.settle();
    const lookedAt = async (path: string, as: Asker, home: Home) => {
      const { requestId, status } = await past.get(`/v1/accounts/${left.account}${path}`, {}, as);
      return [path, status, (await past.system.entriesOf(home.customer, requestId)).length];
    };
    const agent = { role: 'agent' } as const;
    const paths = ['', '/agreements', '/bills', '/payments', '/ledger'];
    for (const path of paths)
      for (const home of [left, next]) expect(await lookedAt(path, agent, home)).toEqual([path, 200, 1]);
    // Who holds it now is told of their own time alone, in money; the agreement that goes on was of both.
    for (const path of ['/bills', '/payments', '/ledger'])
      expect(await lookedAt(path, { customer: next.customer }, left)).toEqual([path, 200, 0]);
    // And who has left looks at their own.
    for (const path of paths) expect(await lookedAt(path, { customer: left.customer }, next)).toEqual([path, 200, 0]);
    await sendFacts(past.system, [
      byBilling('next-bill', 'billing.bill.issued.v1', '2025-12-20T08:00:00.000Z', {
        account,
        amount: { amountMinor: 500, currency: 'GBP' },
        issuedOn: '2025-12-20',
        dueOn: '2026-01-03',
        periodFrom: '2025-12-01',
        periodTo: '2025-12-20',
      }),
    ]);
    await past.system.settle();
    expect(await lookedAt('/bills?limit=1', agent, left)).toEqual(['/bills?limit=1', 200, 0]);
    expect(await lookedAt('/bills?limit=1', agent, next)).toEqual(['/bills?limit=1', 200, 1]);
  });

  it('says which moment was looked at, and says none where it was now', async () => {
    const home = await past.household('logged', 'Lou', 'Logged');
    const knownAt = past.instant();
    const sent = { asOf: '2026-01-01T00:00:00+00:00', knownAt };
    const stands = { asOf: '2026-01-01T00:00:00.000Z', knownAt };
    for (const path of past.pathsOf(home)) {
      const then = await past.get(path, sent);
      const [entry] = await past.system.entriesOf(
        path.includes('accounts/') ? home.account : home.customer,
        then.requestId,
      );
      expect([path, entry]).toEqual([path, expect.objectContaining({ outcome: 'allowed', ...stands })]);
      const now = await past.get(path);
      const [plain] = await past.system.entriesOf(home.customer, now.requestId);
      expect([path, plain?.outcome, plain?.asOf, plain?.knownAt]).toEqual([path, 'allowed', undefined, undefined]);
    }
    const refused = await past.get(`/v1/customers/${home.customer}/360`, { asOf: '1900-01-01T00:00:00Z' });
    expect(await past.system.entriesOf(home.customer, refused.requestId)).toEqual([]);
    // An attempt is told without what was asked: that is the caller's own word.
    const attempts = (await past.system.entriesAt(home.customer)).filter(
      ({ outcome }) => outcome === 'refused:not-found',
    );
    expect(attempts).toMatchObject([{ act: 'customer.read', times: 1 }]);
    expect(attempts.some((one) => 'asOf' in one)).toBe(false);
    const log = await past.get(`/v1/customers/${home.customer}/access-log`, {}, { customer: home.customer });
    const entries = z.array(z.looseObject({ route: z.string() })).parse(log.json.data);
    expect(entries).toContainEqual(expect.objectContaining({ route: 'GET /v1/customers/{id}/360', ...stands }));
    expect(entries.some((one) => !('asOf' in one))).toBe(true);
  });

  it('of somebody whose account it was then has the look at the account as it was', async () => {
    const home = await past.household('moved', 'Mo', 'Ved');
    await sendFacts(past.system, [
      personFact('mover', 'Mona', 'Mover'),
      roleFact('moved', 'mover', 'joint'),
      byBilling('mover-left', 'account.role.ended.v1', '2026-02-01T08:00:00.000Z', {
        account: named('moved').account,
        customer: named('mover').customer,
        role: 'joint',
        to: '2026-02-01',
      }),
    ]);
    await past.system.settle();
    const mover = await idNamed(past.system, '/v1/customers/crm:mover');
    const then = await past.get(`/v1/accounts/${home.account}`, { asOf: '2026-01-01T12:00:00Z' });
    const now = await past.get(`/v1/accounts/${home.account}`);
    expect(await past.system.entriesOf(mover, then.requestId)).toHaveLength(1);
    // As it is it names them among those who have left, with a last bill of their time.
    expect(await past.system.entriesOf(mover, now.requestId)).toHaveLength(1);
  });
});
