import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Merge } from '#shared/profile/rules/links.ts';
import { customerOf, customersOf, recordsOfOne } from '#shared/profile/rules/one-customer.ts';

const records = ['a', 'b', 'c', 'd', 'e', 'f'];
const merge = (survivor: string, alias: string, n = 0): Merge => [`m${n}`, survivor, alias];
const one = fc.constantFrom(...records);
const merges = fc.array(
  fc.tuple(one, one).map(([survivor, alias]) => merge(survivor, alias)),
  { maxLength: 8 },
);

/** Everybody who can be reached from a record by merges, whichever way they point. */
const reached = (from: string, joined: readonly Merge[]): readonly string[] => {
  const found = new Set([from]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [, a, b] of joined) {
      if (found.has(a)) found.add(b);
      if (found.has(b)) found.add(a);
    }
  }
  return [...found].sort();
};

describe('who is one customer', () => {
  it('is everybody alone without a merge', () => {
    expect(customersOf(['a', 'b'], [])).toEqual([
      { root: 'a', aliases: [] },
      { root: 'b', aliases: [] },
    ]);
  });

  it('is held by whoever holds the survivor that the last joining merge names', () => {
    expect(customerOf('c', records, [merge('a', 'b'), merge('b', 'c')])).toEqual({ root: 'a', aliases: ['b', 'c'] });
    expect(customerOf('c', records, [merge('b', 'c'), merge('a', 'b')])).toEqual({ root: 'a', aliases: ['b', 'c'] });
    expect(customerOf('c', records, [merge('a', 'b'), merge('c', 'b')])).toEqual({ root: 'c', aliases: ['a', 'b'] });
  });

  it('is not changed by a merge within one, nor by one that names a record that is not looked at', () => {
    const joined = [merge('a', 'b'), merge('b', 'c')];
    expect(customersOf(records, [...joined, merge('c', 'a')])).toEqual(customersOf(records, joined));
    expect(customersOf(['a', 'b'], [...joined])).toEqual([{ root: 'a', aliases: ['b'] }]);
  });

  it('is every record that merges lead to, each of one customer alone', () => {
    fc.assert(
      fc.property(merges, (joined) => {
        const customers = customersOf(records, joined);
        expect(customers.flatMap(recordsOfOne).sort()).toEqual(records);
        for (const customer of customers)
          expect([...recordsOfOne(customer)].sort()).toEqual(reached(customer.root, joined));
      }),
      { numRuns: 500 },
    );
  });

  it('is turned by one merge, put in or taken out anywhere, at two roots at most', () => {
    fc.assert(
      fc.property(merges, one, one, fc.nat({ max: 8 }), (joined, survivor, alias, place) => {
        const more = [...joined.slice(0, place), merge(survivor, alias, 1), ...joined.slice(place)];
        const [without, within] = [customersOf(records, joined), customersOf(records, more)];
        const rootsOf = (id: string) => [customerOf(id, records, joined).root, customerOf(id, records, more).root];
        const touched = new Set([...rootsOf(survivor), ...rootsOf(alias)]);
        expect(touched.size).toBeLessThanOrEqual(2);
        const rest = (all: typeof within) => all.filter(({ root }) => !touched.has(root));
        expect(rest(within)).toEqual(rest(without));
      }),
      { numRuns: 500 },
    );
  });
});
