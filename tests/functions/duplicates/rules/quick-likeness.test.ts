import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bagLikeness,
  commonSigns,
  distance,
  signsOf,
  winkler,
  winklerCeiling,
  within,
} from '#functions/duplicates/rules/quick-likeness.ts';
import { damerauLevenshtein, jaroWinkler } from '#shared/text/similarity.ts';

/** Short texts of few signs are like each other often enough; one sign is not ASCII. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ł', '𝒳'), maxLength: 9 });

describe('the quick measures', () => {
  it('count the same distance as the plain one', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(distance(signsOf(left), signsOf(right))).toBe(damerauLevenshtein(left, right));
      }),
    );
  });

  it('tell whether a distance is small without always measuring it', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 3 }), (left, right, most) => {
        expect(within(signsOf(left), signsOf(right), most)).toBe(damerauLevenshtein(left, right) <= most);
      }),
    );
  });

  it('find the same likeness as Jaro and Winkler, and never more than the ceiling', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [a, b] = [signsOf(left), signsOf(right)];
        expect(winkler(a, b)).toBeCloseTo(jaroWinkler(left, right), 12);
        expect(winkler(a, b)).toBeLessThanOrEqual(winklerCeiling(a, b, commonSigns(a, b)) + 1e-12);
      }),
    );
  });

  it('see the same letters in any order', () => {
    expect(bagLikeness(signsOf('harry'), signsOf('ryhar'))).toBe(1);
    expect(bagLikeness(signsOf('harry'), signsOf('hary'))).toBe(0.8);
    expect(bagLikeness(signsOf(''), signsOf(''))).toBe(0);
  });
});
