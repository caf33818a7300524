import { familyNamed } from '#functions/profile.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { FactInOrder } from '#shared/facts/fold-order.ts';
import { listWrites, readListed } from '#shared/facts/listed-groups.ts';
import { emptyFold, type FoldState, noParts, type Parts } from '#shared/profile/rules/fold.ts';
import {
  earliest,
  givesUpFirst,
  groupOfPart,
  inListOrder,
  listedGroup,
  listedGroups,
  type PartStates,
  withFirst,
  withGroup,
} from '#shared/profile/rules/fold-parts.ts';
import { factKey, partName } from '#shared/table/keys.ts';
import type { Write } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { type FamilyFold, type FoldDeps, foldFamily, partsOf } from './fold-family.ts';
import { type PartAid, readFact, writePart } from './items.ts';
import { homeOfGroup, type LoadedSubject, readFactsAt, readGroups } from './subjects.ts';

/** A fact that comes in, and the order of the one that it takes back. */
interface Incoming extends FactInOrder {
  readonly retracts?: string;
}

/** What comes to one part, or to the record itself. */
interface Coming {
  readonly incoming: FactInOrder[];
  readonly takenOut: string[];
}

const partOfFact = (parts: Parts, { fact }: FactInOrder): string | undefined =>
  isRetraction(fact.type) ? undefined : parts.of(fact);

/** Who of the parts each fact comes to; what takes a fact back counts with the record, and acts where that fact is. */
const comingByPart = async (
  { profile }: FoldDeps,
  { subject, head: { aliases } }: LoadedSubject,
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
    // It lies with the record that it was addressed to.
    const record = aliases.find((alias) => one.fact.subjects.includes(alias)) ?? subject;
    const item =
      besides === undefined ? await profile.get(factKey(record, family, retracts), { consistent: true }) : undefined;
    const fact = besides?.fact ?? (item === undefined ? undefined : readFact(item).fact);
    if (fact !== undefined) at(parts.of(fact)).takenOut.push(retracts);
  }
  return coming;
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

/** When the first of all groups began, where some of them changed. */
const firstOfAll = async (
  { profile }: FoldDeps,
  { subject, head }: LoadedSubject,
  parts: Parts,
  changed: readonly string[],
  after: PartStates,
  isCut: boolean,
): Promise<string | undefined> => {
  const known = listedGroups(parts, after);
  const stored = isCut ? await readListed(profile, [subject, ...head.aliases]) : [];
  const others = stored.filter(({ group }) => !changed.includes(group));
  return earliest([...known, ...others].map(({ from }) => from));
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
  const { subject } = loaded;
  const homeOf = (part: string): string => homeOfGroup(subject, family, groupOfPart(part));
  const coming = await comingByPart(deps, loaded, family, parts, placed);
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
    const home = homeOf(part);
    const folded = await foldFamily(deps, {
      ...(parts.homeOf === undefined ? change : { subject: home, aliases: [], family }),
      part,
      held: held.parts.get(part),
      sinceCheckpoint: aid.since,
      incoming,
      takenOut,
      ...(orders === undefined ? {} : { read: () => readFactsAt(deps.profile, deps.sealer, home, family, orders) }),
    });
    after.set(part, folded.state);
    folds.push(folded);
    const all = orders === undefined ? {} : { orders: [...orders, ...incoming.map(({ order }) => order)] };
    writes.push({
      put: writePart(home, family, part, folded.state, { since: folded.sinceCheckpoint, ...all }),
    });
  }
  const known = loaded.states.get(family);
  const own = coming.get(undefined);
  const root =
    own === undefined
      ? {
          state: known ?? emptyFold<unknown>(familyNamed(family)),
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
  let isFirstGone = false;
  let first = known?.firstGroups;
  for (const group of groups) {
    const [was, is] = [inGroup(held.parts, group), inGroup(after, group)];
    ofParts = withGroup(parts, ofParts, was, is);
    const [before, now] = [was, is].map((states) => listedGroup(group, parts.sumOf(states)));
    isFirstGone ||= givesUpFirst(parts, known?.ofParts ?? noParts, was, is);
    writes.push(...listWrites(homeOf, [before], [now]));
    first = first?.filter((one) => one.group !== group).concat(now ?? []);
  }
  if (isFirstGone)
    ofParts = withFirst(ofParts, await firstOfAll(deps, loaded, parts, groups, after, known?.parts === undefined));
  const { parts: _parts, firstGroups: _first, ...state } = root.state;
  const all = joined([...folds, root]);
  return {
    ...all,
    writes: [...all.writes, ...writes],
    sinceCheckpoint: root.sinceCheckpoint,
    state: {
      ...state,
      ofParts,
      ...(known !== undefined && known.parts === undefined ? {} : { parts: after }),
      ...(first === undefined ? {} : { firstGroups: first.toSorted(inListOrder) }),
    },
  };
};
