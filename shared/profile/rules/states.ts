import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { emptyFold, type Family, type FoldState } from './fold.ts';

/** States of one subject, by family. */
export type States = ReadonlyMap<FamilyName, FoldState<unknown>>;

/**
 * The state of one family, empty where the subject has none. The map's entry under a family's name was made by that family
 * (states are only made by `foldFrom` and by reading what it made), which the type system cannot follow through the map.
 */
export const stateOf = <State>(states: States, family: Family<State>): FoldState<State> =>
  (states.get(family.name) as FoldState<State> | undefined) ?? emptyFold(family);

/** Facts of a family, those of its parts too. */
export const factsCounted = ({ count, ofParts }: FoldState<unknown>): number => count + (ofParts?.facts ?? 0);

/** Facts without effect that are known by their ids, those of parts that were read too. */
export const knownGroundless = ({ groundless, parts }: FoldState<unknown>): readonly string[] => [
  ...groundless.latest,
  ...[...(parts?.values() ?? [])].flatMap((part) => part.groundless.latest),
];
