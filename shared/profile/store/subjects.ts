import { familyNamed } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { byFoldOrder } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { maxPremises } from '#shared/profile/rules/account.ts';
import type { Family, FoldState, ListedGroup } from '#shared/profile/rules/fold.ts';
import type { States } from '#shared/profile/rules/states.ts';
import {
  behindGroup,
  factKey,
  factPrefix,
  headAndStates,
  headKey,
  isBehindStates,
  partKeyRange,
  partName,
  partsPrefix,
  subjectKindOf,
  subjectPartition,
  takesPrefix,
} from '#shared/table/keys.ts';
import type { Item, Query, Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { erased, type FamilyName } from '#shared/vocabulary/fact.ts';
import {
  emptyHead,
  familyOfState,
  type Head,
  type PartAid,
  partOfState,
  readFact,
  readFoldState,
  readHead,
  readPartAid,
  readTaken,
  type StoredFact,
} from './items.ts';

/** What one consistent read before a commit shows of a subject. */
export interface LoadedSubject {
  readonly subject: string;
  /** Whether it has a HEAD. */
  readonly exists: boolean;
  readonly head: Head;
  readonly states: States;
  /** What helps to fold parts on that were read, by the names of these. */
  readonly aids: ReadonlyMap<string, PartAid>;
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

/** Items of the first read of a subject: where there are no more, all parts of its states are among them. */
const readFirst = 40;
/** How much more of the list of groups is read than is shown: groups that a commit takes from it. */
const listedMore = 20;

/** HEAD and states; parts as far as one page of them goes, or all. */
const readStates = async (profile: Table, subject: string, isWhole: boolean) => {
  const query = { pk: subjectPartition(subject), ...headAndStates, consistent: true };
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await profile.query({
      ...query,
      ...(isWhole ? {} : { limit: readFirst }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && (isWhole || !isBehindStates(items.at(-1)?.sk ?? '')));
  return { items, isAll: cursor === undefined };
};

/** The first of the list of groups, and as many more as a commit may take from it. */
const readFirstGroups = async (profile: Table, subject: string): Promise<readonly ListedGroup[]> => {
  const { items } = await profile.query({
    pk: subjectPartition(subject),
    prefix: takesPrefix,
    descending: true,
    limit: maxPremises + listedMore,
    consistent: true,
  });
  return items.map(readTaken);
};

/** Parts that lie with the records which lead to a subject. */
const readPartsOfAliases = async (profile: Table, { aliases }: Head): Promise<readonly Item[]> => {
  const place = { ...partKeyRange, consistent: true };
  const pages = await Promise.all(aliases.map((alias) => readAll(profile, { pk: subjectPartition(alias), ...place })));
  return pages.flat();
};

const loadStates = async (profile: Table, subject: string, isWhole: boolean): Promise<LoadedSubject> => {
  const { items: own, isAll } = await readStates(profile, subject, isWhole);
  const headItem = own.find(({ sk }) => sk === headKey(subject).sk);
  const head = headItem === undefined ? emptyHead : readHead(headItem);
  const items = isWhole ? [...own, ...(await readPartsOfAliases(profile, head))] : own;
  const states = new Map<FamilyName, FoldState<unknown>>();
  const parts = new Map<FamilyName, Map<string, FoldState<unknown>>>();
  const aids = new Map<string, PartAid>();
  for (const item of items) {
    const family = familyOfState(item);
    if (family !== undefined) states.set(family, readFoldState(item));
    const part = partOfState(item.sk);
    if (part === undefined) continue;
    const known = parts.get(part.family) ?? new Map<string, FoldState<unknown>>();
    parts.set(part.family, known.set(part.part, readFoldState(item)));
    aids.set(partName(part.family, part.part), readPartAid(item));
  }
  for (const [name, held] of states) {
    const rules: Family<unknown> = familyNamed(name);
    if (rules.parts === undefined) continue;
    if (isWhole || (isAll && head.aliases.length === 0))
      states.set(name, { ...held, parts: parts.get(name) ?? new Map() });
    else if (rules.parts.homeOf === undefined)
      states.set(name, { ...held, firstGroups: await readFirstGroups(profile, subject) });
  }
  return { subject, exists: headItem !== undefined, head, states, aids };
};

/** Names a record that other rules than ours folded: its states may have another shape, and are not read. */
class OtherRules extends Error {
  override readonly name = 'OtherRules';
  readonly subject: string;

  constructor(subject: string) {
    super('other rules folded a record');
    this.subject = subject;
  }
}

/** The refusal to read a record that other rules folded. */
export const otherRules = (subject: string, rules: 'older' | 'newer'): DomainError => {
  const options = { retryAfterSeconds: 5, cause: new OtherRules(subject) };
  return rules === 'older'
    ? new DomainError(
        'unavailable',
        'rules.older',
        'The record is being folded anew by the rules of this version; try again.',
        options,
      )
    : new DomainError(
        'unavailable',
        'rules.newer',
        'A newer version of the rules wrote this record; try again.',
        options,
      );
};

/** The record that is to be folded anew, where that is why something failed. */
export const olderRecordOf = (failure: unknown): string | undefined =>
  failure instanceof DomainError && failure.code === 'rules.older' && failure.cause instanceof OtherRules
    ? failure.cause.subject
    : undefined;

/** A record as it was loaded, to be read; refuses (`rules.older`) where other rules folded it. */
export const currentOf = (loaded: LoadedSubject): LoadedSubject => {
  const rules = rulesOf(loaded.states);
  if (rules !== 'current') throw otherRules(loaded.subject, rules);
  return loaded;
};

/** A state of a family of a subject, or of a part of it; refuses (`rules.older`) where other rules folded it. */
export const readCurrentState = (subject: string, family: FamilyName, item: Item): FoldState<unknown> => {
  const held = readFoldState(item);
  const { rules } = familyNamed(family);
  if (held.rules !== rules) throw otherRules(subject, held.rules < rules ? 'older' : 'newer');
  return held;
};

/**
 * HEAD and states of a subject, with one consistent Query. Parts of states are all among them where these are few; of an account of
 * very many only the first premises it takes service at, with a second Query; of a customer with very many accounts, or with records
 * that lead to theirs, no roles (`roles-held.ts` reads those). A premise has few, and is always read whole. By whichever rules it was
 * folded: for who folds it on, or needs its HEAD alone.
 */
export const loadStored = (profile: Table, subject: string): Promise<LoadedSubject> =>
  loadStates(profile, subject, subjectKindOf(subject) === 'premise');

/** The same to be read: refuses (`rules.older`) where other rules folded it. */
export const loadSubject = async (profile: Table, subject: string): Promise<LoadedSubject> =>
  currentOf(await loadStored(profile, subject));

/** The same with all parts, however many: for what folds a record anew. */
export const loadWhole = (profile: Table, subject: string): Promise<LoadedSubject> =>
  loadStates(profile, subject, true);

/** Where a group of parts of a family lies: with its record, where several may be one. */
export const homeOfGroup = (subject: string, family: FamilyName, group: string): string => {
  const { parts }: Family<unknown> = familyNamed(family);
  return parts?.homeOf?.(group) ?? subject;
};

/** The parts of some groups of a family, where not all parts were read. */
export const readGroups = async (
  profile: Table,
  subject: string,
  family: FamilyName,
  groups: readonly string[],
): Promise<{
  readonly parts: ReadonlyMap<string, FoldState<unknown>>;
  readonly aids: ReadonlyMap<string, PartAid>;
}> => {
  const pages = await Promise.all(
    groups.map((group) => {
      const pk = subjectPartition(homeOfGroup(subject, family, group));
      return readAll(profile, { pk, prefix: partsPrefix(family, group), consistent: true });
    }),
  );
  const items = pages.flat().flatMap((item) => {
    const named = partOfState(item.sk);
    return named === undefined ? [] : [{ item, part: named.part }];
  });
  return {
    parts: new Map(items.map(({ item, part }) => [part, readFoldState(item)])),
    aids: new Map(items.map(({ item, part }) => [partName(family, part), readPartAid(item)])),
  };
};

/** HEAD of a subject; an empty one where there is none. */
export const loadHead = async (profile: Table, subject: string): Promise<Head> => {
  const item = await profile.get(headKey(subject), { consistent: true });
  return item === undefined ? emptyHead : readHead(item);
};

/** Whether every state was made by the rules of this code; older ones need a refold, newer ones another code. */
export const rulesOf = (states: States): 'current' | 'older' | 'newer' => {
  let answer: 'current' | 'older' = 'current';
  for (const [name, held] of states) {
    for (const { rules } of [held, ...(held.parts?.values() ?? [])]) {
      if (rules > familyNamed(name).rules) return 'newer';
      if (rules < familyNamed(name).rules) answer = 'older';
    }
  }
  return answer;
};

/** The fact with its sealed fields opened; where the key is gone, or the sealed bytes are, each of them is `erased`. */
export const unsealFact = async (sealer: Sealer, stored: StoredFact): Promise<Fact> => {
  if (stored.hides.length === 0 || stored.owner === undefined) return stored.fact;
  const opened =
    stored.sealed === undefined ? 'erased' : await sealer.open(stored.owner, stored.fact.id, stored.sealed);
  const hidden =
    opened === 'erased' || typeof opened.value !== 'object' || opened.value === null || Array.isArray(opened.value)
      ? Object.fromEntries(stored.hides.map((field) => [field, erased]))
      : opened.value;
  return asFact({ ...stored.fact, data: { ...stored.fact.data, ...hidden } });
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

/** Facts of a family by where they stand, opened; a Get for each. */
export const readFactsAt = async (
  profile: Table,
  sealer: Sealer,
  subject: string,
  family: FamilyName,
  orders: readonly string[],
): ReturnType<typeof readFacts> => {
  const items = await Promise.all(
    orders.map((order) => profile.get(factKey(subject, family, order), { consistent: true })),
  );
  const inOrder = items.flatMap((item) => (item === undefined ? [] : readFact(item))).sort(byFoldOrder);
  return Promise.all(inOrder.map(async (stored) => ({ stored, fact: await unsealFact(sealer, stored) })));
};

/** Steps an alias is followed to its survivor. */
const mostAliasSteps = 8;

/** A customer as loaded, or the survivor it was merged into: the end of its aliases. */
export const loadSurvivor = async (profile: Table, loaded: LoadedSubject): Promise<LoadedSubject> => {
  let current = loaded;
  for (let step = 0; current.head.aliasOf !== undefined; step += 1) {
    if (step >= mostAliasSteps) throw new Error('a chain of merged records does not end');
    current = await loadStored(profile, current.head.aliasOf);
  }
  return current;
};
