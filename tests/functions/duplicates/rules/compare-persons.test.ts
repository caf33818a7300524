import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockingKeys, mostKeys } from '#functions/duplicates/rules/blocking-keys.ts';
import { comparePersons, isWorthALook } from '#functions/duplicates/rules/compare-persons.ts';
import { comparisonInWords, vetoInWords } from '#functions/duplicates/rules/comparison-words.ts';
import { type KnownPerson, withoutReaches } from '#functions/duplicates/rules/known-person.ts';
import { startingWeights } from '#functions/duplicates/rules/starting-weights.ts';
import { type HouseholdRecord, householdCases, knownPersonOf } from './household-people.ts';

const compare = (first: HouseholdRecord, second: HouseholdRecord) =>
  comparePersons(knownPersonOf(first), knownPersonOf(second), startingWeights);

const keysOf = (record: HouseholdRecord): readonly string[] =>
  blockingKeys(knownPersonOf(record)).map(({ pass, value }) => `${pass} ${value}`);

describe('what households do to records', () => {
  it.each(householdCases)('$story: $expected', ({ first, second, expected }) => {
    const score = compare(first, second);
    expect(score?.band ?? 'separate', JSON.stringify(score)).toBe(expected);
    const isAsked = score !== undefined && isWorthALook(score);
    expect(isAsked && score.vetoes.length === 0).toBe(expected !== 'separate');
  });

  it.each(householdCases.filter(({ expected }) => expected !== 'separate'))('$story: they meet at a key', (one) => {
    const keys = new Set(keysOf(one.first));
    expect(keysOf(one.second).some((key) => keys.has(key))).toBe(true);
  });

  it.each(householdCases)('$story: the same from either side', ({ first, second }) => {
    expect(compare(second, first)).toEqual(compare(first, second));
  });

  it.each(householdCases)('$story: the weights and what was before them are the score', ({ first, second }) => {
    const score = compare(first, second);
    if (score === undefined) return;
    const sum = score.comparisons.reduce((all, { weight }) => all + weight, score.before);
    expect(sum).toBeCloseTo(score.bits, 2);
  });
});

describe('a comparison', () => {
  it('is told in words, with its weight', () => {
    const score = compare(
      { given: 'Amara', family: 'Okafor', phone: '01632 960123' },
      { given: 'Amara', family: 'Okafr', phone: '01632 960123' },
    );
    const told = score?.comparisons.map(comparisonInWords) ?? [];
    expect(told.some((words) => /^family name: one letter differs, or a short form, \+\d+\.\d$/.test(words))).toBe(
      true,
    );
    expect(told.some((words) => /^phone number: the same, \+\d+\.\d$/.test(words))).toBe(true);
  });

  it('says why two of one name are not one', () => {
    const score = compare({ given: 'Tom', family: 'Ashby Sr' }, { given: 'Tom', family: 'Ashby Jr' });
    expect(score?.vetoes.map(vetoInWords)).toEqual(['One is senior, the other junior.']);
  });

  it('keeps two of one name at one address for a person to look at, however unlikely they are one', () => {
    const address = '12 Quay Street, Wherryton, ZZ1 4QS';
    const father: HouseholdRecord = {
      given: 'Tom',
      family: 'Ashby',
      born: '1956-02-11',
      phone: '01632 960001',
      address,
    };
    const son: HouseholdRecord = { ...father, born: '1984-09-23', phone: '01632 960999' };
    const score = compare(father, son);
    expect(score).toMatchObject({ band: 'steward', vetoes: [] });
    expect(score?.probability).toBeLessThan(0.9);
    expect(score !== undefined && isWorthALook(score)).toBe(true);
  });

  it('says that Mr and Mrs of one initial are two', () => {
    const score = compare({ given: 'Mr J', family: 'Holm' }, { given: 'Mrs J', family: 'Holm' });
    expect(score?.vetoes).toEqual(['gender']);
    expect(score?.vetoes.map(vetoInWords)).toEqual([
      'One is a woman, the other a man, and the given name is not the same.',
    ]);
  });

  it('takes of several names the ones that agree', () => {
    const wed: KnownPerson = {
      ...knownPersonOf({ given: 'Hanne', family: 'Brandt', born: '1991-07-19' }),
      names: [
        { given: 'Hanne', family: 'Brandt' },
        { given: 'Hanne', family: 'Lindqvist' },
      ],
    };
    const single = knownPersonOf({ given: 'Hanne', family: 'Lindqvist', born: '1991-07-19' });
    const score = comparePersons(wed, single, startingWeights);
    expect(score?.comparisons.find(({ name }) => name === 'family')?.level).toBe(0);
  });

  it('knows nothing of a phone that too many have', () => {
    const person = knownPersonOf({ given: 'Ana', family: 'Li', phone: '+44 1632 960123', email: 'ANA@example.com' });
    expect(withoutReaches(person, new Set(['632960123'])).phones).toEqual([]);
    expect(withoutReaches(person, new Set(['632960123'])).emails).toEqual(['ANA@example.com']);
    expect(withoutReaches(person, new Set(['ana@example.com'])).emails).toEqual([]);
  });
});

describe('the keys of a record', () => {
  it('are twelve at most, those that tell most first', () => {
    const texts = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${letter}${n}`);
    const person: KnownPerson = {
      organisation: false,
      names: texts('n', 4).map((family) => ({ given: `g${family}`, family: `${family}son` })),
      birthDates: ['1980-01-01', '1981-02-02'],
      phones: ['01632 960001', '01632 960002', '01632 960003'],
      emails: texts('mail', 3).map((user) => `${user}@example.com`),
      addresses: ['1 Quay Street, ZZ1 4QS', '2 Quay Street, ZZ1 4QS', '3 Mill Lane, ZZ7 2ML'],
    };
    const keys = blockingKeys(person);
    expect(keys).toHaveLength(mostKeys);
    expect(keys.slice(0, 6).map(({ pass }) => pass)).toEqual(['email', 'email', 'email', 'phone', 'phone', 'phone']);
  });

  it('do not depend on the order in which values are known', () => {
    const words = fc.constantFrom('Ana', 'Ben', 'Okafor', 'Lindqvist', 'Marlow', 'Li');
    const phones = fc.uniqueArray(fc.constantFrom('01632 960001', '01632 960002', '01632 960003'), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ given: words, family: words }), { minLength: 1, maxLength: 4 }),
        phones,
        (names, known) => {
          const person = { ...knownPersonOf({ family: 'x' }), names, phones: known };
          const turned = { ...person, names: names.toReversed(), phones: known.toReversed() };
          expect(blockingKeys(turned)).toEqual(blockingKeys(person));
        },
      ),
    );
  });

  it('of a record without anything are none', () => {
    expect(
      blockingKeys({ organisation: false, names: [], birthDates: [], phones: [], emails: [], addresses: [] }),
    ).toEqual([]);
  });
});
