import { describe, expect, it } from 'vitest';
import { type MatchResult, matchRecords } from '#functions/duplicates/rules/match-records.ts';
import type { PersonField, PersonRow } from '#functions/duplicates/rules/person-columns.ts';
import { drawn, madeUpCustomers } from '#tests/support/made-up-customers.ts';

interface Truth {
  readonly rows: readonly PersonRow[];
  readonly truth: readonly string[];
}

/** How well a file was matched: shares of links and of true pairs that are right, and pairs merged or called nearly sure that are wrong. */
const told = ({ pairs }: MatchResult, truth: readonly string[]) => {
  const isTrue = ({ left, right }: { left: number; right: number }): boolean => truth[left] === truth[right];
  const links = pairs.filter(({ linked }) => linked);
  const hits = links.filter(isTrue).length;
  const counts = new Map<string, number>();
  for (const label of truth) counts.set(label, (counts.get(label) ?? 0) + 1);
  const there = [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  return {
    links: links.length,
    precision: links.length === 0 ? 1 : hits / links.length,
    recall: there === 0 ? 1 : hits / there,
    wronglySure: pairs.filter((pair) => (pair.band === 'auto' || pair.probability >= 0.999) && !isTrue(pair)).length,
  };
};

const customers = madeUpCustomers(700, 0.3, 7);
const only = ({ rows, truth }: Truth, ...fields: readonly PersonField[]): Truth => ({
  truth,
  rows: rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? '']))),
});
const without = ({ rows, truth }: Truth, ...fields: readonly PersonField[]): Truth => ({
  truth,
  rows: rows.map((row) => ({ ...row, ...Object.fromEntries(fields.map((field) => [field, ''])) })),
});
const changed = ({ rows, truth }: Truth, change: (row: PersonRow, next: () => number) => PersonRow): Truth => {
  const next = drawn(5);
  return { truth, rows: rows.map((row) => change(row, next)) };
};
const upper = (row: PersonRow): PersonRow =>
  Object.fromEntries(Object.entries(row).map(([field, value]) => [field, value.toUpperCase()]));

const address = ['number', 'street', 'town', 'postcode'] as const;

/** With the least precision and recall: what is asked falls with what a file knows, and precision later than recall. */
const files: readonly (readonly [string, Truth, number, number])[] = [
  ['as they are', customers, 0.99, 0.95],
  ['without birthdays', without(customers, 'birthDate'), 0.99, 0.88],
  ['without e-mail', without(customers, 'email'), 0.99, 0.92],
  ['without e-mail and phone', without(customers, 'email', 'phone'), 0.99, 0.7],
  ['with name and address alone', only(customers, 'given', 'family', ...address), 0.99, 0.64],
  ['with name and birthday alone', only(customers, 'given', 'family', 'birthDate'), 0.95, 0.75],
  ['with name and phone alone', only(customers, 'given', 'family', 'phone'), 0.92, 0.75],
  ['with name and postcode alone', only(customers, 'given', 'family', 'postcode'), 0.97, 0.4],
  [
    'with three cells of ten empty',
    changed(customers, (row, next) =>
      Object.fromEntries(Object.entries(row).map(([field, value]) => [field, next() < 0.3 ? '' : value])),
    ),
    0.95,
    0.6,
  ],
  [
    'with every second row in capitals',
    changed(customers, (row, next) => (next() < 0.5 ? upper(row) : row)),
    0.99,
    0.95,
  ],
  [
    'with the names of one in ten the wrong way round',
    changed(customers, (row, next) =>
      next() < 0.1 ? { ...row, given: row.family ?? '', family: row.given ?? '' } : row,
    ),
    0.99,
    0.93,
  ],
  ['in one town', changed(customers, (row) => ({ ...row, town: 'Saltmouth' })), 0.99, 0.95],
  [
    'of whom two in five have the phone of an office',
    changed(customers, (row, next) => (next() < 0.4 ? { ...row, phone: '01632 960000' } : row)),
    0.97,
    0.85,
  ],
  ['of whom everybody stands there twice', madeUpCustomers(300, 1, 7), 0.99, 0.95],
  ['in a file of fifty', madeUpCustomers(25, 0.25, 1), 0.99, 0.6],
  ['in a file of twenty', madeUpCustomers(10, 0.4, 1), 0.99, 0.6],
];

describe('customers of a utility, by one configuration', () => {
  it.each(files)('%s', (_which, { rows, truth }, precision, recall) => {
    const figures = told(matchRecords(rows), truth);
    expect(figures.wronglySure).toBe(0);
    expect(figures.precision).toBeGreaterThanOrEqual(precision);
    expect(figures.recall).toBeGreaterThanOrEqual(recall);
  });

  it('with names alone, of whom hardly any can be told', () => {
    const { rows, truth } = only(customers, 'given', 'family');
    const { precision, wronglySure } = told(matchRecords(rows), truth);
    expect([precision >= 0.95, wronglySure]).toEqual([true, 0]);
  });

  it.each([
    [28, 1],
    [28, 2],
    [28, 3],
    [400, 4],
  ])('of whom nobody stands there twice: %i homes, drawn by %i', (homes, seed) => {
    const clean = madeUpCustomers(homes, 0, seed);
    for (const file of [clean, only(clean, 'given', 'family', ...address), only(clean, 'given', 'family', 'birthDate')])
      expect(told(matchRecords(file.rows), file.truth)).toMatchObject({ links: 0, wronglySure: 0 });
  });
});

describe('what is made of a pair', () => {
  it.each(files)('is never at odds with itself: %s', (_which, { rows }) => {
    const { pairs } = matchRecords(rows);
    expect(pairs.filter(({ band, linked }) => (linked ? band === 'separate' : band === 'auto'))).toEqual([]);
    expect(pairs.filter(({ band, probability }) => band === 'auto' && probability < 0.999)).toEqual([]);
  });
});
