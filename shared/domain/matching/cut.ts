/** Never link below: a pair that is more likely two persons stays two. */
const lowest = 0.3;

/**
 * The probability from which on linking pays: half of the best F1 to be expected over all cuts. Of the k most likely pairs the expected
 * F1 is 2 * (sum of their probabilities) / (k + sum of all). Source: Lipton, Elkan and Naryanaswamy, arXiv 1402.1892.
 */
export const bestCut = (probabilities: Float64Array): number => {
  const sorted = probabilities.slice().sort().reverse();
  const all = sorted.reduce((sum, probability) => sum + probability, 0);
  let [taken, best] = [0, 0];
  for (const [place, probability] of sorted.entries()) {
    taken += probability;
    best = Math.max(best, (2 * taken) / (place + 1 + all));
  }
  return Math.max(lowest, best / 2);
};
