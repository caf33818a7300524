import { beforeAll, describe, expect, it } from 'vitest';
import { type MatchedPair, matchRecords } from '#functions/duplicates/rules/match-records.ts';
import { madeUpCustomers } from '#tests/support/made-up-customers.ts';
import { householdCases } from './household-cases.ts';

const placed = householdCases.map((some, place) => ({ ...some, place }));

/** The cases among customers of a utility, and what is made of each. */
const among = (households: number, share: number, seed: number) => {
  const customers = madeUpCustomers(households, share, seed).rows;
  const { pairs } = matchRecords([...customers, ...householdCases.flatMap(({ one, other }) => [one, other])]);
  const found = (place: number): Pick<MatchedPair, 'band' | 'linked'> => {
    const left = customers.length + 2 * place;
    const pair = pairs.find((some) => some.left === left && some.right === left + 1);
    return { band: pair?.band ?? 'separate', linked: pair?.linked ?? false };
  };
  const abroad = pairs.filter(({ left, right }) => left < customers.length && right >= customers.length);
  return { found, abroad };
};

describe.each([
  [1500, 0.1, 3],
  [1500, 0.3, 5],
])('people of one home, among %i homes of a utility of which %d stand twice', (households, share, seed) => {
  let result: ReturnType<typeof among>;
  beforeAll(() => {
    result = among(households, share, seed);
  }, 120_000);

  it.each(placed)('$who: $band', ({ place, band, linked }) => {
    const made = result.found(place);
    expect(made).toEqual({ band, linked: linked ?? made.linked });
  });

  it('are never taken for somebody who lives elsewhere under another name', () => {
    expect(result.abroad.filter(({ band, linked }) => linked || band !== 'separate')).toEqual([]);
  });
});

describe.each([1, 2, 3])('people of one home, in a file of a few dozen records (%i)', (seed) => {
  let result: ReturnType<typeof among>;
  beforeAll(() => {
    result = among(25, 0.1, seed);
  }, 120_000);

  it.each(placed.filter(({ band }) => band !== 'auto'))('$who: never merged without a look', ({ place }) => {
    expect(result.found(place).band).not.toBe('auto');
  });

  it.each(placed.filter(({ linked }) => linked === true))('$who: found all the same', ({ place }) => {
    expect(result.found(place)).toMatchObject({ linked: true });
  });
});

describe('a value that too many have', () => {
  const customers = madeUpCustomers(400, 0.1, 8).rows;
  const lodgers = Array.from({ length: 9 }, (_, room) => ({
    number: `Room ${room + 1}, 40`,
    street: 'Pilgrim Terrace',
    town: 'Saltmouth',
    postcode: 'ZZ1 5HH',
    phone: '01632 960700',
    email: 'office@hostel.example',
    given: ['Ivan', 'Ivan', 'Tomas', 'Aki', 'Lena', 'Bruno', 'Noor', 'Sade', 'Pavel'][room] ?? '',
    family: ['Petrov', 'Petrov', 'Hruska', 'Tanaka', 'Falk', 'Costa', 'Aziz', 'Bello', 'Ondra'][room] ?? '',
    birthDate: `19${60 + 3 * room}-0${room + 1}-1${room}`,
  }));
  const { pairs } = matchRecords([...customers, ...lodgers]);
  const within = pairs.filter(({ left }) => left >= customers.length);

  it("links none of a hostel's guests, though all have its phone and e-mail address", () => {
    expect(within.filter(({ linked }) => linked)).toEqual([]);
  });

  it('leaves two guests of one name with other birthdays apart', () => {
    expect(within.filter(({ band }) => band === 'auto')).toEqual([]);
  });
});
