import { type Insight, notEnough, type Window } from './insight.ts';
import { medianOf, quantileOf } from './robust.ts';

export interface AmongSimilar {
  /** Own use of a day over the median of similar homes, less 1. */
  readonly against: number;
  /** Part of the similar homes that use less, 0 to 1; equal ones count half. */
  readonly rank: number;
  readonly homes: number;
}

/** Fewer homes would tell one neighbour about another. */
const leastHomes = 20;

/** How a home compares with similar ones (same class, same window), by use of a day. It is not among them. */
export const amongSimilar = (perDay: number, others: readonly number[], window: Window): Insight<AmongSimilar> => {
  if (others.length < leastHomes)
    return notEnough('similar-homes', others.length / leastHomes, `${leastHomes} similar homes are needed`);
  const middle = medianOf(others);
  if (middle <= 0) return notEnough('similar-homes', 1, 'the similar homes use nothing');
  const below = others.filter((other) => other < perDay).length;
  const equal = others.filter((other) => other === perDay).length;
  return {
    enough: true,
    value: { against: perDay / middle - 1, rank: (below + equal / 2) / others.length, homes: others.length },
    window,
    coverage: 1,
    method: 'similar-homes',
    confidence: Math.min(1, others.length / (2 * leastHomes)),
    evidence: { perDay, median: middle, lowerFifth: quantileOf(others, 0.2), upperFifth: quantileOf(others, 0.8) },
  };
};
