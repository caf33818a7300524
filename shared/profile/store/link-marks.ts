import type { PlacedFact } from '#shared/facts/placing/placed-fact.ts';
import { links, mostMerges } from '#shared/profile/rules/links.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Rebuilding, Stands } from './items.ts';
import type { LoadedSubject } from './subjects.ts';

/** What a commit does at once about a merge or its undoing: it marks both records; `rebuildMerged` does the rest in steps. */

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';

/** Whether facts of a type join records or part them. */
export const isLinkingType = (type: string): boolean => type === mergedType || type === unmergedType;

/** Whether a fact changes which records are one: a merge, its undoing, or the retraction of either. */
const movesRecords = ({ fact, retractsType }: PlacedFact): boolean => isLinkingType(retractsType ?? fact.type);

/** Among loaded subjects the one that stands for an id: itself, or the survivor. */
const survivorAmong = (loaded: readonly LoadedSubject[], id: string): LoadedSubject | undefined => {
  const byId = new Map(loaded.map((one) => [one.subject, one] as const));
  return (
    loaded.find((one) => one.head.aliasOf === undefined && (one.subject === id || one.head.aliases.includes(id))) ??
    byId.get(id)
  );
};

/** Customers among the loaded, and whom each stands for now: itself, or the survivor. */
export const standsAmong = (loaded: readonly LoadedSubject[]): Stands =>
  Object.fromEntries(
    loaded
      .filter(({ subject }) => subjectKindOf(subject) === 'customer')
      .map(({ subject }) => [subject, survivorAmong(loaded, subject)?.subject ?? subject]),
  );

/** What an account knows of whom holders stand for, brought up to date; who stands for itself is not listed. */
export const withStands = (known: Stands, now: Stands): Stands =>
  Object.fromEntries(Object.entries({ ...known, ...now }).filter(([id, survivor]) => id !== survivor));

/** Those whom the records of some facts stand for, each once. */
const survivorsOf = (facts: readonly PlacedFact[], loaded: readonly LoadedSubject[]): readonly LoadedSubject[] => [
  ...new Set(facts.flatMap(({ fact }) => fact.subjects.flatMap((subject) => survivorAmong(loaded, subject) ?? []))),
];

/** Whether a fact may let a merge stand that did not: it tells of one, or takes an undoing back. */
const addsMerge = ({ fact, retractsType }: PlacedFact): boolean =>
  fact.type === mergedType || retractsType === unmergedType;

const mergesAmong = (loaded: readonly LoadedSubject[]): number =>
  loaded.reduce((sum, { states }) => sum + stateOf(states, links).state.standing.length, 0);

/** Why a merge or an undoing cannot be, whatever else was decided about its records. */
export type UnfitLink = 'merge.same-customer' | 'merge.not-a-customer' | 'merge.too-many';

/**
 * Why a merge or an undoing cannot be; undefined where it can.
 * @param facts those of the commit up to it
 */
export const unfitLink = (
  placed: PlacedFact,
  facts: readonly PlacedFact[],
  loaded: readonly LoadedSubject[],
): UnfitLink | undefined => {
  if (!movesRecords(placed)) return undefined;
  const { subjects } = placed.fact;
  if (subjects.some((subject) => subjectKindOf(subject) !== 'customer')) return 'merge.not-a-customer';
  if (new Set(subjects).size < subjects.length) return 'merge.same-customer';
  if (!addsMerge(placed)) return undefined;
  const standing = mergesAmong(survivorsOf([placed], loaded)) + facts.filter(addsMerge).length;
  return standing > mostMerges ? 'merge.too-many' : undefined;
};

/** Whether a fact must be folded as it is kept: who carries an erasure out, and everybody at the doors, goes by the state. */
const isOfErasure = ({ fact }: PlacedFact): boolean => fact.families.includes('erasure');

/**
 * Of the records that facts join or part, or of whose erasure they tell, those with a merge or undoing under way: it comes to its
 * end first.
 */
export const linksUnderWay = (facts: readonly PlacedFact[], loaded: readonly LoadedSubject[]): readonly string[] =>
  survivorsOf(
    facts.filter((placed) => movesRecords(placed) || isOfErasure(placed)),
    loaded,
  )
    .filter(({ head }) => head.rebuilding !== undefined)
    .map(({ subject }) => subject);

/**
 * Marks the records of merges and undoings as being rebuilt: from then on facts are kept and not folded, and what was shown is
 * shown.
 */
export const markLinks = (facts: readonly PlacedFact[], loaded: readonly LoadedSubject[]): readonly LoadedSubject[] => {
  const moving = facts.filter(movesRecords);
  const [first] = moving;
  if (first === undefined) return loaded;
  const survivors = survivorsOf(moving, loaded);
  const rebuilding: Rebuilding = { id: first.fact.id, flipped: false, left: [] };
  return loaded.map((one) => (survivors.includes(one) ? { ...one, head: { ...one.head, rebuilding } } : one));
};
