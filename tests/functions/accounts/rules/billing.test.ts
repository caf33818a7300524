import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceOf, billing, moneyOf, openOf, owedOf } from '#functions/accounts/rules/billing.ts';
import { dueAt, dueDays } from '#functions/accounts/rules/due.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { foldAll, home, idOf, minute, type Told, told } from '#tests/profile/rules/told-facts.ts';

const gbp = (amountMinor: number, currency = 'GBP') => ({ amountMinor, currency });
const bill = (amount: number, dueOn: string, more: Told & { readonly currency?: string } = {}) =>
  told(
    'billing.bill.issued.v1',
    { account: home, amount: gbp(amount, more.currency), issuedOn: `${dueOn.slice(0, 8)}01`, dueOn },
    { creates: 'bill', ...more },
  );
const payment = (amount: number, more: Told & { readonly currency?: string; readonly on?: string } = {}) =>
  told(
    'billing.payment.received.v1',
    {
      account: home,
      amount: gbp(amount, more.currency),
      method: 'card',
      ...(more.on === undefined ? {} : { receivedOn: more.on }),
    },
    { creates: 'payment', ...more },
  );
const reversal = (of: string | undefined, more: Told = {}) =>
  told('billing.payment.reversed.v1', { account: home, payment: of, reason: 'insufficient-funds' }, more);
const fold = (...facts: Parameters<typeof foldAll>[1]) => foldAll(billing, facts);
const owedAmounts = (...facts: Parameters<typeof foldAll>[1]) =>
  owedOf(fold(...facts).state).map(({ dueOn, amount }) => [dueOn, amount]);

describe('money received', () => {
  it('settles the bill that was due first, whatever order the bills came in', () => {
    const bills = [bill(3000, '2026-03-15'), bill(1000, '2026-01-15'), bill(2000, '2026-02-15')];
    expect(owedAmounts(...bills, payment(1500))).toEqual([
      ['2026-02-15', 1500],
      ['2026-03-15', 3000],
    ]);
  });

  it('of a part leaves the rest owed, and in several parts settles all', () => {
    const one = bill(1000, '2026-01-15');
    expect(owedAmounts(one, payment(999))).toEqual([['2026-01-15', 1]]);
    expect(owedAmounts(one, payment(400), payment(600))).toEqual([]);
  });

  it('beyond what is owed stays as credit and settles the next bill', () => {
    const paid = fold(bill(1000, '2026-01-15'), payment(1500));
    expect([balanceOf(paid.state), owedOf(paid.state)]).toEqual([-500, []]);
    expect(owedAmounts(bill(1000, '2026-01-15'), payment(1500), bill(800, '2026-02-15'))).toEqual([
      ['2026-02-15', 300],
    ]);
  });

  it('counts in another currency for nothing: neither a payment, nor a bill, nor what takes it back', () => {
    const euros = payment(900, { currency: 'EUR' });
    const { state, groundless } = fold(
      bill(1000, '2026-01-15'),
      euros,
      bill(500, '2026-02-15', { currency: 'EUR' }),
      reversal(euros.entity),
    );
    expect([balanceOf(state), state.currency, groundless.count]).toEqual([1000, 'GBP', 3]);
  });
});

describe('a credit', () => {
  it('settles the oldest due bill as money does', () => {
    expect(owedAmounts(bill(1000, '2026-01-15'), bill(-400, '2026-01-20'), bill(500, '2026-02-15'))).toEqual([
      ['2026-01-15', 600],
      ['2026-02-15', 500],
    ]);
  });
});

describe('a payment taken back', () => {
  it('is owed again on the bills that it had settled', () => {
    const paid = payment(1200);
    const facts = [bill(1000, '2026-01-15'), bill(500, '2026-02-15'), paid];
    expect(owedAmounts(...facts)).toEqual([['2026-02-15', 300]]);
    const { state } = fold(...facts, reversal(paid.entity));
    expect([balanceOf(state), state.payments[0]?.reversed]).toEqual([1500, true]);
    expect(owedOf(state).map((one) => one.amount)).toEqual([1000, 500]);
  });

  it('is taken back once: a second time has no effect and is noted', () => {
    const paid = payment(1200);
    const [first, second] = [reversal(paid.entity), reversal(paid.entity)];
    const { state, groundless } = fold(bill(1000, '2026-01-15'), paid, first, second);
    expect([balanceOf(state), groundless.latest]).toEqual([1000, [second.id]]);
  });

  it('is taken back also after so many others that it is no longer listed', () => {
    const paid = payment(1000);
    const others = Array.from({ length: 20 }, () => payment(1));
    const { state } = fold(bill(1020, '2026-01-15'), paid, ...others, reversal(paid.entity));
    expect([state.payments.some((one) => one.id === paid.entity), balanceOf(state)]).toEqual([false, 1000]);
  });

  it('of another account, not known, or yet to come, has no effect', () => {
    const other = payment(700, { subjects: [idOf('account', 'other')] });
    const late = payment(300, { at: minute(9999) });
    const { state, groundless } = fold(
      bill(1000, '2026-01-15'),
      asFact({ ...other, type: 'billing.payment.unknown.v1' }),
      reversal(other.entity),
      reversal(idOf('payment', 'nowhere')),
      reversal(late.entity),
      late,
    );
    expect([balanceOf(state), groundless.count]).toEqual([700, 4]);
  });
});

describe('the months of an account', () => {
  it('sum what was billed, paid and taken back by the month it belongs to', () => {
    const paid = payment(700, { on: '2026-01-31' });
    const { state } = fold(
      bill(1000, '2026-01-15'),
      bill(500, '2026-02-15'),
      bill(-100, '2026-02-15'),
      paid,
      payment(300, { on: '2026-02-01' }),
      reversal(paid.entity, { at: '2026-03-09T12:00:00.000Z' }),
    );
    expect(state.months).toEqual({ '2026-01': [1000, 700, 0], '2026-02': [400, 300, 0], '2026-03': [0, 0, 700] });
  });

  it('are the last 120', () => {
    const bills = Array.from({ length: 130 }, (_, n) =>
      bill(100, `${2010 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}-15`),
    );
    const months = Object.keys(fold(...bills).state.months);
    expect([months.length, months[0], months.at(-1)]).toEqual([120, '2010-11', '2020-10']);
  });
});

/** Any history of an account: bills, credits, payments and reversals of any payment so far, also of one taken back before. */
const histories = fc
  .array(fc.record({ kind: fc.nat({ max: 9 }), amount: fc.integer({ min: 1, max: 90_000 }), which: fc.nat() }), {
    minLength: 1,
    maxLength: 160,
    size: 'max',
  })
  .map((acts) => {
    const payments: ReturnType<typeof payment>[] = [];
    const taken = new Set<string>();
    let balance = 0;
    const facts = acts.map(({ kind, amount, which }) => {
      const due = new Date(Date.UTC(2024, 0, 1 + (which % 900))).toISOString().slice(0, 10);
      if (kind < 6) {
        const sum = kind === 5 ? -amount : amount;
        balance += sum;
        return bill(sum, due);
      }
      const known = payments[which % Math.max(1, payments.length)];
      if (kind < 9 || known === undefined) {
        const paid = payment(amount * 2);
        payments.push(paid);
        balance -= amount * 2;
        return paid;
      }
      if (!taken.has(known.id)) balance += moneyOf(known)?.amountMinor ?? Number.NaN;
      taken.add(known.id);
      return reversal(known.entity);
    });
    return { facts, balance };
  });

describe('whatever comes', () => {
  it('the balance is what was billed less what was paid, also past the bills that are kept in full', () => {
    fc.assert(
      fc.property(histories, ({ facts, balance }) => {
        expect(balanceOf(fold(...facts).state)).toBe(balance);
      }),
      { numRuns: 60 },
    );
  });

  it('what is owed adds up to the balance, or there is nothing owed and the balance is credit', () => {
    fc.assert(
      fc.property(histories, ({ facts, balance }) => {
        const owed = owedOf(fold(...facts).state);
        expect(owed.reduce((sum, one) => sum + one.amount, 0)).toBe(Math.max(0, balance));
        expect(owed.every((one) => one.amount > 0)).toBe(true);
        const dues = owed.filter((one) => one.bill !== null).map((one) => one.dueOn);
        expect(dues).toEqual(dues.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it('at most 60 bills are listed, 36 where the others are settled, and nothing owed is forgotten by that', () => {
    const bills = Array.from({ length: 50 }, (_, n) => bill(100, `2026-01-${String(1 + (n % 28)).padStart(2, '0')}`));
    const open = fold(...bills);
    expect([open.state.bills.length, owedOf(open.state).length]).toEqual([50, 50]);
    const paid = fold(...bills, payment(5000));
    expect([paid.state.bills.length, paid.state.settled.amount, balanceOf(paid.state)]).toEqual([36, 1400, 0]);
    const many = fold(...bills, ...bills.map((one, n) => ({ ...one, id: `${one.id}${n}`, entity: idOf('bill', n) })));
    expect([many.state.bills.length, balanceOf(many.state)]).toEqual([60, 10_000]);
    expect(owedOf(many.state).reduce((sum, one) => sum + one.amount, 0)).toBe(10_000);
  });

  it('of more open bills than are listed it is told since when, how much and how many', () => {
    const months = Array.from({ length: 130 }, (_, n) => new Date(Date.UTC(2010, n, 15)).toISOString().slice(0, 10));
    const facts = months.map((on) => bill(1000, on));
    const of = (more: readonly Fact[]) => dueAt(dueDays(fold(...facts, ...more).state), '2021-01-01');
    expect(of([])).toMatchObject({ overdue: 130_000, overdueBills: 130, overdueSince: months[0] });
    expect(of([payment(1500)])).toMatchObject({ overdue: 128_500, overdueBills: 129, overdueSince: months[1] });
    expect(of([payment(100_000)])).toMatchObject({ overdue: 30_000, overdueBills: 30, overdueSince: months[100] });
    expect(of([payment(130_000)])).toMatchObject({ overdue: 0, overdueBills: 0, overdueSince: undefined });
  });

  it('of bills that come in the order they fall due what is owed on each day is what money left of it, at any number', () => {
    const act = fc.record({ isBill: fc.boolean(), amount: fc.integer({ min: 1, max: 900 }), days: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 240, size: 'max' }), (acts) => {
        let day = 0;
        let money = 0;
        const due = new Map<string, number>();
        const billed = new Map<string, { readonly id: string; readonly dueOn: string; readonly amount: number }[]>();
        const facts = acts.map(({ isBill, amount, days }) => {
          day += days;
          const on = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
          if (!isBill) {
            money += amount;
            return payment(amount, { on });
          }
          due.set(on, (due.get(on) ?? 0) + amount);
          const fact = bill(amount, on);
          billed.set(on, [...(billed.get(on) ?? []), { id: fact.entity ?? '', dueOn: on, amount }]);
          return fact;
        });
        const left = [...due].flatMap(([dueOn, amount]) => {
          const open = Math.max(0, amount - money);
          money = Math.max(0, money - amount);
          return open === 0 ? [] : [{ dueOn, amount: open }];
        });
        const { state } = fold(...facts);
        expect(dueDays(state).map(({ dueOn, amount }) => ({ dueOn, amount }))).toEqual(left);
        for (const [dueOn, bills] of billed) {
          const open = bills.map((one) => openOf(state, one));
          if (open.includes(undefined)) expect(bills.length).toBeGreaterThan(1);
          else
            expect(open.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(
              left.find((one) => one.dueOn === dueOn)?.amount ?? 0,
            );
        }
      }),
      { numRuns: 60 },
    );
  });
});
