import type { Json } from './json.ts';
import type { WildcardToken } from './wildcard.ts';

/** A value of an event that is neither object nor list. */
export type Leaf = Exclude<Json, { readonly kind: 'object' } | { readonly kind: 'array' }>;

/** One alternative of a field: what a leaf has to be, or that there is none. */
export interface Alternative {
  /** Whether a leaf fits; of an absence no leaf does. */
  readonly fits: (leaf: Leaf) => boolean;
  /** `exists: false`. */
  readonly absence: boolean;
  /** Tells alternatives apart that mean different things. */
  readonly identity: string;
  /** The wildcards in it, for the measure of complexity. */
  readonly wildcards: readonly (readonly WildcardToken[])[];
}

/** An alternative for which a text has to pass a test; no other kind of leaf does. */
export const textAlternative = (
  identity: string,
  test: (text: string) => boolean,
  wildcards: readonly (readonly WildcardToken[])[] = [],
): Alternative => ({
  fits: (leaf) => leaf.kind === 'string' && test(leaf.text),
  absence: false,
  identity,
  wildcards,
});

export const leafAlternative = (identity: string, fits: (leaf: Leaf) => boolean): Alternative => ({
  fits,
  absence: false,
  identity,
  wildcards: [],
});
