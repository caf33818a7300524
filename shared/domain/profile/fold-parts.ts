import {
  emptyFold,
  type Family,
  type FoldState,
  foldFrom,
  type Ground,
  type GroupSum,
  type ListedGroup,
  noParts,
  type OfParts,
  type OrderedFact,
  type Parts,
  withSource,
} from './fold.ts';

/** States of parts by their names. */
export type PartStates = ReadonlyMap<string, FoldState<unknown>>;

/** The group a part is of: its name up to the first dot. */
export const groupOfPart = (part: string): string => part.split('.', 1)[0] ?? part;

/** Parts by their groups. */
export const byGroup = (parts: PartStates): ReadonlyMap<string, readonly FoldState<unknown>[]> => {
  const groups = new Map<string, FoldState<unknown>[]>();
  for (const [name, held] of parts) {
    const there = groups.get(groupOfPart(name));
    if (there === undefined) groups.set(groupOfPart(name), [held]);
    else there.push(held);
  }
  return groups;
};

/** Facts of a family by the part they belong to; under `undefined` those of the record itself, and what takes facts back. */
export const factsByPart = <Entry extends Pick<OrderedFact, 'fact' | 'retraction'>>(
  parts: Parts,
  facts: readonly Entry[],
): ReadonlyMap<string | undefined, readonly Entry[]> => {
  const byPart = new Map<string | undefined, Entry[]>();
  for (const entry of facts) {
    const part = entry.retraction ? undefined : parts.of(entry.fact);
    const there = byPart.get(part);
    if (there === undefined) byPart.set(part, [entry]);
    else there.push(entry);
  }
  return byPart;
};

const withCounts = (
  counts: OfParts['counts'],
  more: Readonly<Record<string, number>>,
  sign: 1 | -1,
): OfParts['counts'] => {
  const next = { ...counts };
  for (const [name, count] of Object.entries(more)) next[name] = (next[name] ?? 0) + sign * count;
  return Object.fromEntries(
    Object.entries(next)
      .filter(([, count]) => count !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

const factsIn = (parts: readonly FoldState<unknown>[]): number => parts.reduce((sum, { count }) => sum + count, 0);
const groundlessIn = (parts: readonly FoldState<unknown>[]): number =>
  parts.reduce((sum, { groundless }) => sum + groundless.count, 0);

/** What all parts come to after one group of them changed: the difference alone, so that no other part needs to be read. */
export const withGroup = (
  parts: Parts,
  known: OfParts,
  before: readonly FoldState<unknown>[],
  after: readonly FoldState<unknown>[],
): OfParts => {
  const taken = withCounts(known.counts, parts.sumOf(before).counts, -1);
  let { sources } = known;
  for (const held of after)
    for (const [system, at] of Object.entries(held.sources)) sources = withSource(sources, system, at);
  return {
    facts: known.facts + factsIn(after) - factsIn(before),
    groundless: known.groundless + groundlessIn(after) - groundlessIn(before),
    sources,
    counts: withCounts(taken, parts.sumOf(after).counts, 1),
  };
};

/** What parts come to, all of them read. */
export const ofAllParts = (parts: Parts, states: PartStates): OfParts =>
  [...byGroup(states).values()].reduce((known, group) => withGroup(parts, known, [], group), noParts);

/** Order of the list of groups. */
export const inListOrder = (a: ListedGroup, b: ListedGroup): number => {
  const [one, other] = [a, b].map(({ until, group }) => `${until ?? '~'}#${group}`);
  return (one ?? '') > (other ?? '') ? -1 : 1;
};

/** A group as it stands in the list; undefined where it stands in none. */
export const listedGroup = (group: string, { listed }: GroupSum): ListedGroup | undefined =>
  listed === undefined ? undefined : { group, ...listed };

/** The list of groups, all parts read. */
export const listedGroups = (parts: Parts, states: PartStates): readonly ListedGroup[] =>
  [...byGroup(states)].flatMap(([group, held]) => listedGroup(group, parts.sumOf(held)) ?? []).sort(inListOrder);

/** Folds all facts of a family anew, each part for itself. */
export const foldWhole = (
  family: Family<unknown>,
  facts: readonly OrderedFact[],
  ground: (entry: OrderedFact) => Ground,
): FoldState<unknown> => {
  const fold = (of: Family<unknown>, own: readonly OrderedFact[]): FoldState<unknown> =>
    foldFrom<unknown>(of, { state: emptyFold(of), sinceCheckpoint: 0 }, own, ground, new Set()).state;
  const { parts } = family;
  if (parts === undefined) return fold(family, facts);
  const states = new Map<string, FoldState<unknown>>();
  const split = factsByPart(parts, facts);
  for (const [part, own] of split) if (part !== undefined) states.set(part, fold(parts.family, own));
  const root = fold(family, split.get(undefined) ?? []);
  return { ...root, ofParts: ofAllParts(parts, states), parts: states };
};
