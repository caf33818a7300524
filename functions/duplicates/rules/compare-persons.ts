import { emptyLevels, missing, PairComparer, type PairLevels } from './compare-pair.ts';
import { evidence } from './evidence.ts';
import { type KnownPerson, rowsOf } from './known-person.ts';
import { readPersons } from './person-values.ts';
import { tableOfRecords } from './record-table.ts';
import { type Band, bandOf, type LevelVeto, vetoOf } from './vetoes.ts';
import { Judge, probabilityOf, type Weights } from './weights.ts';

/** What one piece of evidence says of two customers. `weight`: bits for (positive) or against one customer. */
export interface Comparison {
  readonly name: (typeof evidence)[number]['name'];
  /** 0 equal, then ever less; the last level of the piece of evidence is "else". */
  readonly level: number;
  readonly weight: number;
}

/** Why two records are not one customer, however alike they are. */
export type Veto = LevelVeto | 'verified-birth-date';

export interface Score {
  /** Bits for one customer: `before` and the weights of all comparisons. */
  readonly bits: number;
  readonly probability: number;
  readonly band: Band;
  readonly vetoes: readonly Veto[];
  /** Bits before anything was compared: how rare it is that two records are of one customer. */
  readonly before: number;
  /** What both know, the strongest weight first. */
  readonly comparisons: readonly Comparison[];
}

/** Evidence that is read from one value of each record: of several values the pair that speaks most for one customer counts. */
const groups = [
  ['given', 'initial', 'middle', 'family', 'nameOrder', 'generation', 'holder'],
  ['birthDate'],
  ['gender'],
  ['nationalId'],
  ['phone'],
  ['email'],
  ['number', 'street', 'line2', 'addressOrder', 'town', 'state', 'postcode'],
] as const satisfies readonly (readonly Comparison['name'][])[];
const groupSlots = groups.map((names) => names.map((name) => evidence.findIndex((piece) => piece.name === name)));

const logRatio = (match: number | undefined, other: number | undefined): number =>
  Math.log2((match ?? 1) / (other ?? 1));

const speaksFor = (weights: Weights, levels: Int8Array, within: readonly number[]): number =>
  within.reduce((sum, slot) => {
    const level = levels[slot] ?? missing;
    return level === missing ? sum : sum + logRatio(weights.match[slot]?.[level], weights.other[slot]?.[level]);
  }, 0);

const knows = (levels: Int8Array, within: readonly number[]): boolean =>
  within.some((slot) => (levels[slot] ?? missing) !== missing);

/** The levels of two persons, each group from the values of it that agree best. */
const bestLevels = (first: KnownPerson, second: KnownPerson, weights: Weights): PairLevels => {
  const [rows, others] = [rowsOf(first), rowsOf(second)];
  const table = tableOfRecords(readPersons([...rows, ...others]), undefined);
  const places = new Map(table.rows.map((row, record) => [row, record]));
  const comparer = new PairComparer(table);
  const best = emptyLevels(1);
  const most = groups.map(() => Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows.length; row += 1)
    for (let other = 0; other < others.length; other += 1) {
      const one = emptyLevels(1);
      comparer.compare(places.get(row) ?? 0, places.get(rows.length + other) ?? 0, one, 0);
      for (const [group, within] of groupSlots.entries()) {
        if (!knows(one.levels, within)) continue;
        const bits = speaksFor(weights, one.levels, within);
        if (bits <= (most[group] ?? 0)) continue;
        most[group] = bits;
        for (const slot of within) best.levels[slot] = one.levels[slot] ?? missing;
      }
    }
  return best;
};

/** Bits of each comparison: against a household and against strangers, each as far as it is what the pair would be else. */
const comparisonsOf = (levels: PairLevels, judge: Judge, weights: Weights): readonly Comparison[] => {
  const [, household, other] = judge.logs(levels, 0);
  const share = 1 / (1 + Math.exp(other - household));
  return evidence
    .flatMap(({ name }, slot) => {
      const level = levels.levels[slot] ?? missing;
      if (level === missing) return [];
      const match = weights.match[slot]?.[level];
      const weight =
        share * logRatio(match, weights.household[slot]?.[level]) +
        (1 - share) * logRatio(match, weights.other[slot]?.[level]);
      return [{ name, level, weight: rounded(weight) }];
    })
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
};

const rounded = (bits: number): number => Math.round(bits * 1000) / 1000;

const vetoesOf = (first: KnownPerson, second: KnownPerson, levels: PairLevels): readonly Veto[] => {
  const [born, other] = [first.verifiedBirthDate, second.verifiedBirthDate];
  const veto = vetoOf(levels, 0);
  return [
    ...(veto === undefined ? [] : [veto]),
    ...(born !== undefined && other !== undefined && born !== other ? (['verified-birth-date'] as const) : []),
  ];
};

/**
 * How likely two customers are one, by the matcher's weights. Where sources say several things of one customer, the values that
 * agree best are compared. Undefined where a person and an organisation, or two without a name, would be compared.
 */
export const comparePersons = (first: KnownPerson, second: KnownPerson, weights: Weights): Score | undefined => {
  if (first.organisation !== second.organisation || first.names.length === 0 || second.names.length === 0)
    return undefined;
  const levels = bestLevels(first, second, weights);
  const judge = new Judge(weights);
  const bits = rounded(judge.bits(levels, 0));
  const probability = probabilityOf(bits);
  const vetoes = vetoesOf(first, second, levels);
  const comparisons = comparisonsOf(levels, judge, weights);
  return {
    bits,
    probability,
    band: vetoes.length > 0 ? 'separate' : bandOf(levels, 0, probability),
    vetoes,
    before: rounded(bits - comparisons.reduce((sum, { weight }) => sum + weight, 0)),
    comparisons,
  };
};

/** From which probability on a pair is looked at, whatever band it falls in. */
const likelyFrom = 0.9;

/** Whether the question is worth keeping: what is likely, vetoed or not, and what a person should look at. */
export const isWorthALook = ({ probability, band }: Pick<Score, 'probability' | 'band'>): boolean =>
  probability >= likelyFrom || band !== 'separate';
