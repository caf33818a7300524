import { describe, expect, it } from 'vitest';
import { listBills, listPayments, readLedger } from '#functions/accounts/read-money.ts';
import { accountView } from '#functions/accounts/show-account.ts';
import { toldAll, toldToCustomer } from '#functions/accounts/told-to-reader.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import {
  bill,
  ended,
  entityOf,
  granted,
  minute,
  noService,
  opened,
  payment,
  person,
  reversal,
  type Sent,
  sent,
  statusesOf,
  tell,
} from '#tests/functions/told-household.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

const accountWith = async (...facts: readonly Sent[]) => {
  const system = await openProfileSystem();
  const results = await tell(system, opened, ...facts);
  expect(new Set(statusesOf(results))).toEqual(new Set(['accepted']));
  const [account = ''] = results.map(entityOf);
  return { system, account };
};
type Page = { readonly data: readonly { readonly id: string }[]; readonly next: string | null };
const pageThrough = async (read: (before: string | undefined) => Promise<Page>) => {
  const ids: string[] = [];
  let before: string | undefined;
  do {
    const page = await read(before);
    ids.push(...page.data.map((one) => one.id));
    before = page.next ?? undefined;
  } while (before !== undefined);
  return ids;
};

/** The first page of an account's money, as staff ask for it. */
const whole = async (system: Awaited<ReturnType<typeof openProfileSystem>>, account: string) => {
  const { states } = await loadSubject(system.profile, account);
  return { account, states, told: toldAll, limit: 10, before: undefined };
};

describe('bills and payments of an account', () => {
  it('come page by page, newest first, each once, and none of what was retracted', async () => {
    const facts = Array.from({ length: 11 }, (_, n) =>
      n % 3 === 0 ? payment(`p${n}`, minute(n), 10) : bill(`b${n}`, minute(n), 100),
    );
    const { system, account } = await accountWith(...facts);
    const [taken] = await tell(system, payment('p99', minute(99), 10));
    const factId = taken !== undefined && 'factId' in taken ? taken.factId : '';
    await tell(system, sent('x1', 'billing.payment.retracted.v1', minute(100), { factId, reason: 'Twice.' }));
    const asked = await whole(system, account);
    const bills = (await listBills(system.profile, { ...asked, limit: 100 })).data.map((one) => one.id);
    const payments = (await listPayments(system, { ...asked, limit: 100 }, fullView)).data.map((one) => one.id);
    expect([bills.length, payments.length]).toEqual([7, 4]);
    for (const limit of [1, 2, 5]) {
      expect(await pageThrough((before) => listBills(system.profile, { ...asked, limit, before }))).toEqual(bills);
      expect(await pageThrough((before) => listPayments(system, { ...asked, limit, before }, fullView))).toEqual(
        payments,
      );
    }
  });

  it('tell of each bill what is still owed of it', async () => {
    const { system, account } = await accountWith(
      bill('b1', minute(1), 100, '2026-02-10'),
      bill('b2', minute(2), 200, '2026-02-20'),
      payment('p1', minute(3), 150),
    );
    const { data } = await listBills(system.profile, await whole(system, account));
    expect(data.map((one) => one.open?.amountMinor)).toEqual([150, 0]);
  });

  it('tell of each of very many open bills that it is open, however old it is', async () => {
    const due = (n: number): string => new Date(Date.UTC(2020, n, 10)).toISOString().slice(0, 10);
    const bills = Array.from({ length: 66 }, (_, n) => bill(`b${n}`, minute(n), 100 + n, due(n)));
    const { system, account } = await accountWith(...bills, payment('p1', minute(80), 150));
    const asked = { ...(await whole(system, account)), limit: 100 };
    const open = (await listBills(system.profile, asked)).data.map((one) => one.open?.amountMinor).toReversed();
    expect(open).toEqual([0, 51, ...Array.from({ length: 64 }, (_, n) => 102 + n)]);
  });

  it('tell of a payment that it was taken back, when and why', async () => {
    const { system, account } = await accountWith(
      payment('p1', minute(1), 100),
      payment('p2', minute(2), 100),
      reversal('r1', minute(3), 'p1'),
      reversal('r2', minute(4), 'p1'),
    );
    const { data } = await listPayments(system, await whole(system, account), fullView);
    expect(data.map((one) => one.reversed ?? false)).toEqual([false, true]);
    expect(data[1]).toMatchObject({ reversedAt: minute(3), reversalReason: 'other' });
  });

  it('tell of a payment that it was taken back, also where the clock of who took it back was behind', async () => {
    const { system, account } = await accountWith(payment('p1', minute(5), 100), reversal('r1', minute(4), 'p1'));
    const { states } = await loadSubject(system.profile, account);
    expect(accountView(account, states, noService, '2026-03-01').balance?.amountMinor).toBe(0);
    const { data } = await listPayments(system, await whole(system, account), fullView);
    expect(data.map((one) => one.reversed ?? false)).toEqual([true]);
  });

  it('end in the balance entry by entry, page by page, where all of them came about at one instant', async () => {
    const payments = Array.from({ length: 24 }, (_, n) => payment(`p${n}`, minute(5), 100 + n));
    const taken = Array.from({ length: 12 }, (_, n) => reversal(`r${n}`, minute(5), `p${2 * n}`));
    const { system, account } = await accountWith(...payments, ...taken, bill('b1', minute(6), 9000));
    const asked = await whole(system, account);
    const entries: {
      readonly amount: { amountMinor: number };
      readonly balance?: { amountMinor: number } | undefined;
    }[] = [];
    let before: string | undefined;
    do {
      const page = await readLedger(system.profile, { ...asked, limit: 5, before }, '2026-03-01');
      entries.push(...page.data);
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(entries.length).toBe(37);
    let balance = 0;
    for (const entry of entries.toReversed()) {
      balance += entry.amount.amountMinor;
      expect(entry.balance?.amountMinor).toBe(balance);
    }
    expect(accountView(account, asked.states, noService, '2026-03-01').balance?.amountMinor).toBe(balance);
  });
});

describe('money told to a customer', () => {
  const on = (day: number): string => new Date(Date.UTC(2026, 1, day, 8)).toISOString();
  const billFor = (event: string, issued: number, from: number, to: number) => {
    const told = bill(event, on(issued), 100);
    const period = { periodFrom: on(from).slice(0, 10), periodTo: on(to).slice(0, 10) };
    return { ...told, data: { ...told.data, ...period } };
  };

  it('is what speaks of the time of their role, page by page, whenever it was issued or taken back', async () => {
    const system = await openProfileSystem();
    const told = await tell(
      system,
      person('ana'),
      person('ben'),
      opened,
      granted('ana', 'holder'),
      granted('ben', 'payer', '2026-02-10', '2026-02-20'),
      billFor('before', 12, 1, 10),
      billFor('partly', 3, 9, 11),
      bill('within', on(10), 100),
      billFor('issued after', 25, 15, 20),
      bill('after', on(20), 100),
      payment('p9', on(9), 50),
      payment('p10', on(10), 50),
      payment('p19', on(19), 50),
      reversal('r1', on(15), 'p9'),
      reversal('r2', on(26), 'p10'),
    );
    const ids = told.map(entityOf);
    const [ana = '', ben = '', account = ''] = ids;
    const { states } = await loadSubject(system.profile, account);
    const asked = (customer: string) => ({ account, states, told: toldToCustomer([states], [customer], '2026-02-15') });
    const pages = async (customer: string, limit: number) => {
      const page = (before: string | undefined) => ({ ...asked(customer), limit, before });
      return [
        await pageThrough((before) => listBills(system.profile, page(before))),
        await pageThrough((before) => listPayments(system, page(before), fullView)),
        await pageThrough((before) => readLedger(system.profile, page(before), '2026-02-15')),
      ];
    };
    const at = (...places: readonly number[]) => places.map((place) => ids[place]);
    for (const limit of [1, 2, 50]) {
      expect(await pages(ben, limit)).toEqual([at(8, 7, 6), at(12, 11), [ids[11], ...at(8, 12, 7, 11, 6)]]);
      expect((await pages(ana, limit)).map((all) => all.length)).toEqual([5, 3, 10]);
    }
    const view = accountView(account, states, noService, '2026-02-15', asked(ben).told);
    expect([view.lastBill?.id, view.lastPayments.map(({ id }) => id)]).toEqual([ids[8], at(12, 11)]);
    const { balance } = accountView(account, states, noService, '2026-02-15');
    expect(view.balance).toEqual(balance);
  });
});

describe('an account as it is shown', () => {
  it('says what is overdue today and what falls due next', async () => {
    const { system, account } = await accountWith(
      bill('b1', minute(1), 100, '2026-02-10'),
      bill('b2', minute(2), 200, '2026-03-01'),
      bill('b3', minute(3), 400, '2026-04-01'),
    );
    const { states } = await loadSubject(system.profile, account);
    const on = (today: string) => {
      const { overdue, nextDue } = accountView(account, states, noService, today);
      return [overdue?.amountMinor, nextDue?.amount.amountMinor, nextDue?.dueOn];
    };
    expect(on('2026-02-10')).toEqual([0, 100, '2026-02-10']);
    expect(on('2026-02-11')).toEqual([100, 200, '2026-03-01']);
    expect(on('2026-04-02')).toEqual([700, undefined, undefined]);
  });

  it('names those whose role holds or is to come, and nobody whose role is over', async () => {
    const system = await openProfileSystem();
    const told = [person('ana'), person('ben'), opened, granted('ana', 'holder'), granted('ben', 'joint')];
    const [ana, , account = ''] = (await tell(system, ...told, ended('ben', 'joint', '2026-02-01'))).map(entityOf);
    const { states } = await loadSubject(system.profile, account);
    expect(accountView(account, states, noService, '2026-03-01').holders.map((one) => one.customerId)).toEqual([ana]);
  });
});
