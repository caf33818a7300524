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

/** The earlier of two dates. */
const earlier = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

/** The earliest of some dates. */
export const earliest = (dates: readonly (string | undefined)[]): string | undefined =>
  dates.reduce(earlier, undefined);

const factsIn = (parts: readonly FoldState<unknown>[]): number => parts.reduce((sum, { count }) => sum + count, 0);
const groundlessIn = (parts: readonly FoldState<unknown>[]): number =>
  parts.reduce((sum, { groundless }) => sum + groundless.count, 0);

/**
 * What all parts come to after one group of them changed: the difference alone, so that no other part needs to be read. A first date
 * that the group gave up stays, since only who knows the others can say the next (`withFirst`).
 */
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
  const sum = parts.sumOf(after);
  return withFirst(
    {
      facts: known.facts + factsIn(after) - factsIn(before),
      groundless: known.groundless + groundlessIn(after) - groundlessIn(before),
      sources,
      counts: withCounts(taken, sum.counts, 1),
    },
    parts.keepsFirst === true ? earlier(known.first, sum.listed?.from) : undefined,
  );
};

/** Whether a group was the first to begin, and is no more. */
export const givesUpFirst = (
  { sumOf }: Parts,
  known: OfParts,
  before: readonly FoldState<unknown>[],
  after: readonly FoldState<unknown>[],
): boolean => {
  if (known.first === undefined || sumOf(before).listed?.from !== known.first) return false;
  const from = sumOf(after).listed?.from;
  return from === undefined || from > known.first;
};

/** What parts come to, with when the first of all began. */
export const withFirst = ({ first: _known, ...known }: OfParts, first: string | undefined): OfParts =>
  first === undefined ? known : { ...known, first };

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

/** A group by the month in which it ends, or as one that goes on. */
export const groupCounts = (listed: GroupSum['listed']): Readonly<Record<string, number>> =>
  listed === undefined ? {} : { [listed.until === null ? 'open' : `until ${listed.until.slice(0, 7)}`]: 1 };

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
