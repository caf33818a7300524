import { type Candidates, findCandidates } from './candidates.ts';
import { clustersOf } from './clusters.ts';
import { emptyLevels, PairComparer, type PairLevels } from './compare-pair.ts';
import { bestCut } from './cut.ts';
import { estimateWeights } from './estimate-weights.ts';
import { bestPartners, competing, isOneToOne } from './one-to-one.ts';
import type { PersonRow } from './person-columns.ts';
import { readPersons } from './person-values.ts';
import { randomShares } from './random-pairs.ts';
import { allPairs, mayPair, type RecordTable, tableOfRecords } from './record-table.ts';
import { type Band, bandOf, isVetoed } from './vetoes.ts';
import { Judge, probabilityOf, type Weights } from './weights.ts';

/** A pair of rows: their places in the one file, or in the first and the second. */
export interface MatchedPair {
  readonly left: number;
  readonly right: number;
  /** That both rows are one person. */
  readonly probability: number;
  readonly band: Band;
  /** Whether the matcher calls them one person, after vetoes, clusters and partners. */
  readonly linked: boolean;
}

export interface MatchResult {
  /** Pairs that were linked or are not out of the question, by their rows. */
  readonly pairs: readonly MatchedPair[];
  /** Pairs that were compared. */
  readonly candidates: number;
  /** Rows that are one person, groups of two and more. */
  readonly clusters: readonly (readonly number[])[];
  readonly cut: number;
  readonly weights: Weights;
}

/** Most records of one person that may be linked without a person looking. */
const largestAuto = 10;
/** Pairs less likely are not shown unless they are linked, or somebody is to look. */
const leastShown = 0.05;
const bitsAt = (probability: number): number => Math.log2(probability / (1 - probability));

interface Scored {
  readonly table: RecordTable;
  readonly comparer: PairComparer;
  readonly candidates: Candidates;
  readonly levels: PairLevels;
  readonly weights: Weights;
  readonly judge: Judge;
  readonly bits: Float64Array;
  readonly probabilities: Float64Array;
}

const score = (table: RecordTable): Scored => {
  const comparer = new PairComparer(table);
  const candidates = findCandidates(table);
  const count = candidates.left.length;
  const levels = emptyLevels(count);
  for (let pair = 0; pair < count; pair += 1)
    comparer.compare(candidates.left[pair] ?? 0, candidates.right[pair] ?? 0, levels, pair);
  const random = randomShares(table, comparer);
  const weights = estimateWeights(table, levels, count, Math.max(1, allPairs(table)), random);
  const judge = new Judge(weights);
  const bits = Float64Array.from({ length: count }, (_, pair) =>
    isVetoed(levels, pair) ? Number.NEGATIVE_INFINITY : judge.bits(levels, pair),
  );
  return { table, comparer, candidates, levels, weights, judge, bits, probabilities: bits.map(probabilityOf) };
};

/** What speaks for two records that may not be candidates. */
const betweenIn = ({ table, comparer, judge }: Scored) => {
  const one = emptyLevels(1);
  return (left: number, right: number): number => {
    if (!mayPair(table, left, right)) return 0;
    comparer.compare(left, right, one, 0);
    return isVetoed(one, 0) ? Number.NEGATIVE_INFINITY : judge.bits(one, 0);
  };
};

interface Decision {
  readonly clusters: readonly (readonly number[])[];
  readonly cut: number;
  /** Probabilities of the candidates, after partners competed. */
  readonly probabilities: Float64Array;
}

const decideOneFile = (scored: Scored): Decision => {
  const { candidates, bits, probabilities } = scored;
  const cut = bestCut(probabilities);
  const weakest = bitsAt(leastShown);
  const likely = [...bits.keys()]
    .filter((pair) => (bits[pair] ?? 0) >= weakest)
    .map((pair) => ({ left: candidates.left[pair] ?? 0, right: candidates.right[pair] ?? 0, bits: bits[pair] ?? 0 }));
  return { clusters: clustersOf(likely, betweenIn(scored), bitsAt(cut), weakest), cut, probabilities };
};

const decideTwoFiles = (scored: Scored): Decision => {
  const { candidates, bits, probabilities, table, weights } = scored;
  if (!isOneToOne(candidates, probabilities)) return decideOneFile(scored);
  const prior = bitsAt(weights.matches);
  const second = table.sides.reduce((sum, side) => sum + side, 0);
  const competed = competing(
    candidates,
    bits.map((some) => some - prior),
    [table.size - second, second],
    probabilities,
  );
  const cut = bestCut(competed);
  const chosen = bestPartners(candidates, competed, cut);
  const clusters = chosen.map((pair) => [candidates.left[pair] ?? 0, candidates.right[pair] ?? 0]);
  return { clusters, cut, probabilities: competed };
};

/** Finds the rows that are one person, in one file or between two. Nothing but the content of the rows is looked at. */
export const matchRecords = (first: readonly PersonRow[], second?: readonly PersonRow[]): MatchResult => {
  const table = tableOfRecords(readPersons(first), second === undefined ? undefined : readPersons(second));
  const scored = score(table);
  const decision = second === undefined ? decideOneFile(scored) : decideTwoFiles(scored);
  return {
    ...decision,
    ...shown(scored, decision),
    candidates: scored.candidates.left.length,
    weights: scored.weights,
  };
};

/** The pairs as the caller knows them: by rows, the linked ones and those not out of the question. */
const shown = (scored: Scored, { clusters, probabilities }: Decision): Pick<MatchResult, 'pairs' | 'clusters'> => {
  const { table, candidates, levels, comparer, judge } = scored;
  const offset = table.twoFiles ? table.sides.reduce((sum, side) => sum + 1 - side, 0) : 0;
  const rowOf = (record: number): number => (table.rows[record] ?? 0) - (table.sides[record] === 1 ? offset : 0);
  const home = new Map<number, number>();
  for (const [place, records] of clusters.entries()) for (const record of records) home.set(record, place);
  /** Whoever has so many records is for a person to look at. */
  const isLarge = (record: number): boolean => (clusters[home.get(record) ?? -1]?.length ?? 0) > largestAuto;
  const isLinked = (left: number, right: number): boolean => home.has(left) && home.get(left) === home.get(right);

  /** Nothing is linked that nobody is to look at, and nothing that the whole file speaks against merges by itself. */
  const settled = (band: Band, linked: boolean, record: number): Band => {
    if (band === 'auto') return linked && !isLarge(record) ? band : 'steward';
    return linked ? 'steward' : band;
  };

  const pairs: MatchedPair[] = [];
  const show = (left: number, right: number, probability: number, band: Band): void => {
    const linked = isLinked(left, right);
    if (!linked && band === 'separate' && probability < leastShown) return;
    const swap = table.twoFiles ? table.sides[left] === 1 : rowOf(left) > rowOf(right);
    const [a, b] = swap ? [right, left] : [left, right];
    pairs.push({ left: rowOf(a), right: rowOf(b), probability, band: settled(band, linked, left), linked });
  };
  const compared = new Set<number>();
  for (const [pair, left] of candidates.left.entries()) {
    const right = candidates.right[pair] ?? 0;
    const probability = probabilities[pair] ?? 0;
    compared.add(left * table.size + right);
    show(left, right, probability, bandOf(levels, pair, probability));
  }
  const one = emptyLevels(1);
  for (const records of clusters)
    for (const [place, left] of records.entries())
      for (const right of records.slice(place + 1)) {
        if (compared.has(left * table.size + right) || !mayPair(table, left, right)) continue;
        comparer.compare(left, right, one, 0);
        const probability = probabilityOf(judge.bits(one, 0));
        show(left, right, probability, bandOf(one, 0, probability));
      }
  pairs.sort((a, b) => a.left - b.left || a.right - b.right);
  const groups = clusters.map((records) => records.map((record) => table.rows[record] ?? 0).sort((a, b) => a - b));
  return { pairs, clusters: groups.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) };
};
