import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { families } from '#shared/domain/profile/families.ts';
import {
  emptyFold,
  type Family,
  type FoldState,
  type ListedGroup,
  noParts,
  type Parts,
} from '#shared/domain/profile/fold.ts';
import {
  groupOfPart,
  inListOrder,
  listedGroup,
  listedGroups,
  ofAllParts,
  type PartStates,
  withGroup,
} from '#shared/domain/profile/fold-parts.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { type FamilyFold, type FoldDeps, foldFamily } from './fold-family.ts';
import { type FactInOrder, orderedFact } from './fold-order.ts';
import { type PartAid, readFact, writePart, writeTaken } from './items.ts';
import { checkpointsOfParts, factKey, partName, partOfCheckpoint, subjectPartition, takesKey } from './keys.ts';
import { type LoadedSubject, readAll, readFacts, readFactsAt, readGroups } from './subjects.ts';
import type { Item, Write } from './table.ts';

/** A fact that comes in, and the order of the one that it takes back. */
interface Incoming extends FactInOrder {
  readonly retracts?: string;
}

/** What comes to one part, or to the record itself. */
interface Coming {
  readonly incoming: FactInOrder[];
  readonly takenOut: string[];
}

const partsOf = (name: FamilyName): Parts | undefined => {
  const family: Family<unknown> = families[name];
  return family.parts;
};

const partOfFact = (parts: Parts, { fact }: FactInOrder): string | undefined =>
  isRetraction(fact.type) ? undefined : parts.of(fact);

/** Who of the parts each fact comes to; what takes a fact back counts with the record, and acts where that fact is. */
const comingByPart = async (
  { profile }: FoldDeps,
  subject: string,
  family: FamilyName,
  parts: Parts,
  placed: readonly Incoming[],
): Promise<ReadonlyMap<string | undefined, Coming>> => {
  const coming = new Map<string | undefined, Coming>();
  const at = (part: string | undefined): Coming => {
    const there = coming.get(part) ?? { incoming: [], takenOut: [] };
    coming.set(part, there);
    return there;
  };
  for (const one of placed) {
    at(partOfFact(parts, one)).incoming.push(one);
    const { retracts } = one;
    if (retracts === undefined) continue;
    const besides = placed.find(({ order }) => order === retracts);
    const item =
      besides === undefined ? await profile.get(factKey(subject, family, retracts), { consistent: true }) : undefined;
    const fact = besides?.fact ?? (item === undefined ? undefined : readFact(item).fact);
    if (fact !== undefined) at(parts.of(fact)).takenOut.push(retracts);
  }
  return coming;
};

/** The list of groups where some changed, and what is written of that. */
const listWrites = (
  subject: string,
  before: readonly (ListedGroup | undefined)[],
  after: readonly (ListedGroup | undefined)[],
): readonly Write[] => {
  const [was, is] = [before, after].map((all) => all.flatMap((one) => one ?? []));
  const keyOf = ({ group, until }: ListedGroup): string => takesKey(subject, group, until).sk;
  const kept = new Set((is ?? []).map(keyOf));
  return [
    ...(is ?? []).map((one): Write => ({ put: writeTaken(subject, one) })),
    ...(was ?? [])
      .filter((one) => !kept.has(keyOf(one)))
      .map(({ group, until }): Write => ({ remove: takesKey(subject, group, until) })),
  ];
};

const joined = (folds: readonly FamilyFold[]): Pick<FamilyFold, 'writes' | 'groundless' | 'tied'> => ({
  writes: folds.flatMap(({ writes }) => writes),
  groundless: new Set(folds.flatMap(({ groundless }) => [...groundless])),
  tied: new Set(folds.flatMap(({ tied }) => [...tied])),
});

/** Of a part that nothing was told of yet. */
const noAid: PartAid = { since: 0, orders: [] };

/** States of the groups that facts come to, as they are. */
const heldParts = async (deps: FoldDeps, loaded: LoadedSubject, family: FamilyName, groups: readonly string[]) => {
  const held = loaded.states.get(family);
  if (held === undefined) return { parts: new Map<string, FoldState<unknown>>(), aids: loaded.aids };
  if (held.parts !== undefined) return { parts: held.parts, aids: loaded.aids };
  return readGroups(deps.profile, loaded.subject, family, groups);
};

/**
 * Folds what comes in for a family with parts: each fact in its part, and of the parts that are touched what they come to. Reads the
 * groups that facts name, whatever else the record has to do with.
 */
export const foldParts = async (
  deps: FoldDeps,
  loaded: LoadedSubject,
  family: FamilyName,
  placed: readonly Incoming[],
): Promise<FamilyFold> => {
  const parts = partsOf(family);
  if (parts === undefined) throw new TypeError(`${family} has no parts`);
  const { subject } = loaded;
  const coming = await comingByPart(deps, subject, family, parts, placed);
  const groups = [...new Set([...coming.keys()].flatMap((part) => (part === undefined ? [] : groupOfPart(part))))];
  const held = await heldParts(deps, loaded, family, groups);
  const after = new Map(held.parts);
  const change = { subject, aliases: loaded.head.aliases, family };
  const folds: FamilyFold[] = [];
  const writes: Write[] = [];
  for (const [part, { incoming, takenOut }] of coming) {
    if (part === undefined) continue;
    const aid = held.aids.get(partName(family, part)) ?? noAid;
    const { orders } = aid;
    const folded = await foldFamily(deps, {
      ...change,
      part,
      held: held.parts.get(part),
      sinceCheckpoint: aid.since,
      incoming,
      takenOut,
      ...(orders === undefined ? {} : { read: () => readFactsAt(deps.profile, deps.sealer, subject, family, orders) }),
    });
    after.set(part, folded.state);
    folds.push(folded);
    const all = orders === undefined ? {} : { orders: [...orders, ...incoming.map(({ order }) => order)] };
    writes.push({
      put: writePart(subject, family, part, folded.state, { since: folded.sinceCheckpoint, ...all }),
    });
  }
  const known = loaded.states.get(family);
  const own = coming.get(undefined);
  const root =
    own === undefined
      ? {
          state: known ?? emptyFold<unknown>(families[family]),
          sinceCheckpoint: loaded.head.since[family] ?? 0,
          writes: [],
          groundless: new Set<string>(),
          tied: new Set<string>(),
        }
      : await foldFamily(deps, {
          ...change,
          held: known,
          sinceCheckpoint: loaded.head.since[family] ?? 0,
          incoming: own.incoming,
          takenOut: own.takenOut,
        });
  const inGroup = (states: PartStates, group: string): readonly FoldState<unknown>[] =>
    [...states].flatMap(([part, state]) => (groupOfPart(part) === group ? [state] : []));
  let ofParts = known?.ofParts ?? noParts;
  let first = known?.firstGroups;
  for (const group of groups) {
    const [was, is] = [inGroup(held.parts, group), inGroup(after, group)];
    ofParts = withGroup(parts, ofParts, was, is);
    const [before, now] = [was, is].map((states) => listedGroup(group, parts.sumOf(states)));
    writes.push(...listWrites(subject, [before], [now]));
    first = first?.filter((one) => one.group !== group).concat(now ?? []);
  }
  const { parts: _parts, firstGroups: _first, ...state } = root.state;
  const all = joined([...folds, root]);
  return {
    ...all,
    writes: [...all.writes, ...writes],
    sinceCheckpoint: root.sinceCheckpoint,
    state: {
      ...state,
      ofParts,
      ...(first === undefined ? { parts: after } : { firstGroups: first.toSorted(inListOrder) }),
    },
  };
};

/** Folds a family with parts from all its facts. */
export const foldAllParts = async (deps: FoldDeps, loaded: LoadedSubject, family: FamilyName): Promise<FamilyFold> => {
  const parts = partsOf(family);
  if (parts === undefined) throw new TypeError(`${family} has no parts`);
  const { subject } = loaded;
  const { aliases } = loaded.head;
  const stored = await readFacts(deps.profile, deps.sealer, [subject, ...aliases], family);
  const place = { pk: subjectPartition(subject), prefix: checkpointsOfParts(family), consistent: true };
  const checkpoints = new Map<string, Item[]>();
  for (const item of await readAll(deps.profile, place)) {
    const part = partOfCheckpoint(family, item.sk);
    checkpoints.set(part, [...(checkpoints.get(part) ?? []), item]);
  }
  const byPart = new Map<string | undefined, (typeof stored)[number][]>([[undefined, []]]);
  for (const one of stored) {
    const part = orderedFact({ order: one.stored.order, fact: one.fact }, false).retraction
      ? undefined
      : parts.of(one.fact);
    const there = byPart.get(part);
    if (there === undefined) byPart.set(part, [one]);
    else there.push(one);
  }
  const none = { held: undefined, sinceCheckpoint: 0, incoming: [], takenOut: [] };
  const states = new Map<string, FoldState<unknown>>();
  const writes: Write[] = [];
  const fold = async (part: string | undefined, own: typeof stored): Promise<FamilyFold> => {
    const change = { subject, aliases, family, ...none, read: async () => own };
    if (part === undefined) return foldFamily(deps, change);
    const folded = await foldFamily(deps, { ...change, part, checkpoints: checkpoints.get(part) ?? [] });
    states.set(part, folded.state);
    const orders = own.map((one) => one.stored.order);
    writes.push({
      put: writePart(subject, family, part, folded.state, { since: folded.sinceCheckpoint, orders }),
    });
    return folded;
  };
  const folds: FamilyFold[] = [];
  for (const [part, own] of byPart) folds.push(await fold(part, own));
  const [root] = folds;
  if (root === undefined) throw new TypeError(`${family} has no state of its own`);
  const listed = listedGroups(parts, states);
  return {
    ...root,
    writes: [...folds.flatMap((one) => one.writes), ...writes, ...listWrites(subject, [], listed)],
    state: { ...root.state, ofParts: ofAllParts(parts, states), parts: states },
  };
};
