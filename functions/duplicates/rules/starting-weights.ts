import { type Evidence, evidence } from './evidence.ts';
import type { Weights } from './weights.ts';

/** Shares of the levels of one piece of evidence among pairs of one person, of one household, and of strangers. */
interface Expectation {
  readonly match: readonly number[];
  /** As with strangers where absent. */
  readonly household?: readonly number[];
  readonly other: readonly number[];
}

const five = [0.8, 0.1, 0.03, 0.03, 0.04] as const;
const family = [0.82, 0.06, 0.03, 0.03, 0.06] as const;
const lines = [0.82, 0.08, 0.03, 0.07] as const;
const order = [0.95, 0.05] as const;

/**
 * What is to be expected before anything was learned from the customers of this utility: levels as in `evidence.ts`, equal first,
 * "else" last. Starting shares after Splink's comparison library and published record linkage; `match train` puts what the stored
 * customers show in their place.
 */
const expectations: Readonly<Record<Evidence['name'], Expectation>> = {
  given: { match: five, other: [0.008, 0.006, 0.01, 0.03, 0.946] },
  initial: { match: [0.97, 0.03], other: [0.08, 0.92] },
  middle: { match: [0.85, 0.05, 0.1], other: [0.02, 0.05, 0.93] },
  family: { match: family, household: [0.7, 0.06, 0.01, 0.01, 0.22], other: [0.004, 0.005, 0.006, 0.02, 0.965] },
  nameOrder: { match: order, other: [0.97, 0.03] },
  generation: { match: [0.96, 0.035, 0.005], other: [0.9, 0.08, 0.02] },
  holder: { match: [0.97, 0.03], other: [0.97, 0.03] },
  // Twins are people of one household too.
  birthDate: {
    match: five,
    household: [0.05, 0.001, 0.004, 0.05, 0.895],
    other: [0.00003, 0.001, 0.004, 0.05, 0.94497],
  },
  gender: { match: [0.98, 0.02], other: [0.5, 0.5] },
  nationalId: { match: lines, other: [0.000001, 0.00001, 0.0001, 0.999889] },
  phone: { match: lines, household: [0.3, 0.03, 0.03, 0.64], other: [0.00002, 0.00004, 0.0003, 0.99964] },
  email: { match: lines, household: [0.1, 0.03, 0.05, 0.82], other: [0.00001, 0.0003, 0.003, 0.99669] },
  // Who is registered twice has often moved in between: their records differ in all of the address at once.
  number: { match: [0.65, 0.05, 0.3], household: [0.85, 0.05, 0.1], other: [0.02, 0.08, 0.9] },
  street: { match: [0.62, 0.07, 0.03, 0.28], household: lines, other: [0.002, 0.004, 0.05, 0.944] },
  line2: { match: lines, household: lines, other: [0.01, 0.02, 0.1, 0.87] },
  addressOrder: { match: order, household: order, other: [0.97, 0.03] },
  town: { match: [0.65, 0.06, 0.04, 0.25], household: lines, other: [0.1, 0.01, 0.05, 0.84] },
  state: { match: [0.85, 0.05, 0.1], household: [0.85, 0.05, 0.1], other: [0.2, 0.05, 0.75] },
  postcode: { match: [0.62, 0.06, 0.12, 0.2], household: lines, other: [0.0005, 0.004, 0.15, 0.8455] },
};

const shares = (of: (expectation: Expectation) => readonly number[]) =>
  evidence.map(({ name }) => Float64Array.from(of(expectations[name])));

/** Weights to begin with. */
export const startingWeights: Weights = {
  matches: 1e-5,
  households: 1.5e-6,
  match: shares(({ match }) => match),
  household: shares(({ household, other }) => household ?? other),
  other: shares(({ other }) => other),
  frequencies: evidence.map(() => undefined),
  rounds: 0,
};
