import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, type WeighedPair } from '#functions/duplicates/rules/clusters.ts';
import { bestCut } from '#functions/duplicates/rules/cut.ts';

const never = Number.NEGATIVE_INFINITY;

/** Clusters of records with these bits between them, -8 where nothing is said. */
const clusters = (pairs: readonly WeighedPair[]): readonly (readonly number[])[] => {
  const bits = new Map(pairs.map((pair) => [`${pair.left} ${pair.right}`, pair.bits]));
  return clustersOf(
    pairs.filter((pair) => pair.bits > -4),
    (left, right) => bits.get(`${left} ${right}`) ?? -8,
    0,
    -4,
  );
};
const pair = (left: number, right: number, bits: number): WeighedPair => ({ left, right, bits });

describe('records become persons', () => {
  it('where they all speak for each other', () => {
    expect(clusters([pair(0, 1, 9), pair(0, 2, 7), pair(1, 2, 8), pair(5, 6, 3)])).toEqual([
      [0, 1, 2],
      [5, 6],
    ]);
  });

  it('not by a chain: what is like one end need not be like the other', () => {
    expect(clusters([pair(0, 1, 9), pair(1, 2, 5), pair(0, 2, -9)])).toEqual([[0, 1]]);
  });

  it('with a weak pair among strong ones', () => {
    expect(clusters([pair(0, 1, 9), pair(0, 2, 9), pair(1, 2, -2)])).toEqual([[0, 1, 2]]);
  });

  it('never across a veto, however much stands around it', () => {
    const around = [0, 1, 2, 3].flatMap((left) => [4, 5, 6].map((right) => pair(left, right, 20)));
    const parted = clusters([...around, pair(0, 1, 20), pair(2, 3, 20), pair(0, 3, never)]);
    expect(parted.some((records) => records.includes(0) && records.includes(3))).toBe(false);
  });

  it('each record in one cluster at most, and never two that are vetoed', () => {
    const drawn = fc.array(
      fc.tuple(fc.nat(8), fc.nat(8), fc.oneof(fc.double({ min: -20, max: 20, noNaN: true }), fc.constant(never))),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(drawn, (entries) => {
        const known = new Map(
          entries
            .filter(([left, right]) => left !== right)
            .map(([left, right, bits]) => [
              `${Math.min(left, right)} ${Math.max(left, right)}`,
              pair(Math.min(left, right), Math.max(left, right), bits),
            ]),
        );
        const found = clusters([...known.values()]);
        const members = found.flat();
        expect(new Set(members).size).toBe(members.length);
        for (const { left, right, bits } of known.values())
          if (bits === never) expect(found.some((some) => some.includes(left) && some.includes(right))).toBe(false);
      }),
    );
  });
});

describe('the cut', () => {
  it('is half of the best F1 that may be expected', () => {
    expect(bestCut(Float64Array.of(1, 1, 1, 0, 0))).toBe(0.5);
    const sure = Array<number>(30).fill(1);
    expect(bestCut(Float64Array.of(...sure, 0.9, 0.1))).toBeCloseTo((2 * 30.9) / (31 + 31) / 2, 12);
  });

  it('asks for more where more than one link in twenty would be wrong, but never for more than 0.9', () => {
    expect(bestCut(Float64Array.of(0.99, 0.98, 0.97, 0.8, 0.6))).toBeCloseTo((0.97 + 0.8) / 2, 12);
    expect(bestCut(Float64Array.of(0.94, 0.92, 0.6, 0.5))).toBe(0.9);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 }), (some) => {
        const cut = bestCut(Float64Array.from(some));
        const linked = some.filter((probability) => probability > cut);
        const unsure = linked.filter((probability) => probability < 0.9);
        if (unsure.length > 0)
          expect(linked.reduce((sum, probability) => sum + probability, 0)).toBeGreaterThanOrEqual(
            0.95 * linked.length - 1e-9,
          );
        expect(cut).toBeGreaterThanOrEqual(0.3);
        expect(cut).toBeLessThanOrEqual(0.9);
      }),
    );
  });

  it('is never so low that two are linked who are likely two', () => {
    expect(bestCut(Float64Array.of(0.3, 0.2))).toBeGreaterThan(0.3);
    expect(bestCut(new Float64Array())).toBe(0.3);
  });
});
