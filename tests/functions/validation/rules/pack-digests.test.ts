import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DayDigest, EqualTail, QualitySum } from '#functions/validation/rules/day-digest.ts';
import { packDigests, unpackDigests } from '#functions/validation/rules/pack-digests.ts';
import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { groundOf, hourly, wholeDay } from './judged-days.ts';
import { KeptRegister } from './kept-register.ts';

const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const nearby = fc.integer({ min: Date.UTC(2025, 0) / 1000, max: Date.UTC(2026, 11) / 1000 });
const tail: fc.Arbitrary<EqualTail | null> = fc.option(
  fc.record({
    value: fc.oneof(fc.constant(0), amount),
    count: fc.nat(20_000),
    from: nearby,
    usual: fc.option(amount),
  }),
);
const sums = fc.uniqueArray(fc.tuple(fc.constantFrom(0, 7, 8, 9, 10, 12, 19), fc.nat(1440), amount), {
  maxLength: 7,
  selector: ([code]) => code,
});
const digest = fc
  .record({
    day: fc.integer({ min: 0, max: 30 }),
    expected: fc.nat(1440),
    missing: fc.nat(1440),
    sums,
    ends: fc.option(fc.tuple(nearby, nearby)),
    tail,
    estimatedDays: fc.nat(400),
  })
  .map(({ day, expected, missing, sums: some, ends, tail: row, estimatedDays }): DayDigest => {
    const byQuality: readonly QualitySum[] = [...some].sort(([left], [right]) => left - right);
    const counted = (test: (code: number) => boolean) =>
      byQuality.reduce((all, [code, count]) => (test(code) ? all + count : all), 0);
    return {
      date: addDays('2026-03-01', day),
      expected,
      count: counted(() => true),
      estimated: counted((code) => estimatedQualities.has(code)),
      missing,
      total: byQuality.reduce((all, [, , value]) => all + value, 0),
      byQuality,
      firstAt: ends === null ? null : ends[0],
      lastAt: ends === null ? null : ends[1],
      tail: row,
      estimatedDays,
    };
  });

describe('digests of a month', () => {
  it('come back from their bytes as they were, in the order of their dates', () => {
    const month = fc.uniqueArray(digest, { maxLength: 31, selector: ({ date }) => date });
    fc.assert(
      fc.property(month, (digests) => {
        const ordered = digests.toSorted((left, right) => (left.date < right.date ? -1 : 1));
        expect(unpackDigests('2026-03', packDigests(digests))).toEqual(ordered);
        expect(packDigests(digests.toReversed())).toEqual(packDigests(digests));
      }),
      { numRuns: 300 },
    );
  });

  it('take less than a write unit for a month of half-hours in which nothing is amiss', () => {
    const register = { ...hourly, intervalSeconds: 1800 };
    const kept = new KeptRegister(groundOf(register));
    for (let day = 0; day < 31; day += 1) {
      const date = addDays('2026-03-01', day);
      kept.put(
        date,
        wholeDay(register, date, (index) => 200 + ((index * 7919 + day * 31) % 900)),
      );
    }
    kept.judge('2026-03-01', '2026-03-31');
    const bytes = packDigests([...kept.digests.values()]);
    expect(unpackDigests('2026-03', bytes)).toEqual([...kept.digests.values()]);
    expect(bytes.length).toBeLessThan(900);
  });

  it('of a format that is not known are refused', () => {
    expect(() => unpackDigests('2026-03', new Uint8Array([9]))).toThrow('unknown format: 9');
  });
});
