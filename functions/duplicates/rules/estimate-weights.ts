import type { PairLevels } from './compare-pair.ts';
import { evidence } from './evidence.ts';
import type { RecordTable } from './record-table.ts';
import {
  agreeingOf,
  expectedHousehold,
  frequenciesOf,
  householdShares,
  otherShares,
  plausible,
  sharesFrom,
} from './shares.ts';
import { Judge, type RandomShares, type Shares, type Weights } from './weights.ts';

const mostRounds = 50;
const smallChange = 1e-5;
/**
 * Pairs of one household for each pair of one person, at least. Where phones or e-mail addresses are known, people who share them with
 * others are: estimating alone would take a family on one phone for one person with many given names.
 */
const fewestHouseholds = 0.01;
const fewestSharing = 0.3;

/** What people of one home share; a file without any of it cannot tell them from others. */
const homeNames = ['street', 'number', 'line2', 'town', 'postcode', 'phone', 'email'] as const;

/** What each pair is, as far as the weights tell. */
interface Beliefs {
  /** Probability that the pair is one person. */
  readonly match: Float64Array;
  readonly household: Float64Array;
}

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
  const isKnown = (name: string): boolean =>
    (random.present[evidence.findIndex((piece) => piece.name === name)] ?? 0) > 0;
  const hasHomes = homeNames.some(isKnown);
  const fewest = isKnown('phone') || isKnown('email') ? fewestSharing : fewestHouseholds;
  const counted = evidence.map(({ name, byFrequency }) => {
    const column =
      byFrequency && name !== 'initial' && name !== 'nameOrder' && name !== 'addressOrder'
        ? table.columns.get(name)
        : undefined;
    return column === undefined
      ? undefined
      : { counts: column.counts, present: column.present, shareable: name === 'phone' || name === 'email' };
  });
  const frequenciesFor = (match: Float64Array): readonly (Float64Array | undefined)[] =>
    counted.map((column, slot) => {
      if (column === undefined) return undefined;
      return frequenciesOf(
        column.counts,
        agreeingOf(pairs, match, slot, column.counts.length),
        column.present,
        column.shareable,
      );
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
    const most = (1 - matches) / 2;
    const share = hasHomes ? Math.min(most, Math.max(households, fewest * matches)) : Number.MIN_VALUE;
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
