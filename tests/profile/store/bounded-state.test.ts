import { describe, expect, it } from 'vitest';
import { balanceOf, billing, moneyOf, owedOf } from '#functions/accounts/rules/billing.ts';
import { familyNamed, familyNames } from '#functions/profile.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { orderedFact } from '#shared/facts/fold-order.ts';
import { account } from '#shared/profile/rules/account.ts';
import { emptyFold, type Family, type FoldState, foldFrom, type Ground } from '#shared/profile/rules/fold.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { orderOfFact, stateBytesLimit, writeState } from '#shared/profile/store/items.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { heavy, heavyOf, keptFact, subjects } from '#tests/support/heavy-facts.ts';

const bytesOf = (name: FamilyName, held: FoldState<unknown>): number =>
  Buffer.byteLength(String(writeState(subjects.customer, name, held).b));

/** Folds facts as commits do, ten at a time, and answers the last state and the largest on the way. */
const foldAll = <State>(family: Family<State>, facts: readonly Fact[]) => {
  const created = new Map(facts.flatMap((fact) => (fact.entity === undefined ? [] : [[fact.entity, fact] as const])));
  const ground: Ground = { created: (entity) => created.get(entity) };
  let held = emptyFold(family);
  let largest = 0;
  for (let from = 0; from < facts.length; from += 10) {
    const ordered = facts.slice(from, from + 10).map((fact) => orderedFact({ order: orderOfFact(fact), fact }, false));
    held = foldFrom(family, { state: held, sinceCheckpoint: 0 }, ordered, () => ground, new Set()).state;
    largest = Math.max(largest, bytesOf(family.name, held));
  }
  return { held, largest };
};

/** 5,000 with all tests; fewer where they must be quick. */
const count = process.env.ROTUNDA_TEST_ALL === '1' ? 5000 : 1200;
const numbers = Array.from({ length: count }, (_, n) => n);

describe(`after ${count} facts of one kind, each as large as its contract lets it be,`, () => {
  const ofParts = familyNames.flatMap((name): [string, Family<unknown>][] => {
    const { parts }: Family<unknown> = familyNamed(name);
    return parts === undefined ? [] : [[`a part of ${name}`, parts.family]];
  });
  it.each<[string, Family<unknown>]>([
    ...familyNames.map((name): [string, Family<unknown>] => [name, familyNamed(name)]),
    ...ofParts,
  ])('the state of the family %s never took more than an item of it may', (_, family) => {
    const { held, largest } = foldAll<unknown>(
      family,
      numbers.map((n) => keptFact(n, heavyOf(family.name)(n))),
    );
    expect(held.count).toBe(count);
    expect(largest).toBeLessThanOrEqual(stateBytesLimit + (family.growingLimit ?? 0));
    // Money counts whatever its size: no fact of it may be left aside.
    if (family.bounded === true) expect(held.groundless.count).toBe(0);
  });
});

const bill = (n: number): Fact => keptFact(n, heavy.billing(n));
const paymentOf = (n: number, amountMinor: number): Fact =>
  keptFact(n, {
    type: 'billing.payment.received.v1',
    subjects: [subjects.account],
    families: ['billing'],
    data: { account: subjects.account, amount: { amountMinor, currency: 'GBP' }, method: 'standing-order' },
  });
/** Whoever booked a payment takes it back. */
const reversalOf = (n: number, payment: Fact): Fact => ({
  ...keptFact(n, {
    type: 'billing.payment.reversed.v1',
    subjects: [subjects.account],
    families: ['billing'],
    data: { account: subjects.account, payment: payment.entity, reason: 'insufficient-funds' },
  }),
  source: payment.source,
});
const amountOf = (fact: Fact): number => moneyOf(fact)?.amountMinor ?? Number.NaN;

describe('money', () => {
  it('stays exact over thousands of bills, payments and reversals, and what is owed adds up to the balance', () => {
    const facts: Fact[] = [];
    let [balance, last]: [number, Fact | undefined] = [0, undefined];
    for (const n of numbers) {
      if (n % 3 === 0) {
        facts.push(bill(n));
        balance += 999_999_999_000 - n;
      } else if (n % 3 === 1) {
        last = paymentOf(n, 900_000_000_000 + n);
        facts.push(last);
        balance -= amountOf(last);
      } else if (last !== undefined && n % 2 === 0) {
        facts.push(reversalOf(n, last));
        balance += amountOf(last);
      } else {
        facts.push(paymentOf(n, 5));
        balance -= 5;
      }
    }
    const { held, largest } = foldAll(billing, facts);
    expect(largest).toBeLessThanOrEqual(stateBytesLimit);
    expect(held.groundless.count).toBe(0);
    expect(balanceOf(held.state)).toBe(balance);
    expect(owedOf(held.state).reduce((sum, one) => sum + one.amount, 0)).toBe(Math.max(0, balance));
  });

  it('owed on hundreds of bills that nobody pays is told in full, the oldest by the day they fall due', () => {
    const facts = numbers.slice(0, 300).map(bill);
    const { held } = foldAll(billing, facts);
    const owed = owedOf(held.state);
    expect(owed.length).toBeLessThanOrEqual(300);
    expect(owed.filter(({ bill: one }) => one !== null)).toHaveLength(60);
    expect(owed.reduce((sum, one) => sum + one.bills, 0)).toBe(300);
    expect(owed.reduce((sum, one) => sum + one.amount, 0)).toBe(facts.reduce((sum, one) => sum + amountOf(one), 0));
  });

  it('that pays such bills settles the oldest first, and then bill by bill', () => {
    const bills = numbers.slice(0, 300).map(bill);
    const payments = bills.slice(0, -1).map((one, n) => paymentOf(300 + n, amountOf(one)));
    const { held } = foldAll(billing, [...bills, ...payments]);
    expect(owedOf(held.state)).toMatchObject([{ amount: amountOf(bill(299)) }]);
  });
});

it('a role ends on an account that is as full as it may be, and hides the account from that customer', () => {
  const opened = numbers.slice(0, 1000).map((n) => keptFact(n, heavy.account(n)));
  const { held } = foldAll(account, opened);
  expect(held.groundless.count).toBeGreaterThan(0);
  const open = rolesHeld(held.state.roles).filter((role) => role.to === null);
  const ends = open.map((role, n) =>
    keptFact(1000 + n, {
      type: 'account.role.ended.v1',
      subjects: [subjects.account, role.customer],
      families: ['account', 'roles'],
      data: { account: subjects.account, customer: role.customer, role: role.role, to: '2026-01-01' },
    }),
  );
  const after = foldAll(account, [...opened, ...ends]);
  expect(after.held.groundless.count).toBe(held.groundless.count);
  expect(after.largest).toBeLessThanOrEqual(stateBytesLimit);
  expect(rolesHeld(after.held.state.roles).every((role) => role.to !== null)).toBe(true);
});
