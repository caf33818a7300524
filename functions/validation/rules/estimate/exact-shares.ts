/**
 * Whole numbers from fractions with one denominator: each rounded down, then the largest remainders rounded up, until their
 * sum is the rounded sum of all (halves up). Of equal remainders the earlier goes first. Exact for integers of any size.
 */
export const roundTogether = (numerators: readonly bigint[], denominator: bigint): number[] => {
  if (denominator <= 0n) throw new RangeError('a denominator is above zero');
  const parts = numerators.map((numerator, index) => {
    const quotient = numerator / denominator;
    const rest = numerator % denominator;
    return rest < 0n ? { index, whole: quotient - 1n, rest: rest + denominator } : { index, whole: quotient, rest };
  });
  const rests = parts.reduce((sum, { rest }) => sum + rest, 0n);
  const ups = Number((2n * rests + denominator) / (2n * denominator));
  const raised = new Set(
    parts
      .toSorted((left, right) =>
        left.rest === right.rest ? left.index - right.index : left.rest > right.rest ? -1 : 1,
      )
      .slice(0, ups)
      .map(({ index }) => index),
  );
  return parts.map(({ whole, index }) => Number(whole) + (raised.has(index) ? 1 : 0));
};

/** A fraction as the nearest whole number, halves up. */
export const roundHalfUp = (numerator: bigint, denominator: bigint): number => {
  const [rounded] = roundTogether([numerator], denominator);
  return rounded ?? 0;
};

/** A total in shares that are to each other as the weights, and even where all are zero. Their sum is the total. */
export const shareOut = (total: number, weights: readonly bigint[]): number[] => {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum <= 0n)
    return roundTogether(
      weights.map(() => BigInt(total)),
      BigInt(Math.max(1, weights.length)),
    );
  return roundTogether(
    weights.map((weight) => weight * BigInt(total)),
    sum,
  );
};
