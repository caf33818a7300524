import { stateOf } from '#shared/domain/profile/families.ts';
import { links, type Merge } from '#shared/domain/profile/links.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import type { PlacedFact } from './commit-plan.ts';
import type { Rebuilding, Stands } from './items.ts';
import { readHead } from './items.ts';
import { headKey, subjectKindOf } from './keys.ts';
import type { LoadedSubject } from './subjects.ts';
import { type Table, TransactionConflict } from './table.ts';

/** What a commit does at once about a merge or its undoing: it marks both records; `rebuildMerged` does the rest in steps. */

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';

/** Whether a fact joins records or parts them. */
export const isLinking = (fact: Fact): boolean => fact.type === mergedType || fact.type === unmergedType;

/** Among loaded subjects the one that stands for an id: itself, or the survivor. */
const survivorAmong = (loaded: readonly LoadedSubject[], id: string): LoadedSubject | undefined => {
  const byId = new Map(loaded.map((one) => [one.subject, one] as const));
  return (
    loaded.find((one) => one.head.aliasOf === undefined && (one.subject === id || one.head.aliases.includes(id))) ??
    byId.get(id)
  );
};

/** Merged records among the loaded, and whom each stands for now. */
export const standsAmong = (loaded: readonly LoadedSubject[]): Stands =>
  Object.fromEntries(
    loaded
      .filter(({ head }) => head.aliasOf !== undefined)
      .map(({ subject }) => [subject, survivorAmong(loaded, subject)?.subject ?? subject]),
  );

/** The merge that an undoing names, as the survivor's links tell it. */
const mergeOf = (fact: Fact, survivor: LoadedSubject | undefined): Merge | undefined =>
  survivor === undefined
    ? undefined
    : stateOf(survivor.states, links).state.merges.find((one) => one.id === fact.data.merge && !one.undone);

/** Why a merge or an undoing cannot be; undefined where it can. */
export const unfitLink = (
  fact: Fact,
  loaded: readonly LoadedSubject[],
): 'merge.same-customer' | 'merge.unknown' | 'merge.not-a-customer' | undefined => {
  if (!isLinking(fact)) return undefined;
  const [first = '', second = ''] = fact.subjects;
  if (subjectKindOf(first) !== 'customer' || subjectKindOf(second) !== 'customer') return 'merge.not-a-customer';
  const [survivor, alias] = [survivorAmong(loaded, first), survivorAmong(loaded, second)];
  if (fact.type === mergedType) return survivor?.subject === alias?.subject ? 'merge.same-customer' : undefined;
  // The alias tells where it stands: the survivor as said may have been parted from it since, with what it had then.
  return mergeOf(fact, alias) === undefined ? 'merge.unknown' : undefined;
};

/** The record that a merge made an alias: from its alias as said, up the chain. */
const partedRecord = async (profile: Table, merge: Merge): Promise<string> => {
  let current = merge.alias;
  for (let step = 0; step < 9; step += 1) {
    const item = await profile.get(headKey(current), { consistent: true });
    if (item === undefined) break;
    const head = readHead(item);
    if (head.mergedBy === merge.fact || head.aliasOf === undefined) break;
    current = head.aliasOf;
  }
  return current;
};

const withMark = (one: LoadedSubject, rebuilding: Rebuilding): LoadedSubject => {
  if (one.head.rebuilding !== undefined) throw new TransactionConflict();
  return { ...one, head: { ...one.head, rebuilding } };
};

/**
 * Marks the records of a merge or undoing as being rebuilt: from then on facts are kept and not folded, and what was shown is
 * shown. Throws TransactionConflict where another merge of one of them is under way, so that the commit is tried again.
 */
export const markLinks = async (
  profile: Table,
  facts: readonly PlacedFact[],
  loaded: readonly LoadedSubject[],
): Promise<readonly LoadedSubject[]> => {
  let marked = loaded;
  for (const { fact } of facts.filter((one) => isLinking(one.fact))) {
    const [first = '', second = ''] = fact.subjects;
    const alias = survivorAmong(marked, second);
    const survivor = fact.type === unmergedType ? alias : survivorAmong(marked, first);
    if (survivor === undefined || alias === undefined) continue;
    const merge = fact.type === unmergedType ? mergeOf(fact, alias) : undefined;
    const parted = merge === undefined ? alias.subject : await partedRecord(profile, merge);
    const rebuilding: Rebuilding = {
      id: fact.id,
      act: merge === undefined ? 'merge' : 'undo',
      alias: parted,
      flipped: false,
    };
    marked = marked.map((one) => (one === survivor || one === alias ? withMark(one, rebuilding) : one));
  }
  return marked;
};
