import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchedPair, matchRecords } from '#functions/duplicates/rules/match-records.ts';
import type { PersonRow } from '#functions/duplicates/rules/person-columns.ts';
import { drawn, madeUpCustomers } from '#tests/support/made-up-customers.ts';

const keyOf = (left: number, right: number): string => `${Math.min(left, right)} ${Math.max(left, right)}`;

/** Pairs that are one person, by the labels of the rows. */
const truePairs = (truth: readonly string[]): ReadonlySet<string> =>
  new Set(
    truth.flatMap((label, left) =>
      truth.flatMap((other, right) => (left < right && label === other ? [keyOf(left, right)] : [])),
    ),
  );

const shuffled = (count: number, seed: number): readonly number[] => {
  const next = drawn(seed);
  return Array.from({ length: count }, (_, place) => ({ place, by: next() }))
    .sort((left, right) => left.by - right.by)
    .map(({ place }) => place);
};

const described = (pairs: readonly MatchedPair[], rowOf: (row: number) => number): readonly string[] =>
  pairs
    .map(
      ({ left, right, probability, band, linked }) =>
        `${keyOf(rowOf(left), rowOf(right))} ${probability} ${band} ${linked}`,
    )
    .sort();

describe('records of one person are found', () => {
  const { rows, truth } = madeUpCustomers(500, 0.25, 11);
  const result = matchRecords(rows);
  const there = truePairs(truth);
  const links = result.pairs.filter(({ linked }) => linked);

  it('most of them, and hardly any of two', () => {
    const hits = links.filter(({ left, right }) => there.has(keyOf(left, right))).length;
    expect(hits / links.length).toBeGreaterThanOrEqual(0.97);
    expect(hits / there.size).toBeGreaterThanOrEqual(0.93);
  });

  it('none wrongly by themselves', () => {
    const alone = result.pairs.filter(({ band }) => band === 'auto');
    expect(alone.length).toBeGreaterThan(50);
    expect(alone.filter(({ left, right }) => !there.has(keyOf(left, right)))).toEqual([]);
  });

  it('without comparing all with all', () => {
    expect(result.candidates).toBeLessThan((rows.length * (rows.length - 1)) / 2 / 20);
  });

  it('the same in any order of rows', () => {
    const order = shuffled(rows.length, 5);
    const again = matchRecords(order.flatMap((row) => rows[row] ?? []));
    expect(described(again.pairs, (row) => order[row] ?? -1)).toEqual(described(result.pairs, (row) => row));
  });

  it('as clusters that hold what is linked, each row once', () => {
    const members = result.clusters.flat();
    expect(new Set(members).size).toBe(members.length);
    const within = result.clusters.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
    expect(links).toHaveLength(within);
  });

  it('each pair once, with a probability', () => {
    expect(new Set(result.pairs.map(({ left, right }) => keyOf(left, right))).size).toBe(result.pairs.length);
    expect(
      result.pairs.every(({ left, right, probability }) => left < right && probability >= 0 && probability <= 1),
    ).toBe(true);
  });
});

describe('where nobody stands twice', () => {
  it('nothing is linked', () => {
    const result = matchRecords(madeUpCustomers(700, 0, 21).rows);
    expect(result.pairs.filter(({ linked }) => linked)).toEqual([]);
    expect(result.clusters).toEqual([]);
  });
});

describe('between two files', () => {
  const { rows, truth } = madeUpCustomers(400, 0.4, 31);
  const people = truth.findIndex((label, row) => label !== String(row));
  const [first, second] = [rows.slice(0, people), rows.slice(people)];
  const links = matchRecords(first, second).pairs.filter(({ linked }) => linked);

  it('each row has one partner at most where both files are clean', () => {
    expect(new Set(links.map(({ left }) => left)).size).toBe(links.length);
    expect(new Set(links.map(({ right }) => right)).size).toBe(links.length);
  });

  it('the right one, nearly always', () => {
    const hits = links.filter(({ left, right }) => truth[left] === truth[people + right]).length;
    expect(hits / links.length).toBeGreaterThanOrEqual(0.97);
    expect(hits / second.length).toBeGreaterThanOrEqual(0.9);
  });

  it('whichever file comes first', () => {
    const back = matchRecords(second, first).pairs.filter(({ linked }) => linked);
    expect(back.map(({ left, right }) => `${right} ${left}`).sort()).toEqual(
      links.map(({ left, right }) => `${left} ${right}`).sort(),
    );
  });
});

describe('a file of any kind', () => {
  it('with nobody, or one, has no pairs', () => {
    expect(matchRecords([]).pairs).toEqual([]);
    expect(matchRecords([{ given: 'Anna', family: 'Smith' }]).pairs).toEqual([]);
    expect(matchRecords([], [{ given: 'Anna', family: 'Smith' }]).pairs).toEqual([]);
    expect(matchRecords([{}, {}, {}]).pairs).toEqual([]);
  });

  it('with one row a few times has one person', () => {
    const row = { given: 'Anna', family: 'Smith', birthDate: '1985-03-04', phone: '07700 900123' };
    const others = madeUpCustomers(100, 0, 51).rows;
    const { clusters } = matchRecords([...others, ...Array<PersonRow>(12).fill(row)]);
    expect(clusters).toEqual([Array.from({ length: 12 }, (_, place) => others.length + place)]);
  });

  it('is read, its pairs within its rows, the same in any order', () => {
    const value = fc.constantFrom(
      '',
      'Anna',
      'Ana',
      'Smith',
      '1985-03-04',
      '1985',
      '12 High Street',
      'ZZ1 4QS',
      'a@b.example',
    );
    const row: fc.Arbitrary<PersonRow> = fc.record({
      given: value,
      family: value,
      birthDate: value,
      street: value,
      postcode: value,
      email: value,
    });
    fc.assert(
      fc.property(fc.uniqueArray(row, { maxLength: 12, selector: (some) => JSON.stringify(some) }), (rows) => {
        const { pairs } = matchRecords(rows);
        expect(pairs.every(({ left, right }) => left >= 0 && left < right && right < rows.length)).toBe(true);
        const turned = matchRecords(rows.toReversed());
        const place = (at: number): number => rows.length - 1 - at;
        expect(
          turned.pairs.map(({ left, right, linked }) => `${keyOf(place(left), place(right))} ${linked}`).sort(),
        ).toEqual(pairs.map(({ left, right, linked }) => `${keyOf(left, right)} ${linked}`).sort());
      }),
    );
  });
});
