/** Never link below: a pair that is more likely two persons stays two. */
const lowest = 0.3;
/** Least share of the links that is expected to be right. */
const leastRight = 0.95;
/** What is more likely may always be linked. */
const highest = 0.9;

/**
 * The probability from which on linking pays: half of the best F1 to be expected over all cuts, and more where too many links would be
 * wrong. Of the k most likely pairs the expected F1 is 2 * (sum of their probabilities) / (k + sum of all). Source: Lipton, Elkan and
 * Naryanaswamy, arXiv 1402.1892.
 */
export const bestCut = (probabilities: Float64Array): number => {
  const sorted = probabilities.slice().sort().reverse();
  const all = sorted.reduce((sum, probability) => sum + probability, 0);
  let [taken, best, sound] = [0, 0, 0];
  for (const [place, probability] of sorted.entries()) {
    taken += probability;
    best = Math.max(best, (2 * taken) / (place + 1 + all));
    // The mean only falls from here on: the first pair that spoils it stays out, and the one before it in.
    if (sound === 0 && taken < leastRight * (place + 1)) sound = (probability + (sorted[place - 1] ?? 1)) / 2;
  }
  return Math.max(lowest, best / 2, Math.min(highest, sound));
};
