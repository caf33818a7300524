import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAccountDigest, readAccountDigest } from '#functions/accounts/rules/account-digest.ts';
import { debtOn, mayKnowBills, withoutCreditOfNext } from '#functions/accounts/rules/account-digest-today.ts';
import { balanceOf, billing, timeOfBill } from '#functions/accounts/rules/billing.ts';
import type { Bill, BillingState } from '#functions/accounts/rules/billing-state.ts';
import { dueAt } from '#functions/accounts/rules/due.ts';
import { owedByFormer } from '#functions/accounts/rules/former-money.ts';
import {
  type AccountState,
  account,
  accountAgreements,
  accountStatus,
  closesOn,
  formerReadersOf,
} from '#shared/profile/rules/account.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { dayAsPeriod, overlaps } from '#shared/profile/rules/periods.ts';
import { asTold, type RoleHeld } from '#shared/profile/rules/roles.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { isFormerOf } from '#shared/profile/rules/view/view-360.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { amara, ben, home, idOf, inParts } from '#tests/profile/rules/told-facts.ts';

const began = '2025-01-01';
const day = (n: number): string => addDays(began, n);
const today = day(400);
const carl = idOf('customer', 3);

const role = (customer: string, from: string, to: string | null, kind: RoleHeld['role'] = 'holder'): RoleHeld => ({
  account: home,
  customer,
  role: kind,
  from,
  to,
});
const bill = (n: number, amount: number, issuedOn: string, period?: readonly [string, string]): Bill => ({
  id: idOf('bill', n),
  number: null,
  amount,
  issuedOn,
  dueOn: addDays(issuedOn, 14),
  ...(period === undefined ? {} : { period: { from: period[0], to: period[1] } }),
});
const statesOf = (
  roles: readonly RoleHeld[],
  ledger: Partial<BillingState> = {},
  agreements: readonly Agreement[] = [],
): States =>
  new Map<'account' | 'billing', ReturnType<typeof emptyFold>>([
    ['account', inParts({ ...emptyFold(account), state: accountOf(roles) }, accountAgreements, agreements)],
    ['billing', { ...emptyFold(billing), state: { ...billing.empty(), currency: 'GBP', ...ledger } }],
  ]);
const accountOf = (roles: readonly RoleHeld[]): AccountState => ({
  ...account.empty(),
  opened: true,
  currency: 'GBP',
  roles: asTold(roles),
});
const packed = (states: States, customer: string, on = today) =>
  packAccountDigest(states, { ids: [customer], stands: {} }, on);
const digestOf = (states: States, customer: string, on = today) => readAccountDigest(packed(states, customer, on));

describe('somebody who held an account and left', () => {
  const left = role(amara, began, day(60));

  it('still owes a final bill that says no days and was issued after they left, until somebody else holds it', () => {
    const ledger = { bills: [bill(1, 4500, day(65)), bill(2, 700, day(100))] };
    const alone = digestOf(statesOf([left], ledger), amara);
    expect([alone.balance, alone.due.days.length, alone.lastBill?.id]).toEqual([5200, 2, idOf('bill', 2)]);
    const followed = digestOf(statesOf([left, role(ben, day(90), null)], ledger), amara);
    expect([followed.balance, followed.lastBill?.id, followed.previousBill]).toEqual([4500, idOf('bill', 1), null]);
  });

  it('owes what is billed for days of their time, whenever that is issued, and nothing billed for those of the next', () => {
    const roles = [left, role(ben, day(60), null)];
    const ledger = { bills: [bill(1, 4500, day(70), [day(30), day(60)]), bill(2, 900, day(95), [day(60), day(90)])] };
    const digest = digestOf(statesOf(roles, ledger), amara);
    expect([digest.balance, digest.lastBill?.id]).toEqual([4500, idOf('bill', 1)]);
    expect(digestOf(statesOf(roles, ledger), ben).balance).toBe(5400);
  });

  it('owes nothing more where a joint holder stays, but what was billed for their time', () => {
    const roles = [left, role(ben, began, null, 'joint')];
    const ledger = { bills: [bill(1, 4500, day(65)), bill(2, 300, day(50))], paid: 0 };
    expect(digestOf(statesOf(roles, ledger), amara).balance).toBe(300);
  });

  it('is told of a credit only while nobody else owes', () => {
    const ledger = { bills: [bill(1, 4500, day(50))], paid: 6000 };
    expect(digestOf(statesOf([left], ledger), amara).balance).toBe(-1500);
    expect(digestOf(statesOf([left, role(ben, day(90), null)], ledger), amara).balance).toBe(0);
  });

  it('is told of it no more from the day on which somebody is to owe, though nothing was written since', () => {
    const ledger = { bills: [bill(1, 4500, day(50))], paid: 6000 };
    const written = digestOf(statesOf([left, role(ben, day(90), null)], ledger), amara, day(80));
    expect([written.balance, written.creditUntil]).toEqual([-1500, day(90)]);
    expect([day(89), day(90)].map((on) => withoutCreditOfNext(written, on).balance)).toEqual([-1500, 0]);
    expect(digestOf(statesOf([left], ledger), amara, day(80)).creditUntil).toBeNull();
  });

  it('has left nothing behind where they never owed: an account they paid for is not theirs', () => {
    const roles = [role(ben, began, null), role(amara, began, day(60), 'payer')];
    const ledger = { bills: [bill(1, 4500, day(50)), bill(2, 300, day(65))] };
    const digest = digestOf(statesOf(roles, ledger), amara);
    expect([debtOn(digest, today), digest.balance, digest.due.days]).toEqual(['none', 0, []]);
    expect([isFormerOf(digest, today), mayKnowBills(digest, today)]).toEqual([false, false]);
    expect(formerReadersOf(accountOf(roles), today)).toEqual([]);
  });
});

describe('an account', () => {
  const served = (to: string | null): Agreement => ({
    id: idOf('agreement', 1),
    account: home,
    servicePoint: idOf('servicePoint', 1),
    premise: idOf('premise', 1),
    tariff: 'STANDARD',
    from: began,
    to,
  });
  const statusOn = (roles: readonly RoleHeld[], agreements: readonly Agreement[], on: string) =>
    accountStatus(closesOn(roles, agreements), on);

  it.each([
    ['was only opened', [], [], 'open'],
    ['has a holder', [role(amara, began, null)], [], 'open'],
    ['is to have one', [role(amara, began, day(60)), role(ben, day(500), null)], [], 'open'],
    ['takes service though nobody holds it', [role(amara, began, day(60))], [served(null)], 'open'],
    ['has no holder and no agreement any more', [role(amara, began, day(60))], [served(day(70))], 'closed'],
    ['has nobody left but who pays', [role(amara, began, day(60)), role(ben, began, null, 'payer')], [], 'closed'],
    ['has another holder since', [role(amara, began, day(60)), role(ben, day(300), null)], [served(day(70))], 'open'],
  ] as const)('that %s is %s', (_, roles, agreements, status) => {
    expect(statusOn(roles, agreements, today)).toBe(status);
  });

  it('closes on the day on which the last of both ends, and not before', () => {
    const roles = [role(amara, began, day(60))];
    expect([day(59), day(60), day(69), day(70)].map((on) => statusOn(roles, [served(day(70))], on))).toEqual([
      'open',
      'open',
      'open',
      'closed',
    ]);
  });
});

/** Holders one after another, each alone, some with days between on which nobody holds the account; the last may still. */
const successions = fc
  .record({
    stays: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 90 })), { minLength: 2, maxLength: 4 }),
    lasts: fc.boolean(),
    bills: fc.array(
      fc.record({
        amount: fc.integer({ min: -3000, max: 9000 }),
        on: fc.nat({ max: 390 }),
        days: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      }),
      { maxLength: 20 },
    ),
    paid: fc.nat({ max: 60_000 }),
    payments: fc.array(fc.nat({ max: 390 }), { maxLength: 6 }),
  })
  .map(({ stays, lasts, bills, paid, payments }) => {
    let from = 0;
    const roles = stays.map(([gap, length], n): RoleHeld => {
      const start = from + (n === 0 ? 0 : gap);
      from = start + length;
      return role(idOf('customer', n + 10), day(start), lasts && n === stays.length - 1 ? null : day(from));
    });
    const ledger: Partial<BillingState> = {
      bills: bills.map(({ amount, on, days }, n) =>
        bill(n, amount || 1, day(on), days === undefined ? undefined : [day(on - days), day(on)]),
      ),
      paid,
      payments: payments
        .toSorted((a, b) => a - b)
        .map((on, n) => ({ id: idOf('payment', n), amount: 100 + n, on: day(on), method: 'card', reversed: false })),
    };
    return { roles, ledger };
  });

describe('what those are told who have left', () => {
  it('is never more in sum than the account owes', () => {
    fc.assert(
      fc.property(successions, ({ roles, ledger }) => {
        const whole = { ...billing.empty(), ...ledger };
        const owed = roles.map(({ customer }) =>
          owedByFormer(whole, [roles], [customer]).reduce((sum, { amount }) => sum + amount, 0),
        );
        const due = Math.max(0, balanceOf(whole));
        expect(owed.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(due);
        for (const { customer } of roles) {
          const digest = digestOf(statesOf(roles, ledger), customer);
          if (!isFormerOf(digest, today)) continue;
          expect(digest.balance).toBeLessThanOrEqual(due);
          expect(dueAt(digest.due.days, today).overdue).toBeLessThanOrEqual(due);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whatever is billed to those who came after them, and names nothing of theirs', () => {
    fc.assert(
      fc.property(successions, fc.nat({ max: 2 }), ({ roles, ledger }, n) => {
        const own = roles[n % (roles.length - 1)];
        const next = roles[(n % (roles.length - 1)) + 1];
        if (own === undefined || next === undefined) throw new Error('nobody follows');
        const isLater = (one: Bill): boolean => timeOfBill(one).from >= next.from;
        const bills = ledger.bills ?? [];
        const states = statesOf(roles, ledger);
        const digest = digestOf(states, own.customer);
        const told = [digest.lastBill, digest.previousBill].flatMap((one) => one?.id ?? []);
        expect(bills.filter((one) => isLater(one) && told.includes(one.id))).toEqual([]);
        const until = { from: own.from, to: next.from };
        for (const { on } of digest.lastPayments) expect(overlaps(until, dayAsPeriod(on))).toBe(true);
        expect([digest.others, digest.premiseMarks, digest.sources]).toEqual([[], [], []]);
        // What later holders are credited or pay settles the oldest debt of the account first, theirs too.
        const asBilled = { ...ledger, bills: bills.filter((one) => one.amount > 0) };
        const without = {
          ...asBilled,
          bills: asBilled.bills.filter((one) => !isLater(one)),
          payments: (ledger.payments ?? []).filter(({ on }) => on < next.from),
        };
        // Due later than all that is older, as bills are, a later one is settled last.
        const inOrder = {
          ...asBilled,
          bills: asBilled.bills.map((one) => (isLater(one) ? { ...one, dueOn: day(900) } : one)),
        };
        expect(packed(statesOf(roles, inOrder), own.customer)).toEqual(packed(statesOf(roles, without), own.customer));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its bytes, however many roles they had', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Role.options), { minLength: 1, maxLength: 12 }),
        successions,
        (kinds, { ledger }) => {
          const roles = kinds.map((kind, n) => role(carl, day(n * 10), day(n * 10 + 9), kind));
          expect(packed(statesOf(roles, ledger), carl).length).toBeLessThanOrEqual(packBudgets.former);
        },
      ),
      { numRuns: 200 },
    );
  });
});
