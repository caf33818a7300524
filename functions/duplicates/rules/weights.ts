import { missing, type PairLevels, slots } from './compare-pair.ts';
import { evidence, slotOf } from './evidence.ts';

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
  /** For each piece of evidence and value: how likely a stranger has it too; not a number where too many have it to say anything. */
  readonly frequencies: readonly (Float64Array | undefined)[];
  readonly rounds: number;
}

/** Two people of one home who have name and birthday in common: twins have names of their own, and a junior is younger. */
const sameNameAndBirthday = Math.log(1e-5);
const [given, family, birthDate] = [slotOf('given'), slotOf('family'), slotOf('birthDate')];
const familyElse = (evidence[family]?.expected.length ?? 1) - 1;

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
      const value = agreed[pair * slots + slot] ?? -1;
      const byValue = level === 0 && value >= 0 ? this.#frequencies[slot]?.[value] : undefined;
      // Too many have the value: as if it were missing.
      if (byValue !== undefined && Number.isNaN(byValue)) continue;
      match += this.#match[slot]?.[level] ?? 0;
      const stranger = byValue ?? this.#other[slot]?.[level] ?? 0;
      other += stranger;
      household += this.#asOther[slot] === true ? stranger : (this.#household[slot]?.[level] ?? 0);
    }
    const isNamed = levels[pair * slots + given] === 0 && levels[pair * slots + family] !== familyElse;
    if (isNamed && levels[pair * slots + birthDate] === 0)
      household += sameNameAndBirthday - (this.#household[given]?.[0] ?? 0) - (this.#household[birthDate]?.[0] ?? 0);
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
