import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damerauLevenshtein, jaro, jaroWinkler } from '#shared/text/similarity.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '李'), maxLength: 8 });

describe('likeness of two names', () => {
  it.each([
    ['MARTHA', 'MARHTA', 0.961],
    ['DWAYNE', 'DUANE', 0.84],
    ['DIXON', 'DICKSONX', 0.813],
    ['JELLYFISH', 'SMELLYFISH', 0.896],
    ['Smith', 'SMITH', 1],
    ['abc', 'xyz', 0],
    ['', '', 0],
    ['', 'a', 0],
  ])('gives %s and %s the published Jaro-Winkler value %d', (left, right, value) => {
    expect(jaroWinkler(left, right)).toBeCloseTo(value, 3);
  });

  it.each([
    ['smith', 'smith', 0],
    ['Smith', 'SMITH', 0],
    ['smith', 'smyth', 1],
    ['smith', 'simth', 1],
    ['smith', 'smit', 1],
    ['smith', 'ssmith', 1],
    ['ca', 'abc', 2],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['a cat', 'an abct', 3],
  ])('needs the known number of edits between %s and %s: %d', (left, right, edits) => {
    expect(damerauLevenshtein(left, right)).toBe(edits);
  });

  it('is symmetric, ignores case, lies between 0 and 1 and is 1 only for equal names', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const value = jaroWinkler(a, b);
        expect(value).toBe(jaroWinkler(b, a));
        expect(value).toBe(jaroWinkler(a.toUpperCase(), b));
        expect(value).toBeGreaterThanOrEqual(jaro(a, b));
        expect(value).toBeLessThanOrEqual(1);
        if (a !== '' || b !== '') expect(value === 1).toBe(a === b);
      }),
    );
  });

  it('counts edits as a metric does, from the difference of lengths up to the longer length', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const edits = damerauLevenshtein(a, b);
        expect(edits).toBe(damerauLevenshtein(b, a));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(damerauLevenshtein(a, c) + damerauLevenshtein(c, b));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(Array.from(a).length - Array.from(b).length));
        expect(edits).toBeLessThanOrEqual(Math.max(Array.from(a).length, Array.from(b).length));
      }),
    );
  });
});
