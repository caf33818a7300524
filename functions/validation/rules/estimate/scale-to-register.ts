import type { Draft } from './estimation-methods.ts';
import { roundTogether, shareOut } from './exact-shares.ts';

/** One interval to be estimated: its place in a draft; without one nothing is known of its shape. */
export interface DraftedPlace {
  readonly draft: Draft | undefined;
  readonly index: number;
}

/** Fractions of all places over one denominator; where nothing is known, the mean of the others. */
const together = (places: readonly DraftedPlace[]): { readonly weights: readonly bigint[]; readonly unit: bigint } => {
  const denominators = new Set(places.flatMap(({ draft }) => (draft === undefined ? [] : [draft.denominator])));
  const unit = [...denominators].reduce((all, denominator) => all * denominator, 1n);
  const known = places.map(({ draft, index }) =>
    draft === undefined ? undefined : ((draft.numerators[index] ?? 0n) * unit) / draft.denominator,
  );
  const shaped = known.filter((weight) => weight !== undefined);
  const mean = shaped.length === 0 ? 0n : shaped.reduce((sum, weight) => sum + weight, 0n) / BigInt(shaped.length);
  const plain = mean > 0n ? mean : 1n;
  return { weights: known.map((weight) => weight ?? plain), unit };
};

/**
 * Estimates that add up to what the register leaves for them: scaled, or for a net register, whose values have two signs, each
 * moved by the same. Places without power stay zero, unless the
 * register counted and no other place is there.
 */
export const scaleToRegister = (places: readonly DraftedPlace[], residual: number, isNet: boolean): number[] => {
  const powered = places.filter(({ draft }) => draft?.method !== 'powered-off');
  const lit = powered.length > 0 || residual === 0 ? powered : places;
  const { weights, unit } = together(lit);
  const count = BigInt(Math.max(1, lit.length));
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  const values = isNet
    ? roundTogether(
        weights.map((weight) => weight * count + BigInt(residual) * unit - sum),
        unit * count,
      )
    : shareOut(Math.max(0, residual), weights);
  const found = new Map(lit.map((place, index) => [place, values[index] ?? 0]));
  return places.map((place) => found.get(place) ?? 0);
};
