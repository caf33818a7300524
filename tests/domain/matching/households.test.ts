import { beforeAll, describe, expect, it } from 'vitest';
import { type MatchResult, matchRecords } from '#shared/domain/matching/match-records.ts';
import { madeUpCustomers } from '#tests/support/made-up-customers.ts';
import { householdCases } from './household-cases.ts';

const customers = madeUpCustomers(1500, 0.1, 3).rows;

describe('people at one address, among the customers of a utility', () => {
  let result: MatchResult;
  beforeAll(() => {
    result = matchRecords([...customers, ...householdCases.flatMap(({ one, other }) => [one, other])]);
  });

  it.each(householdCases.map((some, place) => ({ ...some, place })))('$who: $bands', ({ place, bands, linked }) => {
    const left = customers.length + 2 * place;
    const pair = result.pairs.find((some) => some.left === left && some.right === left + 1);
    expect(bands).toContain(pair?.band ?? 'separate');
    if (linked !== undefined) expect(pair?.linked ?? false).toBe(linked);
  });

  it('are never linked by themselves with somebody who lives elsewhere under another name', () => {
    const cases = result.pairs.filter(
      ({ left, right, band }) => right >= customers.length && band === 'auto' && left < customers.length,
    );
    expect(cases).toEqual([]);
  });
});
