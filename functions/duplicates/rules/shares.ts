import { missing, type PairLevels, slots } from './compare-pair.ts';
import { type Evidence, evidence } from './evidence.ts';
import type { RandomShares, Shares } from './weights.ts';

/** Weight of what is expected of a file against what it shows, in pairs. */
const expectedPairs = 20;

/** Most persons who may have a value of their own: what more have is an agent's, a landlord's or a form's. */
const mostSharing = 5;

/**
 * The share of equal values among strangers, for each value: the records that have it, less those of the same person. Not a number where
 * the value says nothing, since more persons have it than share a home; `shareable` says whether that may be.
 */
export const frequenciesOf = (
  counts: Uint32Array,
  agreeing: Float64Array,
  present: number,
  shareable: boolean,
): Float64Array =>
  Float64Array.from(counts, (count, value) => {
    const ofOnePerson = count === 0 ? 1 : (count + 2 * (agreeing[value] ?? 0)) / count;
    if (shareable && count > mostSharing * ofOnePerson) return Number.NaN;
    return Math.max(count - ofOnePerson, 0.5) / present;
  });

/** What strangers agree on: random pairs less the matches among them, never quite nothing. */
export const otherShares = (random: RandomShares, match: Shares, matches: number): Shares =>
  random.shares.map((shares, slot) => {
    const floor = 0.5 / Math.max(1, random.present[slot] ?? 1);
    return shares.map((share, level) =>
      Math.max((share - matches * (match[slot]?.[level] ?? 0)) / (1 - matches), 0.02 * share, floor),
    );
  });

/** Strangers' shares with one share of equal values put in, the rest in proportion. */
const withEqual = (other: Float64Array, share: number): Float64Array => {
  const rest = other.slice(1).reduce((sum, value) => sum + value, 0);
  return other.map((value, level) => (level === 0 ? share : rest === 0 ? 1 - share : (value / rest) * (1 - share)));
};

/** Sets one share to what is plausible, the rest in proportion. */
const withShare = (levels: Float64Array, place: number, share: number): Float64Array => {
  const before = levels[place] ?? 0;
  return levels.map((value, level) =>
    level === place ? share : before === 1 ? 0 : (value * (1 - share)) / (1 - before),
  );
};

/** Most of what one household shares that may differ altogether: people of one home do not live apart. */
const mostApart = 0.05;

const livingTogether = (match: Float64Array): Float64Array => {
  const last = match.length - 1;
  return (match[last] ?? 0) > mostApart ? withShare(match, last, mostApart) : match;
};

/** What people of one household share. */
export const householdShares = (match: Shares, other: Shares, estimated: Shares): Shares =>
  evidence.map(({ household }, slot) => {
    const [ofMatch, ofOther] = [match[slot] ?? new Float64Array(), other[slot] ?? new Float64Array()];
    if (household.kind === 'as-match') return livingTogether(ofMatch);
    if (household.kind === 'equal') return withEqual(ofOther, household.share);
    return household.kind === 'estimated' ? (estimated[slot] ?? ofOther) : ofOther;
  });

/** Shares of the levels in a class of pairs, each pair counted as far as it is believed to belong there. */
export const sharesFrom = (
  pairs: PairLevels,
  beliefs: Float64Array,
  expected: (piece: Evidence) => readonly number[],
): Shares =>
  evidence.map((piece, slot) => {
    const sums = Float64Array.from(expected(piece), (share) => share * expectedPairs);
    let all = expectedPairs;
    for (let pair = 0; pair < beliefs.length; pair += 1) {
      const level = pairs.levels[pair * slots + slot] ?? missing;
      if (level === missing) continue;
      sums[level] = (sums[level] ?? 0) + (beliefs[pair] ?? 0);
      all += beliefs[pair] ?? 0;
    }
    return sums.map((sum) => sum / all);
  });

/** Shares that one person's records may have: enough that is equal, not too much that differs altogether. */
export const plausible = (shares: Shares): Shares =>
  shares.map((levels, slot) => {
    const { mostElse = 1, leastElse = 0, leastEqual = 0 } = evidence[slot] ?? {};
    const last = levels.length - 1;
    const differs = levels[last] ?? 0;
    const plain = Math.min(mostElse, Math.max(leastElse, differs));
    const bounded = plain === differs ? levels : withShare(levels, last, plain);
    return (bounded[0] ?? 0) < leastEqual ? withShare(bounded, 0, leastEqual) : bounded;
  });

/** How often each value is agreed on by records of one person. */
export const agreeingOf = (pairs: PairLevels, match: Float64Array, slot: number, values: number): Float64Array => {
  const agreeing = new Float64Array(values);
  for (let pair = 0; pair < match.length; pair += 1) {
    const value = pairs.agreed[pair * slots + slot] ?? -1;
    if (value >= 0) agreeing[value] = (agreeing[value] ?? 0) + (match[pair] ?? 0);
  }
  return agreeing;
};

/** What a household is expected to share before the file is looked at. */
export const expectedHousehold = ({ household, expected }: Evidence): readonly number[] =>
  household.kind === 'estimated' ? household.shares : expected;
