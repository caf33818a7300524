import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatheringLimits } from '#functions/search/gather-words.ts';
import { mostExactQuestions } from '#functions/search/rules/exact-questions.ts';
import { searchBounds, searchCustomers } from '#functions/search/search-customers.ts';
import type { SearchHash } from '#functions/search/store/search-hash.ts';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { wholeViewRange } from '#shared/table/keys.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Table } from '#shared/table/table.ts';
import { hashOn } from '#tests/support/search-hash.ts';
import { testId } from './household.ts';
import { today } from './household-views.ts';
import { householdEntries, manyHouseholds, settle } from './small-utility.ts';

/** Reads that no question exceeds: exact values, vocabulary, beginnings, words and pairs (addresses, then names), HEADs. */
const mostReads =
  mostExactQuestions +
  gatheringLimits.lookedUp * 11 +
  gatheringLimits.beginnings +
  2 * gatheringLimits.places +
  searchBounds.resolved;

interface CountedApart extends Table {
  /** Since the last reset: queries of views (`described`), which are one for each customer, and requests besides. */
  counts(): { readonly requests: number; readonly described: number };
  reset(): void;
}

const countedApart = (profile: Table): CountedApart => {
  const [views, others] = [createCountedTable(profile), createCountedTable(profile)];
  return {
    ...others,
    query: (query) => (query.from === wholeViewRange.from ? views : others).query(query),
    counts: () => ({ requests: others.counts().requests, described: views.counts().requests }),
    reset() {
      views.reset();
      others.reset();
    },
  };
};

const households = manyHouseholds(10_000);
const small = manyHouseholds(100, 1000);
let store: LevelStore;
let table: CountedApart;
let hash: SearchHash;
beforeAll(async () => {
  store = await openLevelStore();
  hash = hashOn(store);
  await settle(store.table('profile'), hash, households);
  table = countedApart(store.table('profile'));
}, 120_000);
afterAll(() => store.close());

const ask = async (q: string, limit = 25) => {
  table.reset();
  const answer = await searchCustomers(
    { table, hash, country: 'GB', today: () => today },
    { q, limit, view: fullView },
  );
  return { answer, ...table.counts() };
};
const of = (number: number) => {
  const household = households.find((one) => one.number === number);
  if (household === undefined) throw new Error('no such household');
  return household;
};

describe('search in a utility of 10,000 customers', () => {
  it.each([4711, 1000, 10_999])('finds household %i by each thing it is known by, at the front', async (number) => {
    const { customer, account, premise } = of(number);
    const questions = [
      customer.emails?.[0],
      customer.phones?.[1],
      account?.accountNumbers?.[0],
      account?.billNumbers?.[0],
      premise?.serials?.[0],
      testId('account', number),
      `${customer.names[0]} ${account?.accountNumbers?.[0]}`,
      `${customer.names[0]}, ${premise?.addresses?.[0]}`,
      `${customer.names[0]} ${premise?.postcodes?.[0]}`,
    ];
    for (const q of questions) {
      const { answer } = await ask(q ?? '', 100);
      expect(
        answer.data.map(({ id }) => id),
        q,
      ).toContain(testId('customer', number));
      expect(answer.data[0]?.score).toBeGreaterThan(0.95);
    }
  });

  it('finds everybody of one name, also where both of its words are common', async () => {
    for (const number of [1500, 2600, 9000]) {
      const name = of(number).customer.names[0] ?? '';
      const namesakes = households
        .filter(({ customer }) => customer.names[0] === name)
        .map((one) => testId('customer', one.number));
      const { answer } = await ask(name, 100);
      const exact = answer.data.filter(({ score }) => score === 1).map(({ id }) => id);
      expect(exact.toSorted()).toEqual(namesakes.toSorted());
    }
  });

  it('finds everybody at one house number of a common street', async () => {
    const address = of(3333).premise?.addresses?.[0] ?? '';
    const street = address.split(',')[0] ?? '';
    const there = households.filter(({ premise }) => premise?.addresses?.[0]?.startsWith(`${street},`) === true);
    const { answer } = await ask(street, 100);
    expect(answer.data.map(({ id }) => id).toSorted()).toEqual(
      there.map((one) => testId('customer', one.number)).toSorted(),
    );
  });

  it('reads exactly what a plain question needs', async () => {
    const { customer } = of(4711);
    expect(await ask(customer.emails?.[0] ?? '')).toMatchObject({ requests: 1, described: 1 });
    expect(await ask('+1 202 555 5711')).toMatchObject({ requests: 1, described: 1 });
    expect(await ask(testId('customer', 4711))).toMatchObject({ described: 1 });
  });

  it('reads at most 304 keys for any question, as its page says', () => {
    expect(mostReads).toBe(304);
  });

  it.each([
    'smith',
    'olivia smith',
    'olivia smith saltmouth',
    'smyth olivea',
    'high street',
    '12 high street',
    '12 high street saltmouth zz1 1qs',
    'the avenue',
    'a b c d e f g h i j k l m n o p',
    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16',
    'ab1 ab2 ab3 ab4 ab5 ab6 ab7 ab8 ab9 ab10 ab11 ab12',
    'olivia amelia isla george smith jones taylor brown high station church mill saltmouth northwick',
    'zz',
    'nothing of that kind',
  ])('keeps within its reads for "%s"', async (q) => {
    const counted = await ask(q, 100);
    expect(counted.requests).toBeLessThanOrEqual(mostReads);
    expect(counted.described).toBeLessThanOrEqual(100 + searchBounds.completed);
    expect(counted.answer.data.length).toBeLessThanOrEqual(100);
  });

  it('reads as many keys for a whole value as where there are only a hundred customers', async () => {
    const other = await openLevelStore();
    await settle(other.table('profile'), hashOn(other), small);
    const few = countedApart(other.table('profile'));
    const { customer, account } = small[17] ?? of(1000);
    for (const q of [customer.emails?.[0] ?? '', account?.accountNumbers?.[0] ?? '']) {
      few.reset();
      await searchCustomers(
        { table: few, hash: hashOn(other), country: 'GB', today: () => today },
        { q, limit: 25, view: fullView },
      );
      expect((await ask(q)).requests).toBe(few.counts().requests);
    }
    await other.close();
  });

  it('says that it was cut where a word is too common, and not where it is not', async () => {
    expect((await ask('saltmouth')).answer.cut).toBe(true);
    expect((await ask(of(4711).customer.emails?.[0] ?? '')).answer.cut).toBe(false);
  });

  it('keeps few and small items for each household', async () => {
    const search = await Promise.all(
      households.map(async (household) => (await householdEntries(hash, household)).items),
    );
    const counts = search.map((items) => items.length);
    // One number has an entry whole, and one for each of its ends of four to six.
    expect(Math.max(...counts)).toBeLessThanOrEqual(31);
    expect(search.flat().reduce((most, item) => Math.max(most, itemBytes(item)), 0)).toBeLessThanOrEqual(200);
  });
});
