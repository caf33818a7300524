import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { accountView } from '#functions/accounts/show-account.ts';
import { factOperations } from '#functions/facts/api.ts';
import { isPlaced, resubmit } from '#functions/follow/place-waiting.ts';
import { placeFact } from '#shared/facts/placing/place-fact.ts';
import { listQuarantine, waitingQueue } from '#shared/facts/quarantine.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import {
  bill,
  billed,
  entityOf,
  granted,
  minute,
  noService,
  opened,
  payment,
  person,
  type Sent,
  sent,
  tell,
  upToDate,
} from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { openDesk } from './desk.ts';

const today = '2026-02-20';
const inCurrency = (fact: Sent, currency: string, account: unknown = billed): Sent => ({
  ...fact,
  data: { ...fact.data, account, amount: { ...(fact.data.amount as object), currency } },
});
const accountId = mintedId('account', factIdOf('billing', 'acc'));
const ledgerOf = async ({ profile }: ProfileSystem, account = accountId) =>
  stateOf((await loadSubject(profile, account)).states, billing).state;
const kept = async (system: ProfileSystem, queue?: string) =>
  (await listQuarantine(await upToDate(system), { limit: 100, ...(queue === undefined ? {} : { queue }) })).entries;
const reasons = async (system: ProfileSystem) => (await kept(system)).map(({ reason }) => reason);
const ofCurrency = { status: 'quarantined', reason: 'account.currency' };

/** A bill in euros as it was kept before there was a rule against it. */
const keepAsBefore = async (system: ProfileSystem, fact: Sent): Promise<void> => {
  const { profile, committer, clock } = system;
  const deps = {
    profile,
    contentKey: new Uint8Array(32),
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: 'UTC',
  };
  const placement = await placeFact(deps, fact, machine, clock.now());
  if (placement.status !== 'placed') throw new Error(`not placed: ${placement.status}`);
  const { placed } = placement;
  const data = inCurrency(fact, 'EUR', accountId).data;
  const commit = committer.open({ facts: [{ ...placed, fact: { ...placed.fact, data } }] });
  await commit.plan();
  await commit.write({ writes: [] });
};

describe('an account opened in pounds', () => {
  it('keeps aside what is billed or paid in euros, says why, and owes what it owed', async () => {
    const system = await openProfileSystem();
    const results = await tell(
      system,
      opened,
      inCurrency(bill('euros', minute(0), 4_000), 'EUR'),
      bill('pounds', minute(1), 7_000),
      inCurrency(payment('francs', minute(2), 100), 'CHF'),
    );
    expect(results).toMatchObject([
      { status: 'accepted' },
      { ...ofCurrency, message: expect.stringContaining('The amount is in EUR, and the account is kept in GBP') },
      { status: 'accepted' },
      { ...ofCurrency, message: expect.stringContaining('in CHF') },
    ]);
    const ledger = await ledgerOf(system);
    expect([ledger.currency, balanceOf(ledger)]).toEqual(['GBP', 7_000]);
    expect(await reasons(system)).toEqual(['account.currency', 'account.currency']);
  });

  it('tells a program that sends it by the API, fact by fact', async () => {
    const system = await openProfileSystem();
    const actor = { kind: 'machine' as const, id: 'hub', scopes: ['facts:write'], sources: ['billing'] };
    const facts = [opened, inCurrency(bill('euros', minute(0), 4_000), 'EUR')];
    const answer = await factOperations(system).sendFacts({
      ...operationRequest(actor),
      query: {},
      body: { facts },
    });
    expect(answer.body.results).toMatchObject([
      { status: 'accepted' },
      { status: 'quarantined', problem: { code: 'account.currency', title: expect.stringContaining('in EUR') } },
    ]);
  });

  it('does so also where the account comes in the same hand, by whichever name it is called', async () => {
    for (const account of [billed, accountId]) {
      const system = await openProfileSystem();
      const euros = inCurrency(bill('euros', minute(0), 4_000), 'EUR', account);
      expect(await system.submit([opened, euros], machine)).toMatchObject([{ status: 'accepted' }, ofCurrency]);
      expect((await ledgerOf(system)).bills).toEqual([]);
    }
  });

  it('judges what came before it once it is open', async () => {
    for (const account of [billed, accountId]) {
      const system = await openProfileSystem();
      const euros = inCurrency(bill('euros', minute(0), 4_000), 'EUR', account);
      const pounds = inCurrency(bill('pounds', minute(1), 7_000), 'GBP', account);
      expect((await tell(system, euros, pounds)).map(({ status }) => status)).toEqual(['waiting', 'waiting']);
      await tell(system, opened);
      expect([await kept(system, waitingQueue), await reasons(system)]).toEqual([[], ['account.currency']]);
      const ledger = await ledgerOf(system);
      expect([ledger.currency, balanceOf(ledger)]).toEqual(['GBP', 7_000]);
    }
  });

  it('is paid at the desk in pounds alone', async () => {
    const desk = await openDesk();
    const euros = { amountMinor: 100, currency: 'EUR' };
    expect(await desk.pay('ada', euros)).toMatchObject({ status: 'payment.currency', pointers: ['/amount/currency'] });
    expect(await desk.pay('ada', 100)).toMatchObject({ status: 201 });
  });

  it('lets what takes back a payment that was kept aside wait for it', async () => {
    const system = await openProfileSystem();
    const back = sent('back', 'billing.payment.reversed.v1', minute(3), {
      account: billed,
      payment: { namespace: 'pay', value: 'francs' },
    });
    const results = await tell(system, opened, inCurrency(payment('francs', minute(2), 100), 'CHF'), back);
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'quarantined', 'waiting']);
  });

  it('never adds a penny of another currency, whatever comes in whatever order', async () => {
    const amounts = fc.array(
      fc.record({
        paid: fc.boolean(),
        currency: fc.constantFrom('GBP', 'EUR', 'JPY'),
        amount: fc.integer({ min: 1, max: 9_999 }),
      }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(amounts, fc.nat({ max: 8 }), async (told, before) => {
        const system = await openProfileSystem();
        const facts = told.map(({ paid, currency, amount }, n) =>
          inCurrency((paid ? payment : bill)(`m${n}`, minute(n), amount), currency),
        );
        await tell(system, ...facts.slice(0, before), opened, ...facts.slice(before));
        const pounds = told.filter(({ currency }) => currency === 'GBP');
        const sum = pounds.reduce((all, { paid, amount }) => all + (paid ? -amount : amount), 0);
        expect(balanceOf(await ledgerOf(system))).toBe(sum);
        expect(await kept(system)).toHaveLength(told.length - pounds.length);
        await system.store.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('a customer with accounts in pounds and in yen', () => {
  it('is told of each debt by itself in its own currency, and of no sum of both', async () => {
    const system = await openProfileSystem();
    const yen = { namespace: 'billing', value: '000777' };
    const second = sent('acc-yen', 'account.account.opened.v1', opened.occurredAt, {
      currency: 'JPY',
      references: [yen],
    });
    const role = granted('ana', 'holder');
    const told = await tell(
      system,
      person('ana'),
      opened,
      role,
      second,
      { ...role, sourceEventId: 'rol-yen', data: { ...role.data, account: yen } },
      bill('pounds', minute(0), 7_000),
      inCurrency(bill('yen', minute(1), 9_000), 'JPY', yen),
      inCurrency(bill('wrong', minute(2), 5_000), 'GBP', yen),
    );
    expect(told.map(({ status }) => status).slice(-3)).toEqual(['accepted', 'accepted', 'quarantined']);
    const view = await show360(
      { profile: system.profile, now: () => system.clock.now(), today: () => today },
      entityOf(told[0]),
    );
    const owed = view?.accounts.map(({ balance, overdue }) => [balance, overdue]).toSorted();
    const both = (amountMinor: number, currency: string) => Array(2).fill({ amountMinor, currency });
    expect(owed).toEqual(expect.arrayContaining([both(7_000, 'GBP'), both(9_000, 'JPY')]));
    expect(view?.alerts.map(({ text }) => text).toSorted()).toEqual([
      '70.00 GBP overdue since 2026-02-15',
      '9000 JPY overdue since 2026-02-15',
    ]);
  });
});

describe('an account whose opening was taken back', () => {
  const undone = sent('undone', 'account.account.retracted.v1', minute(5), {
    factId: factIdOf('billing', 'acc'),
    reason: 'Opened in the wrong currency.',
  });

  it('takes no money, since it has no currency', async () => {
    const system = await openProfileSystem();
    await tell(system, opened, undone);
    const results = await tell(system, inCurrency(bill('b1', minute(6), 100), 'GBP', accountId));
    expect(results).toMatchObject([
      { ...ofCurrency, message: expect.stringContaining('The opening of the account was taken back') },
    ]);
    expect((await ledgerOf(system)).bills).toEqual([]);
  });

  it('and was opened anew in euros has what was kept aside placed by a redrive', async () => {
    const system = await openProfileSystem();
    await tell(system, opened, inCurrency(bill('euros', minute(0), 4_000), 'EUR'));
    await tell(system, undone);
    const anew = sent('anew', 'account.account.opened.v1', minute(6), { currency: 'EUR', references: [billed] });
    const [account = ''] = (await tell(system, anew)).map(entityOf);
    for (const entry of await kept(system)) expect(isPlaced(await resubmit(system, entry))).toBe(true);
    expect([(await ledgerOf(system, account)).currency, balanceOf(await ledgerOf(system, account))]).toEqual([
      'EUR',
      4_000,
    ]);
  });
});

describe('a bill in euros that an account in pounds has from before', () => {
  it('is shown in euros in each view, and never under the label of the account', async () => {
    const system = await openProfileSystem();
    const [ana = ''] = (await tell(system, person('ana'), opened, granted('ana', 'holder'))).map(entityOf);
    await keepAsBefore(system, bill('euros', minute(0), 4_000));
    await system.settle();
    const { states } = await loadSubject(system.profile, accountId);
    const shown = accountView(accountId, states, noService, today);
    const euros = { amountMinor: 4_000, currency: 'EUR' };
    expect(shown).toMatchObject({ currency: 'GBP', balance: euros, overdue: euros, lastBill: { amount: euros } });
    const view = await show360({ profile: system.profile, now: () => system.clock.now(), today: () => today }, ana);
    expect(view?.accounts).toMatchObject([{ balance: euros, overdue: euros, lastBill: { amount: euros } }]);
    expect(view?.alerts[0]?.text).toMatch(/^40\.00 EUR overdue/);
  });

  it('once taken back leaves the account what is owed in pounds', async () => {
    const system = await openProfileSystem();
    await tell(system, opened);
    await keepAsBefore(system, bill('euros', minute(0), 4_000));
    await tell(system, bill('pounds', minute(1), 7_000));
    const data = { factId: factIdOf('billing', 'euros'), reason: 'Another currency.' };
    await tell(system, sent('oops', 'billing.bill.retracted.v1', minute(2), data));
    const ledger = await ledgerOf(system);
    expect([ledger.currency, balanceOf(ledger)]).toEqual(['GBP', 7_000]);
  });

  it('that came after the first one in pounds is owed nothing of, and not called settled', async () => {
    const desk = await openDesk();
    await tell(desk.system, bill('pounds', minute(0), 7_000));
    await keepAsBefore(desk.system, bill('euros', minute(1), 4_000));
    const bills = await desk.bills();
    expect(bills.map(({ amount, open }) => [amount.currency, open?.amountMinor])).toEqual([
      ['EUR', undefined],
      ['GBP', 7_000],
    ]);
  });
});
