import type { Candidates } from './candidates.ts';

/** A link this likely is taken for sure when files are asked whether they are clean. */
const sure = 0.9;
/** Files in which more of the sure links meet in one record are not clean: somebody stands in one of them twice. */
const mostConflicts = 0.02;
const rounds = 10;
const mostShared = 0.98;

/** Whether each file holds each person once, as far as the sure links tell. */
export const isOneToOne = (pairs: Candidates, probabilities: Float64Array): boolean => {
  const uses = new Map<number, number>();
  const links: number[] = [];
  for (const [pair, probability] of probabilities.entries()) {
    if (probability < sure) continue;
    links.push(pair);
    for (const record of [pairs.left[pair] ?? 0, pairs.right[pair] ?? 0]) uses.set(record, (uses.get(record) ?? 0) + 1);
  }
  const inConflict = links.filter(
    (pair) => (uses.get(pairs.left[pair] ?? 0) ?? 0) > 1 || (uses.get(pairs.right[pair] ?? 0) ?? 0) > 1,
  );
  return inConflict.length <= mostConflicts * links.length;
};

/**
 * Probabilities where each record has at most one partner: the candidates of a record compete. `evidence` are bits without the prior;
 * the share of records that have a partner at all is estimated along. Source: Sadinle, JASA 112 (2017), in the form of odds.
 */
export const competing = (
  pairs: Candidates,
  evidence: Float64Array,
  sizes: readonly [number, number],
  probabilities: Float64Array,
): Float64Array => {
  const [fewer, more] = sizes[0] < sizes[1] ? sizes : [sizes[1], sizes[0]];
  let current = probabilities;
  for (let round = 0; round < rounds; round += 1) {
    const shared = Math.min(
      mostShared,
      current.reduce((sum, probability) => sum + probability, 0) / Math.max(1, fewer),
    );
    const prior = Math.log2(Math.max(shared, 1e-6) / (more * (1 - shared)));
    const odds = evidence.map((bits) => 2 ** Math.min(200, prior + bits));
    const sums = new Map<number, number>();
    for (const [pair, odd] of odds.entries())
      for (const record of [pairs.left[pair] ?? 0, pairs.right[pair] ?? 0])
        sums.set(record, (sums.get(record) ?? 0) + odd);
    const totals = (pair: number): number =>
      (sums.get(pairs.left[pair] ?? 0) ?? 0) + (sums.get(pairs.right[pair] ?? 0) ?? 0);
    current = odds.map((odd, pair) => odd / (1 + Math.max(odd, totals(pair) - odd)));
  }
  return current;
};

/** The best partner first, each record once, down to the cut. Equal ones in the order of records. */
export const bestPartners = (pairs: Candidates, probabilities: Float64Array, cut: number): readonly number[] => {
  const used = new Set<number>();
  const order = [...probabilities.keys()]
    .filter((pair) => (probabilities[pair] ?? 0) >= cut)
    .sort((left, right) => (probabilities[right] ?? 0) - (probabilities[left] ?? 0) || left - right);
  return order.filter((pair) => {
    const [left, right] = [pairs.left[pair] ?? 0, pairs.right[pair] ?? 0];
    if (used.has(left) || used.has(right)) return false;
    used.add(left).add(right);
    return true;
  });
};
