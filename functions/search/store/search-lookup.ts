import type { ExactQuestion } from '#functions/search/rules/exact-questions.ts';
import { type Reason, type ReasonKey, reasonKeys } from '#functions/search/rules/reasons.ts';
import type { WordKey } from '#functions/search/rules/search-keys.ts';
import type { VocabularyShard } from '#functions/search/rules/vocabulary.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { loadHead, loadStored, rulesOf } from '#shared/profile/store/subjects.ts';
import {
  exactSearchPartition,
  foundOf,
  headKey,
  subjectKindOf,
  vocabularyPartition,
  wordSearchPartition,
} from '#shared/table/keys.ts';
import type { Item, Query, Table, Value } from '#shared/table/table.ts';
import type { SearchHash } from './search-hash.ts';

/** Reads of a search, each one bounded Query or get. */

/** Most entries read of one key. */
export const searchLimits = {
  /** Of an exact value: a phone number of an agency, a postcode. */
  exact: 100,
  /** Of a word or a pair of words. */
  word: 100,
  /** Words of one vocabulary shard; of beginnings, a quarter. */
  vocabulary: 200,
} as const;

/** Something found under a key. */
export interface Entry {
  /** Id of a customer, account or premise. */
  readonly found: string;
  readonly says: readonly Reason[];
}

/** Entries of one key; `cut` where the key holds more than were read. */
export interface Entries {
  readonly entries: readonly Entry[];
  readonly cut: boolean;
}

const isReasonKey = (value: Value | undefined): value is ReasonKey => reasonKeys.some((key) => key === value);

/** What an entry says, member by member. */
export const reasonsOf = (item: Item): readonly Reason[] => {
  const says = Array.isArray(item.says) ? item.says : [];
  return says.flatMap((reason: Value): readonly Reason[] => {
    if (!Array.isArray(reason)) return [];
    const [key, shown, former]: readonly Value[] = reason;
    if (!isReasonKey(key) || typeof shown !== 'string') return [];
    return [former === 'former' ? [key, shown, former] : [key, shown]];
  });
};

const entriesOf = async (table: Table, query: Query & { readonly limit: number }): Promise<Entries> => {
  const page = await table.query(query);
  return {
    entries: page.items.map((item) => ({ found: foundOf(item.sk), says: reasonsOf(item) })),
    cut: page.cursor !== undefined && page.items.length >= query.limit,
  };
};

/** Entries of an exact value; consistent, for they are written with the commit. */
export const lookUpExact = async (
  table: Table,
  hash: SearchHash,
  { kind, value }: Pick<ExactQuestion, 'kind' | 'value'>,
): Promise<Entries> => {
  const hashed = await hash({ kind, value });
  if (hashed === undefined) return { entries: [], cut: false };
  return entriesOf(table, { pk: exactSearchPartition(hashed), limit: searchLimits.exact, consistent: true });
};

/**
 * Entries of a word (or of a pair of words) in addresses and names. Addresses lie first: where they fill the answer, a second
 * Query asks for the names.
 */
export const lookUpWord = async (table: Table, form: WordKey['form'], word: string): Promise<Entries> => {
  const pk = wordSearchPartition(form, word);
  const limit = searchLimits.word;
  const all = await entriesOf(table, { pk, limit });
  if (!all.cut || all.entries.at(-1)?.says[0]?.[0] !== 'address') return all;
  const names = await entriesOf(table, { pk, prefix: 'name#', limit });
  return { entries: [...all.entries, ...names.entries], cut: true };
};

/** Words of the vocabulary that may be meant by a word; of beginnings, those that begin with it. */
export const lookUpVocabulary = async (
  table: Table,
  { kind, shard }: VocabularyShard,
  asked: string,
): Promise<{ readonly words: readonly string[]; readonly cut: boolean }> => {
  const limit = kind === 'start' ? searchLimits.vocabulary / 4 : searchLimits.vocabulary;
  const pk = vocabularyPartition(kind, shard);
  const page = await table.query(kind === 'start' ? { pk, prefix: asked, limit } : { pk, limit });
  return { words: page.items.map(({ sk }) => sk), cut: page.cursor !== undefined && page.items.length >= limit };
};

/** Customers of the accounts that take service at a premise until further notice, whose views have no room for it. */
const unshownCustomersOf = async (table: Table, premise: string): Promise<readonly string[]> => {
  const { states } = await loadStored(table, premise);
  if (rulesOf(states) !== 'current') return [];
  const open = serviceAt(states).agreements.filter(({ to }) => to === null);
  const heads = await Promise.all([...new Set(open.map(({ account }) => account))].map((id) => loadHead(table, id)));
  return [...new Set(heads.flatMap(({ readers }) => readers))];
};

/** Whom something found leads to: those it is of now, and those who have left it. */
export interface LedTo {
  readonly now: readonly string[];
  readonly former: readonly string[];
}

const nobody: LedTo = { now: [], former: [] };

/**
 * Customers whose view holds an account or premise, from its HEAD; a customer stands for itself. Of a premise that nobody's view
 * has room for, those it is of all the same. Those who have left are told of an account alone (`former-occupants.ts` tells of premises).
 */
export const customersOf = async (table: Table, found: string): Promise<LedTo> => {
  const kind = subjectKindOf(found);
  if (kind === 'customer') return { now: [found], former: [] };
  const item = await table.get(headKey(found), { consistent: true });
  if (item === undefined) return nobody;
  const head = readHead(item);
  if (kind !== 'premise') return { now: [...new Set(head.readers)], former: head.former };
  const shown = [...new Set(head.pairs.map(([customer]) => customer))];
  return { now: shown.length > 0 ? shown : await unshownCustomersOf(table, found), former: [] };
};
