import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAccountDigest, readAccountDigest } from '#functions/accounts/rules/account-digest.ts';
import { balanceOf, billing, owedOf } from '#functions/accounts/rules/billing.ts';
import type { BillingState } from '#functions/accounts/rules/billing-state.ts';
import { dueAt } from '#functions/accounts/rules/due.ts';
import { type AccountState, account, accountAgreements } from '#shared/profile/rules/account.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { asTold, type RoleHeld } from '#shared/profile/rules/roles.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { premiseMark } from '#shared/profile/rules/view/premise-mark.ts';
import { holdsRole } from '#shared/profile/rules/view/view-360.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { agreement, amara, ben, home, idOf, inParts, minute } from '#tests/profile/rules/told-facts.ts';

const today = '2026-03-10';
const liable = ['holder', 'joint', 'executor'];
const day = (n: number): string => new Date(Date.UTC(2026, 2, 10 + n)).toISOString().slice(0, 10);

type ToldAccount = Omit<Partial<AccountState>, 'roles'> & {
  readonly roles?: readonly RoleHeld[];
  readonly agreements?: readonly Agreement[];
};

const accountStates = (
  { roles = [], agreements = [], ...state }: ToldAccount,
  ledger: Partial<BillingState> = {},
  sources: Record<string, string> = {},
): States =>
  new Map([
    [
      'account',
      inParts(
        {
          ...emptyFold(account),
          sources,
          state: { ...account.empty(), opened: true, currency: 'GBP', ...state, roles: asTold(roles) },
        },
        accountAgreements,
        agreements,
      ),
    ],
    ['billing', { ...emptyFold(billing), state: { ...billing.empty(), currency: 'GBP', ...ledger } }],
  ]);
const role = (more: Partial<RoleHeld> = {}): RoleHeld => ({
  account: home,
  customer: amara,
  role: 'holder',
  from: '2025-01-01',
  to: null,
  ...more,
});
const bill = (n: number, amount: number, dueOn = day(n)) => ({
  id: idOf('bill', n),
  number: null,
  amount,
  issuedOn: day(n - 14),
  dueOn,
});
const payment = (n: number, more = {}) => ({
  id: idOf('payment', n),
  amount: 500 + n,
  on: day(-n),
  method: 'card',
  reversed: false,
  ...more,
});
const digestOf = (states: States, at = today, customer = amara) =>
  readAccountDigest(packAccountDigest(states, { ids: [customer], stands: {} }, at));

const ledgers = fc
  .record({
    bills: fc.uniqueArray(fc.tuple(fc.nat({ max: 300 }), fc.integer({ min: -5000, max: 90_000 })), {
      maxLength: 14,
      selector: ([n]) => n,
    }),
    paid: fc.nat({ max: 200_000 }),
  })
  .map(({ bills, paid }) => ({ bills: bills.map(([n, amount]) => bill(n - 150, amount || 1)), paid }));

describe('the digest of an account', () => {
  it('says the balance, the two newest bills, the last payments and whose role it is', () => {
    const held = [
      role(),
      role({ customer: ben, role: 'joint' }),
      role({ role: 'payer', from: '2026-01-01', to: day(9) }),
    ];
    const paid = [
      payment(3),
      payment(2, { reversed: true, method: 'direct-debit' }),
      payment(1, { method: 'unheard' }),
    ];
    const states = accountStates(
      {
        roles: held,
        references: [{ namespace: 'billing', value: '000123' }],
        agreements: [agreement(1), agreement(2)],
      },
      { bills: [bill(1, 8423), bill(9, -120), bill(5, 700)], payments: paid, paid: 4000 },
      { billing: minute(4) },
    );
    expect(digestOf(states)).toEqual({
      roles: [
        { role: 'holder', from: '2025-01-01', to: null },
        { role: 'payer', from: '2026-01-01', to: day(9) },
      ],
      closesOn: null,
      debt: 'account',
      currency: 'GBP',
      reference: 'billing:000123',
      balance: 8423 - 120 + 700 - 4000,
      creditUntil: null,
      lastBill: { id: idOf('bill', 9), amount: -120, issuedOn: day(-5), dueOn: day(9) },
      previousBill: { id: idOf('bill', 5), amount: 700, issuedOn: day(-9), dueOn: day(5) },
      lastPayments: [
        { id: idOf('payment', 1), amount: 501, on: day(-1), method: 'other', reversed: false },
        { id: idOf('payment', 2), amount: 502, on: day(-2), method: 'direct-debit', reversed: true },
        { id: idOf('payment', 3), amount: 503, on: day(-3), method: 'card', reversed: false },
      ],
      due: {
        days: [
          { dueOn: day(1), amount: 4303, bills: 1 },
          { dueOn: day(5), amount: 700, bills: 1 },
        ],
        more: 0,
      },
      premiseMarks: [premiseMark(idOf('premise', 1)), premiseMark(idOf('premise', 2))],
      sources: [{ source: 'billing', lastFactAt: minute(4) }],
      more: 0,
      others: [{ customer: ben, role: 'joint', from: '2025-01-01', to: null }],
      moreOthers: 0,
    });
  });

  it('says the same balance, the same sum owed and the same sum overdue as the ledger, however many bills are open', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const digest = digestOf(accountStates({ roles: [role()] }, ledger));
        const owed = owedOf({ ...billing.empty(), ...ledger });
        const sum = (entries: readonly { readonly amount: number }[]) =>
          entries.reduce((all, one) => all + one.amount, 0);
        expect(digest.balance).toBe(balanceOf({ ...billing.empty(), ...ledger }));
        expect(sum(digest.due.days)).toBe(sum(owed));
        const late = owed.filter((one) => one.dueOn < today);
        expect(dueAt(digest.due.days, today)).toMatchObject({ overdue: sum(late), overdueSince: late[0]?.dueOn });
      }),
    );
  });

  it('is the same on whatever day it is made, so that a record that is folded anew did not change by that', () => {
    fc.assert(
      fc.property(ledgers, fc.nat({ max: 400 }), (ledger, later) => {
        const states = accountStates({ roles: [role()] }, ledger);
        expect(digestOf(states, addDays(today, later))).toEqual(digestOf(states));
      }),
    );
  });

  it('does not call overdue what is not due yet, though six bills are open', () => {
    const bills = [-50, -40, -30, -20, -10, 12].map((n) => bill(n, 1000));
    expect(dueAt(digestOf(accountStates({ roles: [role()] }, { bills })).due.days, today)).toEqual({
      overdue: 5000,
      overdueBills: 5,
      overdueSince: day(-50),
      next: { dueOn: day(12), amount: 1000, bills: 1 },
    });
  });

  it('tells a role that holds before those that are over, however many came after it', () => {
    const over = ['payer', 'nominee', 'agent', 'guarantor'].map((name) =>
      role({ role: Role.parse(name), from: '2025-02-01', to: '2025-03-01' }),
    );
    const digest = digestOf(accountStates({ roles: [role(), ...over] }));
    expect(digest.roles.map((one) => one.role)).toEqual(['holder', 'agent', 'guarantor']);
    expect(holdsRole(digest, today)).toBe(true);
  });

  it('holds for each kind of role what its rights give, and of money what speaks of the dates of the role', () => {
    const bills = [
      { ...bill(-40, 1111), period: { from: day(-90), to: day(-54) } },
      { ...bill(1, 2222), period: { from: day(-54), to: day(-13) } },
      { ...bill(2, 3333), period: { from: day(-12), to: day(20) } },
    ];
    const payments = [payment(30), payment(3)];
    for (const name of Role.options) {
      const held = [role({ customer: ben }), role({ role: name, from: day(-13) })];
      const digest = digestOf(accountStates({ roles: held }, { bills, payments, paid: 4000 }));
      const owes = liable.includes(name);
      const [owed, billed] = [!['landlord'].includes(name), !['landlord', 'guarantor'].includes(name)];
      expect([name, digest.balance, digest.due.days.length], name).toEqual([name, owed ? 2666 : 0, owed ? 1 : 0]);
      expect(digest.lastBill?.amount, name).toBe(billed ? 3333 : undefined);
      expect(digest.previousBill, name).toBeNull();
      expect(
        digest.lastPayments.map(({ id }) => id),
        name,
      ).toEqual(billed ? [idOf('payment', 3)] : []);
      expect(digest.others, name).toEqual(
        owes ? [] : [{ customer: ben, role: 'holder', from: '2025-01-01', to: null }],
      );
    }
  });

  it('names to who owes those who may act, by the record they are shown under, and not to those who act', () => {
    const alias = idOf('customer', 'ben before');
    const carl = idOf('customer', 'carl');
    const roles = [
      role(),
      role({ customer: alias, role: 'nominee', to: day(9) }),
      role({ customer: carl, role: 'landlord', from: day(3) }),
      role({ customer: carl, role: 'payer', to: today }),
    ];
    const told = (ids: readonly string[]) =>
      readAccountDigest(packAccountDigest(accountStates({ roles }), { ids, stands: { [alias]: ben } }, today)).others;
    expect(told([amara])).toEqual([
      { customer: ben, role: 'nominee', from: '2025-01-01', to: day(9) },
      { customer: carl, role: 'landlord', from: day(3), to: null },
    ]);
    const debtor = { customer: amara, role: 'holder', from: '2025-01-01', to: null };
    expect([told([alias]), told([carl])]).toEqual([[debtor], [debtor]]);
  });

  it('names a premise by four bytes of its id, and only while an agreement there is not over', () => {
    const agreements = [agreement(1, { to: today }), agreement(2, { to: day(1) }), agreement(3)];
    const marks = [1, 2, 3].map((n) => premiseMark(idOf('premise', n)));
    expect(marks.every((mark) => /^[0-9a-f]{8}$/.test(mark))).toBe(true);
    expect(digestOf(accountStates({ agreements })).premiseMarks).toEqual(marks.slice(1));
    expect(digestOf(accountStates({ agreements }), day(1)).premiseMarks).toEqual(marks.slice(2));
  });

  it('keeps its budget in the worst case, and says how many premises are left out', () => {
    const most = 1_000_000_000_000;
    const bills = Array.from({ length: 30 }, (_, n) => bill(n, most));
    const states = accountStates(
      {
        roles: [amara, ben, idOf('customer', 'carl'), idOf('customer', 'dora')].flatMap((customer) =>
          Role.options.map((name) => role({ customer, role: name, to: '2999-12-31' })),
        ),
        references: [{ namespace: 'n'.repeat(40), value: '漢'.repeat(120) }],
        agreements: Array.from({ length: 27 }, (_, n) => agreement(n)),
      },
      { bills, payments: [1, 2, 3].map((n) => payment(n, { amount: most })), paid: 5 },
      Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}`.padEnd(40, 's'), minute(n)])),
    );
    const packed = packAccountDigest(states, { ids: [amara], stands: {} }, today);
    expect(packed.length).toBeLessThanOrEqual(packBudgets.account);
    const digest = readAccountDigest(packed);
    expect(digest.roles).toHaveLength(8);
    expect(digest.others.length).toBeGreaterThan(0);
    expect(digest.others.length + digest.moreOthers).toBe(24);
    expect([digest.premiseMarks.length + digest.more, digest.balance]).toEqual([27, 30 * most - 5]);
  });

  it('names 25 premises, and says how many more there are', () => {
    const marked = (count: number) => {
      const agreements = Array.from({ length: count }, (_, n) => agreement(n));
      const digest = digestOf(accountStates({ agreements }));
      return [digest.premiseMarks.length, digest.more];
    };
    expect([marked(25), marked(26), marked(40)]).toEqual([
      [25, 0],
      [25, 1],
      [25, 15],
    ]);
  });
});
