import { stateOf } from '#shared/domain/profile/families.ts';
import { links, type Merge } from '#shared/domain/profile/links.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import type { PlacedFact } from './commit-plan.ts';
import type { Rebuilding, Stands } from './items.ts';
import { subjectKindOf } from './keys.ts';
import type { LoadedSubject } from './subjects.ts';
import { TransactionConflict } from './table.ts';

/** What a commit does at once about a merge or its undoing: it marks both records; `rebuildMerged` does the rest in steps. */

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';

/** Whether facts of a type join records or part them. */
export const isLinkingType = (type: string): boolean => type === mergedType || type === unmergedType;

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

/** The merge that an undoing names, as the alias's survivor tells it, and as long as the alias is one by it. */
const mergeOf = (fact: Fact, loaded: readonly LoadedSubject[]): Merge | undefined => {
  const alias = loaded.find(({ subject }) => subject === fact.data.alias);
  const survivor = alias === undefined ? undefined : survivorAmong(loaded, alias.subject);
  if (alias === undefined || survivor === undefined) return undefined;
  const { merges } = stateOf(survivor.states, links).state;
  return merges.find(
    (one) =>
      one.id === fact.data.merge && !one.undone && one.alias === alias.subject && one.fact === alias.head.mergedBy,
  );
};

/** Why a merge or an undoing cannot be; undefined where it can. */
export const unfitLink = (fact: Fact, loaded: readonly LoadedSubject[]): UnfitLink | undefined => {
  if (!isLinkingType(fact.type)) return undefined;
  if (fact.subjects.some((subject) => subjectKindOf(subject) !== 'customer')) return 'merge.not-a-customer';
  if (fact.type === unmergedType) {
    if (mergeOf(fact, loaded) !== undefined) return undefined;
    // While records are being merged nothing of it stands in their states yet.
    return loaded.some(({ head }) => head.rebuilding !== undefined) ? 'merge.moved' : 'merge.unknown';
  }
  const [survivor, alias] = fact.subjects.map((subject) => survivorAmong(loaded, subject));
  if (survivor?.subject === alias?.subject) return 'merge.same-customer';
  // Where one was merged since the fact was placed, it is placed anew.
  return survivor?.subject === fact.subjects[0] && alias?.subject === fact.subjects[1] ? undefined : 'merge.moved';
};

/** Why a merge or an undoing cannot be. */
export type UnfitLink = 'merge.same-customer' | 'merge.unknown' | 'merge.not-a-customer' | 'merge.moved';

const withMark = (one: LoadedSubject, rebuilding: Rebuilding): LoadedSubject => {
  if (one.head.rebuilding !== undefined) throw new TransactionConflict();
  return { ...one, head: { ...one.head, rebuilding } };
};

/**
 * Marks the records of a merge or undoing as being rebuilt: from then on facts are kept and not folded, and what was shown is
 * shown. Throws TransactionConflict where another merge of one of them is under way, so that the commit is tried again.
 */
export const markLinks = (facts: readonly PlacedFact[], loaded: readonly LoadedSubject[]): readonly LoadedSubject[] => {
  let marked = loaded;
  for (const { fact } of facts.filter((one) => isLinkingType(one.fact.type))) {
    const [first = '', second = ''] = fact.subjects;
    const undoes = fact.type === unmergedType;
    const alias = survivorAmong(marked, second);
    const survivor = undoes ? alias : survivorAmong(marked, first);
    if (survivor === undefined || alias === undefined) continue;
    const act = undoes ? 'undo' : 'merge';
    const rebuilding: Rebuilding = { id: fact.id, act, alias: second, flipped: false };
    marked = marked.map((one) => (one === survivor || one === alias ? withMark(one, rebuilding) : one));
  }
  return marked;
};
