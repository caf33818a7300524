import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccountDigest } from '#functions/accounts/rules/account-digest.ts';
import { readContact } from '#functions/customers/rules/contact-section.ts';
import { readInteractions } from '#functions/customers/rules/interaction-section.ts';
import { readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { readFreshness } from '#shared/profile/rules/view/freshness.ts';
import { readIdentity } from '#shared/profile/rules/view/identity-section.ts';
import { viewBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { bytesOf, emptyHead } from '#shared/profile/store/items.ts';
import { renderView } from '#shared/profile/store/view-writes.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import type { Item } from '#shared/table/table.ts';
import type { FamilyName, KeptFact } from '#shared/vocabulary/fact.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { heavyOf, keptFact, longText, subjects } from '#tests/support/heavy-facts.ts';
import { statesOf } from '#tests/support/states-of-facts.ts';

/** Views of subjects of which everything is as much and as long as contracts allow. */

const today = '2026-11-24';

const heavyFacts = (family: FamilyName, count: number): readonly Fact[] =>
  Array.from({ length: count }, (_, n) => keptFact(n * 40 + family.length, heavyOf(family)(n)));

const customerFacts = (count: number): readonly Fact[] =>
  (['identity', 'contact', 'interactions', 'roles'] as const).flatMap((family) => heavyFacts(family, count));

const reader = subjects.customer;

/** Roles of the reader on the account, over and open; then bills, payments, agreements at many premises. */
const accountFacts = (count: number): readonly Fact[] => [
  ...heavyFacts('account', count),
  ...heavyFacts('billing', count),
  ...Array.from({ length: count }, (_, n) =>
    keptFact(n, {
      type: 'account.role.granted.v1',
      subjects: [subjects.account, reader],
      families: ['account', 'roles'],
      data: {
        account: subjects.account,
        customer: reader,
        role: Role.options[n % Role.options.length],
        from: `20${10 + (n % 15)}-01-01`,
        ...(n % 3 === 1 ? { to: `20${25 + (n % 3)}-12-31` } : {}),
      },
    }),
  ),
  ...Array.from({ length: count }, (_, n) =>
    keptFact(110_000 + n, {
      type: 'billing.payment.received.v1',
      subjects: [subjects.account],
      families: ['billing'],
      data: {
        account: subjects.account,
        amount: { amountMinor: 1_000_000_000_000 - n, currency: 'GBP' },
        method: 'other',
      },
    }),
  ),
];

/** Points with agreements of the reader's account and meters, and outages, all at one premise. */
const premiseFacts = (count: number): readonly Fact[] => {
  const places = heavyFacts('premise', Math.max(2, count));
  const points = places.flatMap((fact) => (fact.type.includes('service-point') ? [fact.entity ?? ''] : []));
  return [
    ...places,
    ...heavyFacts('outage', count),
    ...points.flatMap((servicePoint, n) => [
      keptFact(120_000 + n, {
        type: 'account.agreement.started.v1',
        subjects: [subjects.account, subjects.premise],
        families: ['account', 'supply'],
        data: { account: subjects.account, servicePoint, tariff: longText(40), from: '2025-10-01', references: [] },
      }),
      keptFact(130_000 + n, {
        type: 'metering.meter.installed.v1',
        subjects: [subjects.premise],
        families: ['metering'],
        data: { servicePoint, meter: mintedId('meter', `budget-${n}`), serial: longText(40) },
      }),
    ]),
  ];
};

const within = (item: Item | undefined, budget: number): void => {
  if (item === undefined) throw new Error('nothing is shown');
  expect(itemBytes(item), item.sk).toBeLessThanOrEqual(budget);
};
const counts = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(30, 80));
const section = (items: readonly Item[], place: number) => items.find((item) => item.sk === `VIEW#${place}`);

describe('however much there is to show,', () => {
  it('identity, contact points, interactions and freshness of a customer keep their bytes, and can be read', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const { items } = renderView(reader, statesOf(reader, customerFacts(count)), emptyHead, today);
        within(section(items, 0), viewBudgets.identity);
        within(section(items, 1), viewBudgets.contact);
        within(section(items, 3), viewBudgets.interactions);
        within(section(items, 4), viewBudgets.freshness);
        const packed = (place: number) => bytesOf(section(items, place) ?? { pk: '', sk: '' }, 'b');
        expect(readIdentity(packed(0)).hashes).toHaveLength(3);
        const contact = readContact(packed(1));
        expect(contact.points.length).toBeGreaterThan(0);
        const { recent, more, handover } = readInteractions(packed(3));
        expect(recent.length + more).toBe(count);
        expect(handover).not.toBeNull();
        expect(readFreshness(packed(4)).length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  it('the digest of an account keeps its bytes, with balance, bills, a payment and what is owed', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const states = statesOf(subjects.account, accountFacts(count));
        const { items } = renderView(subjects.account, states, emptyHead, today);
        const digests = items.filter((item) => item.sk.startsWith('VIEW#5#'));
        for (const item of digests) within(item, viewBudgets.account);
        const own = digests.find((item) => item.pk.endsWith(reader));
        const digest = readAccountDigest(bytesOf(own ?? { pk: '', sk: '' }, 'b'));
        expect(digest.lastBill).not.toBeNull();
        expect(digest.lastPayments.length).toBeGreaterThan(0);
        expect(digest.roles.length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
  });

  it('the digest of an account that was left keeps its bytes, with what is owed on it; three fit beside one home', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const ended = Array.from({ length: Math.min(count, 12) }, (_, n) =>
          keptFact(n, {
            type: 'account.role.granted.v1',
            subjects: [subjects.account, reader],
            families: ['account', 'roles'],
            data: {
              account: subjects.account,
              customer: reader,
              role: Role.options[n % Role.options.length],
              from: `20${10 + n}-01-01`,
              to: `20${10 + n}-12-31`,
            },
          }),
        );
        const facts = [...heavyFacts('account', count), ...heavyFacts('billing', count)];
        const own = facts.filter(({ data }: KeptFact) => data.customer !== reader);
        const { items } = renderView(
          subjects.account,
          statesOf(subjects.account, [...own, ...ended]),
          emptyHead,
          today,
        );
        const left = items.find(({ sk, pk }) => sk.startsWith('WAS#') && pk.endsWith(reader));
        within(left, viewBudgets.former);
        expect(readAccountDigest(bytesOf(left ?? { pk: '', sk: '' }, 'b')).roles.length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
    const { account, former, premise, usage, ...sections } = viewBudgets;
    const own = Object.values(sections).reduce((sum, bytes) => sum + bytes, 0);
    expect(own + account + premise + usage + 3 * former).toBeLessThanOrEqual(4096);
  });

  it('the digest of a premise keeps its bytes, with its address and a point of delivery', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const states = statesOf(subjects.premise, premiseFacts(count));
        const { items } = renderView(subjects.premise, states, emptyHead, today, [[reader, subjects.account]]);
        within(items[0], viewBudgets.premise);
        const digest = readPremiseDigest(bytesOf(items[0] ?? { pk: '', sk: '' }, 'b'));
        expect(digest.address?.length).toBeGreaterThan(0);
        expect(digest.servicePoints.length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
  });
});
