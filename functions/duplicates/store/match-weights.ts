import * as z from 'zod';
import { evidence } from '#functions/duplicates/rules/evidence.ts';
import { startingWeights } from '#functions/duplicates/rules/starting-weights.ts';
import type { Shares, Weights } from '#functions/duplicates/rules/weights.ts';
import { matchWeightsKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';

const Levels = z.record(z.string(), z.array(z.number().gt(0).max(1)));

/** Weights as they are kept: shares of the levels by the name of the evidence, and what they were learned from. */
const Kept = z.object({
  trainedAt: z.string(),
  customers: z.int().min(1),
  matches: z.number().gt(0),
  households: z.number().gt(0),
  rounds: z.int().min(0),
  match: Levels,
  household: Levels,
  other: Levels,
});

/** Weights, and whether they were learned: when, and from how many customers. */
export interface KnownWeights {
  readonly weights: Weights;
  readonly trained: { readonly at: string; readonly customers: number } | undefined;
}

/** Shares never reach zero, since a logarithm is taken of each, and an estimate may be a little above 1. */
const least = 1e-9;
const levelsOf = (shares: Shares): Record<string, number[]> =>
  Object.fromEntries(
    evidence.map(({ name }, slot) => [
      name,
      [...(shares[slot] ?? [])].map((share) => Math.min(1, Math.max(share, least))),
    ]),
  );

/** Puts the weights in the place of those before. Which value is how frequent stays out: it would be what customers say. */
export const keepMatchWeights = (
  profile: Table,
  weights: Weights,
  trainedAt: string,
  customers: number,
): Promise<void> => {
  const { matches, households, rounds, match, household, other } = weights;
  const shares = { match: levelsOf(match), household: levelsOf(household), other: levelsOf(other) };
  const item: Item = { ...matchWeightsKey, trainedAt, customers, matches, households, rounds, ...shares };
  return profile.commit([{ put: item }]);
};

const fitting = (levels: z.output<typeof Levels>): Shares | undefined => {
  const shares = evidence.map(({ name, expected }) =>
    levels[name]?.length === expected.length ? Float64Array.from(levels[name]) : undefined,
  );
  return shares.every((one) => one !== undefined) ? shares : undefined;
};

/** The weights to compare by: those learned from the stored customers, else those to begin with. */
export const readMatchWeights = async (profile: Table): Promise<KnownWeights> => {
  const item = await profile.get(matchWeightsKey, { consistent: true });
  if (item === undefined) return { weights: startingWeights, trained: undefined };
  const kept = Kept.parse(item);
  const [match, household, other] = [kept.match, kept.household, kept.other].map(fitting);
  // Learned by code that knew other evidence: they say nothing of ours.
  if (match === undefined || household === undefined || other === undefined)
    return { weights: startingWeights, trained: undefined };
  const { matches, households, rounds } = kept;
  return {
    weights: { matches, households, rounds, match, household, other, frequencies: startingWeights.frequencies },
    trained: { at: kept.trainedAt, customers: kept.customers },
  };
};
