import { families, type States } from '#shared/domain/profile/families.ts';
import type { FoldState } from '#shared/domain/profile/fold.ts';
import { erased, type Fact, type FamilyName } from '#shared/vocabulary/fact.ts';
import { byFoldOrder } from './fold-order.ts';
import { emptyHead, familyOfState, type Head, readFact, readFoldState, readHead, type StoredFact } from './items.ts';
import { behindGroup, factPrefix, headAndStates, headKey, subjectPartition } from './keys.ts';
import type { Sealer } from './seal.ts';
import type { Item, Query, Table } from './table.ts';

/** What one consistent read before a commit shows of a subject (K1). */
export interface LoadedSubject {
  readonly subject: string;
  /** Whether it has a HEAD. */
  readonly exists: boolean;
  readonly head: Head;
  readonly states: States;
}

/** Reads every page of a query. */
export const readAll = async (table: Table, query: Query): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.query(cursor === undefined ? query : { ...query, cursor });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};

/** HEAD and every STATE of a subject, with one consistent Query. */
export const loadSubject = async (profile: Table, subject: string): Promise<LoadedSubject> => {
  const items = await readAll(profile, { pk: subjectPartition(subject), ...headAndStates, consistent: true });
  const states = new Map<FamilyName, FoldState<unknown>>();
  let head: Head | undefined;
  for (const item of items) {
    if (item.sk === headKey(subject).sk) head = readHead(item);
    const family = familyOfState(item);
    if (family !== undefined) states.set(family, readFoldState(item));
  }
  return { subject, exists: head !== undefined, head: head ?? emptyHead, states };
};

/** HEAD of a subject; an empty one where there is none. */
export const loadHead = async (profile: Table, subject: string): Promise<Head> => {
  const item = await profile.get(headKey(subject), { consistent: true });
  return item === undefined ? emptyHead : readHead(item);
};

/** Whether every state was made by the rules of this code; older ones need a refold, newer ones another code (K14). */
export const rulesOf = (states: States): 'current' | 'older' | 'newer' => {
  let answer: 'current' | 'older' = 'current';
  for (const [name, held] of states) {
    if (held.rules > families[name].rules) return 'newer';
    if (held.rules < families[name].rules) answer = 'older';
  }
  return answer;
};

/** A state was made by other rules than these, which may lay it out otherwise. */
export class StateOfOtherRules extends Error {
  override readonly name = 'StateOfOtherRules';
}

/** Throws StateOfOtherRules where a state of one of these families was made by other rules. */
export const expectOurRules = (states: States, names: readonly FamilyName[]): void => {
  const other = names.find((name) => (states.get(name)?.rules ?? families[name].rules) !== families[name].rules);
  if (other !== undefined) throw new StateOfOtherRules(`the state of ${other} is one of other rules`);
};

/** The fact with its sealed fields opened; where the key is gone each of them is `erased`. */
export const unsealFact = async (sealer: Sealer, stored: StoredFact): Promise<Fact> => {
  if (stored.sealed === undefined || stored.owner === undefined) return stored.fact;
  const opened = await sealer.open(stored.owner, stored.fact.id, stored.sealed);
  const hidden =
    opened === 'erased' || typeof opened.value !== 'object' || opened.value === null || Array.isArray(opened.value)
      ? Object.fromEntries(stored.hides.map((field) => [field, erased]))
      : opened.value;
  return { ...stored.fact, data: { ...stored.fact.data, ...hidden } };
};

/**
 * Facts of one family in fold order, from just after a group on: those of a subject and of the records merged into it. A fact
 * that lies with several of them (a merge) counts once.
 */
export const readFacts = async (
  profile: Table,
  sealer: Sealer,
  subjects: readonly string[],
  family: FamilyName,
  after?: string,
): Promise<readonly { readonly stored: StoredFact; readonly fact: Fact }[]> => {
  const prefix = factPrefix(family);
  const from = after === undefined ? prefix : `${prefix}${behindGroup(after)}`;
  const pages = await Promise.all(
    subjects.map((subject) =>
      readAll(profile, { pk: subjectPartition(subject), from, to: `${prefix}~`, consistent: true }),
    ),
  );
  const byKey = new Map(pages.flat().map((item) => [item.sk, readFact(item)] as const));
  const inOrder = [...byKey.values()].sort(byFoldOrder);
  return Promise.all(inOrder.map(async (stored) => ({ stored, fact: await unsealFact(sealer, stored) })));
};

/** Steps an alias is followed to its survivor. */
const mostAliasSteps = 8;

/** A customer as loaded, or the survivor it was merged into: the end of its aliases. */
export const loadSurvivor = async (profile: Table, loaded: LoadedSubject): Promise<LoadedSubject> => {
  let current = loaded;
  for (let step = 0; current.head.aliasOf !== undefined; step += 1) {
    if (step >= mostAliasSteps) throw new Error('a chain of merged records does not end');
    current = await loadSubject(profile, current.head.aliasOf);
  }
  return current;
};
