import { describe, expect, it } from 'vitest';
import { matchRecords } from '#functions/duplicates/rules/match-records.ts';
import { drawn } from '#tests/support/made-up-customers.ts';
import {
  linkagePresent,
  measure,
  only,
  readFebrl,
  readSplink,
  withHouseholdMembers,
  without,
} from './linkage-files.ts';

if (!linkagePresent) console.log('skipped: the data set linkage is not beside this checkout');

const slow = { timeout: 120_000 };

describe.skipIf(!linkagePresent)('records of one person in published files, with one configuration', () => {
  it('febrl1: 1,000 records', slow, () => {
    const { f1, precision } = measure(readFebrl('febrl1.csv'));
    expect([f1, precision].map((share) => share >= 0.999)).toEqual([true, true]);
  });

  it('febrl2: 5,000 records, up to five duplicates each', slow, () => {
    const { f1, precision } = measure(readFebrl('febrl2.csv'));
    expect(f1).toBeGreaterThanOrEqual(0.999);
    expect(precision).toBeGreaterThanOrEqual(0.998);
  });

  it('Splink fake_1000: slips in nearly every record', slow, () => {
    const { f1, precision } = measure(readSplink());
    expect(f1).toBeGreaterThanOrEqual(0.995);
    expect(precision).toBeGreaterThanOrEqual(0.998);
  });

  it('febrl2 without identifier, street and house number', slow, () => {
    const { f1 } = measure(without(readFebrl('febrl2.csv'), 'nationalId', 'street', 'line2', 'number'));
    expect(f1).toBeGreaterThanOrEqual(0.995);
  });

  it('Splink fake_1000 without e-mail', slow, () => {
    expect(measure(without(readSplink(), 'email')).f1).toBeGreaterThanOrEqual(0.985);
  });

  it('febrl2 between originals and first duplicates, by names, birthday and postcode alone', slow, () => {
    const file = without(readFebrl('febrl2.csv'), 'nationalId', 'street', 'line2', 'number', 'town', 'state');
    const { f1 } = measure(
      only(file, (id) => id.endsWith('-org')),
      only(file, (id) => id.endsWith('-dup-0')),
    );
    expect(f1).toBeGreaterThanOrEqual(0.997);
  });

  it.each([1, 3])('febrl2 with 600 members of the households in it, drawn by %i', slow, (seed) => {
    const { f1, falseOfSure } = measure(withHouseholdMembers(readFebrl('febrl2.csv'), 600, seed));
    expect(f1).toBeGreaterThanOrEqual(0.99);
    expect(falseOfSure).toBeLessThanOrEqual(0.001);
  });

  it.each<readonly [string, readonly Parameters<typeof without>[1][]]>([
    ['as they are', []],
    ['without identifier', ['nationalId']],
    ['without birthday', ['birthDate']],
    ['with names and birthday alone', ['nationalId', 'number', 'street', 'line2', 'town', 'state', 'postcode']],
  ])('the originals of febrl2 are nobody twice, %s', slow, (_how, fields) => {
    const originals = only(without(readFebrl('febrl2.csv'), ...fields), (id) => id.endsWith('-org'));
    expect(measure(originals).links).toBe(0);
  });

  it('the same in any order of rows', slow, () => {
    const { rows } = readFebrl('febrl1.csv');
    const next = drawn(9);
    const order = rows.map((_, place) => ({ place, by: next() })).sort((left, right) => left.by - right.by);
    const rowOf = (at: number): number => order[at]?.place ?? -1;
    const again = matchRecords(order.flatMap(({ place }) => rows[place] ?? []));
    const said = (
      { probability, band, linked }: { probability: number; band: string; linked: boolean },
      pair: readonly number[],
    ) => `${pair.toSorted((left, right) => left - right).join(' ')} ${probability} ${band} ${linked}`;
    expect(again.pairs.map((pair) => said(pair, [rowOf(pair.left), rowOf(pair.right)])).sort()).toEqual(
      matchRecords(rows)
        .pairs.map((pair) => said(pair, [pair.left, pair.right]))
        .sort(),
    );
  });
});
