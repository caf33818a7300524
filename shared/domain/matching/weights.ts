import type { PairLevels } from './compare-pair.ts';
import { missing, slots } from './compare-pair.ts';
import { type Evidence, evidence } from './evidence.ts';
import type { RecordTable } from './record-table.ts';

/** Shares of the levels of each piece of evidence in one class of pairs. */
export type Shares = readonly Float64Array[];

/** What two strangers agree on: shares of levels among pairs drawn at random, true pairs among them. */
export interface RandomShares {
  readonly shares: Shares;
  /** Records with a value, for each piece of evidence; 0 where the file has none. */
  readonly present: readonly number[];
}

/** The classes of pairs: how likely each is, and what is to be seen in it. */
export interface Weights {
  /** Share of matches among all pairs that may be. */
  readonly matches: number;
  /** Share of pairs of one household. */
  readonly households: number;
  readonly match: Shares;
  readonly household: Shares;
  readonly other: Shares;
  /** For each piece of evidence and value: how likely a stranger has it too. */
  readonly frequencies: readonly (Float64Array | undefined)[];
  readonly rounds: number;
}

/** Weight of what is expected of a file against what it shows, in pairs. */
const expectedPairs = 10;
const mostRounds = 50;
const smallChange = 1e-5;
/** Pairs of one household for each pair of one person, at least. */
const fewestHouseholds = 0.01;

const addressNames: ReadonlySet<string> = new Set(['street', 'number', 'line2', 'town', 'postcode']);

/** The share of equal values among strangers, for each value: the records that have it, less those of the same person. */
const frequenciesOf = (counts: Uint32Array, agreeing: Float64Array, present: number): Float64Array =>
  Float64Array.from(counts, (count, value) => {
    const ofOnePerson = count === 0 ? 1 : (count + 2 * (agreeing[value] ?? 0)) / count;
    return Math.max(count - ofOnePerson, 0.5) / present;
  });

const otherShares = (random: RandomShares, match: Shares, matches: number): Shares =>
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

const householdShares = (match: Shares, other: Shares, estimated: Shares): Shares =>
  evidence.map(({ household }, slot) => {
    const [ofMatch, ofOther] = [match[slot] ?? new Float64Array(), other[slot] ?? new Float64Array()];
    if (household.kind === 'as-match') return ofMatch;
    if (household.kind === 'equal') return withEqual(ofOther, household.share);
    return household.kind === 'estimated' ? (estimated[slot] ?? ofOther) : ofOther;
  });

/** What each pair is, as far as the weights tell. */
export interface Beliefs {
  /** Probability that the pair is one person. */
  readonly match: Float64Array;
  readonly household: Float64Array;
}

const logsOf = (shares: Shares): readonly Float64Array[] =>
  shares.map((levels) => levels.map((share) => Math.log(share)));

/** Looks at pairs with given weights. */
export class Judge {
  readonly #match: readonly Float64Array[];
  readonly #household: readonly Float64Array[];
  readonly #other: readonly Float64Array[];
  readonly #frequencies: readonly (Float64Array | undefined)[];
  readonly #priors: readonly [number, number, number];
  readonly #asOther: readonly boolean[];

  constructor(weights: Weights) {
    this.#match = logsOf(weights.match);
    this.#household = logsOf(weights.household);
    this.#other = logsOf(weights.other);
    this.#frequencies = weights.frequencies.map((values) => values?.map((value) => Math.log(value)));
    const { matches, households } = weights;
    this.#priors = [Math.log(matches), Math.log(households), Math.log(1 - matches - households)];
    this.#asOther = evidence.map(({ household }) => household.kind === 'as-other');
  }

  /** Natural logarithms of what speaks for a match, a household and strangers. */
  logs({ levels, agreed }: PairLevels, pair: number): readonly [number, number, number] {
    let [match, household, other] = this.#priors;
    for (let slot = 0; slot < slots; slot += 1) {
      const level = levels[pair * slots + slot] ?? missing;
      if (level === missing) continue;
      match += this.#match[slot]?.[level] ?? 0;
      const value = agreed[pair * slots + slot] ?? -1;
      const byValue = level === 0 && value >= 0 ? this.#frequencies[slot]?.[value] : undefined;
      const stranger = byValue ?? this.#other[slot]?.[level] ?? 0;
      other += stranger;
      household += this.#asOther[slot] === true ? stranger : (this.#household[slot]?.[level] ?? 0);
    }
    return [match, household, other];
  }

  /** Bits that speak for one person against all else; what they come to as a probability is `probabilityOf`. */
  bits(pairs: PairLevels, pair: number): number {
    const [match, household, other] = this.logs(pairs, pair);
    const against = Math.max(household, other) + Math.log1p(Math.exp(-Math.abs(household - other)));
    return (match - against) / Math.LN2;
  }
}

/** P = 1 / (1 + 2^-M). */
export const probabilityOf = (bits: number): number => 1 / (1 + 2 ** -bits);

const beliefsOf = (judge: Judge, pairs: PairLevels, count: number): Beliefs => {
  const beliefs = { match: new Float64Array(count), household: new Float64Array(count) };
  for (let pair = 0; pair < count; pair += 1) {
    const [match, household, other] = judge.logs(pairs, pair);
    const top = Math.max(match, household, other);
    const [m, h, o] = [Math.exp(match - top), Math.exp(household - top), Math.exp(other - top)];
    beliefs.match[pair] = m / (m + h + o);
    beliefs.household[pair] = h / (m + h + o);
  }
  return beliefs;
};

const sharesFrom = (
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

/** Sets one share to what is plausible, the rest in proportion. */
const withShare = (levels: Float64Array, place: number, share: number): Float64Array => {
  const before = levels[place] ?? 0;
  return levels.map((value, level) =>
    level === place ? share : before === 1 ? 0 : (value * (1 - share)) / (1 - before),
  );
};

/** Shares that one person's records may have: enough that is equal, not too much that differs altogether. */
const plausible = (shares: Shares): Shares =>
  shares.map((levels, slot) => {
    const { mostElse = 1, leastEqual = 0 } = evidence[slot] ?? {};
    const last = levels.length - 1;
    const bounded = (levels[last] ?? 0) > mostElse ? withShare(levels, last, mostElse) : levels;
    return (bounded[0] ?? 0) < leastEqual ? withShare(bounded, 0, leastEqual) : bounded;
  });

/** How often each value is agreed on by records of one person. */
const agreeingOf = (pairs: PairLevels, match: Float64Array, slot: number, values: number): Float64Array => {
  const agreeing = new Float64Array(values);
  for (let pair = 0; pair < match.length; pair += 1) {
    const value = pairs.agreed[pair * slots + slot] ?? -1;
    if (value >= 0) agreeing[value] = (agreeing[value] ?? 0) + (match[pair] ?? 0);
  }
  return agreeing;
};

const expectedHousehold = ({ household, expected }: Evidence): readonly number[] =>
  household.kind === 'estimated' ? household.shares : expected;

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const farthest = (left: Shares, right: Shares): number =>
  Math.max(
    ...left.map((levels, slot) =>
      levels.reduce((most, share, level) => Math.max(most, Math.abs(share - (right[slot]?.[level] ?? 0))), 0),
    ),
  );

/**
 * Estimates the weights from the candidates alone, by expectation and maximisation; no pair is known to be one person. The result does
 * not depend on the order of rows.
 */
export const estimateWeights = (
  table: RecordTable,
  pairs: PairLevels,
  count: number,
  everyPair: number,
  random: RandomShares,
): Weights => {
  const hasAddress = [...addressNames].some(
    (name) => (random.present[evidence.findIndex((piece) => piece.name === name)] ?? 0) > 0,
  );
  const counted = evidence.map(({ name, byFrequency }) => {
    const column = byFrequency && name !== 'nameOrder' && name !== 'addressOrder' ? table.columns.get(name) : undefined;
    return column === undefined ? undefined : { counts: column.counts, present: column.present };
  });
  const frequenciesFor = (match: Float64Array): readonly (Float64Array | undefined)[] =>
    counted.map((column, slot) => {
      if (column === undefined) return undefined;
      return frequenciesOf(column.counts, agreeingOf(pairs, match, slot, column.counts.length), column.present);
    });
  const complete = (
    matches: number,
    households: number,
    match: Shares,
    estimated: Shares,
    frequencies: Weights['frequencies'],
    rounds: number,
  ): Weights => {
    const other = otherShares(random, match, matches);
    const share = hasAddress ? Math.min(0.5, Math.max(households, fewestHouseholds * matches)) : Number.MIN_VALUE;
    return {
      matches,
      households: share,
      match,
      household: householdShares(match, other, estimated),
      other,
      frequencies,
      rounds,
    };
  };

  const bounded = (matches: number): number => Math.min(0.5, Math.max(matches, 1 / everyPair));
  const start = evidence.map(({ expected }) => Float64Array.from(expected));
  const startHousehold = evidence.map((piece) => Float64Array.from(expectedHousehold(piece)));
  let weights = complete(
    bounded(1 / table.size),
    fewestHouseholds / table.size,
    start,
    startHousehold,
    frequenciesFor(new Float64Array(count)),
    0,
  );
  for (let round = 1; round <= mostRounds; round += 1) {
    const beliefs = beliefsOf(new Judge(weights), pairs, count);
    const match = plausible(sharesFrom(pairs, beliefs.match, ({ expected }) => expected));
    const estimated = sharesFrom(pairs, beliefs.household, expectedHousehold);
    const matches = bounded(sumOf(beliefs.match) / everyPair);
    const households = sumOf(beliefs.household) / everyPair;
    const next = complete(matches, households, match, estimated, frequenciesFor(beliefs.match), round);
    const change = Math.max(farthest(next.match, weights.match), Math.abs(Math.log(next.matches / weights.matches)));
    weights = next;
    if (change < smallChange) break;
  }
  return weights;
};
