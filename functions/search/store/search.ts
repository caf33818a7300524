import { type ExactKey, noKeys, type SearchKeys, type WordKey } from '#functions/search/rules/search-keys.ts';
import { shardsOfWord } from '#functions/search/rules/vocabulary.ts';
import { exactSearchKey, vocabularyKey, wordSearchKey, wordSearchPartition } from '#shared/table/keys.ts';
import { type Item, type Key, limits, type Table, type Write } from '#shared/table/table.ts';
import type { SearchHash } from './search-hash.ts';

/**
 * Writes of search entries. Exact keys go into the commit that changes what they say; words are projected after it. An entry
 * holds `says`, its reasons with the values as people read them, so that a search verifies and explains without another read.
 */

const exactItem = async (hash: SearchHash, key: ExactKey, found: string): Promise<Item> => ({
  ...exactSearchKey(await hashOf(hash, key), found),
  says: key.says,
});

const hashOf = async (hash: SearchHash, key: ExactKey): Promise<string> => {
  const hashed = await hash(key);
  if (hashed === undefined) throw new Error('the key of search was erased');
  return hashed;
};

const wordItem = (key: WordKey, found: string): Item => ({
  ...wordSearchKey(key.form, key.word, key.kind, found),
  says: key.says,
});

const place = (key: Key): string => `${key.pk}\n${key.sk}`;
const byPlace = (items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [place(item), item]));

interface Difference {
  readonly put: readonly Item[];
  readonly remove: readonly Key[];
}

/** What must be put and removed to go from one set of items to another; equal items are left alone. */
const difference = (before: readonly Item[], after: readonly Item[]): Difference => {
  const [old, next] = [byPlace(before), byPlace(after)];
  return {
    put: after.filter((item) => JSON.stringify(old.get(place(item))?.says) !== JSON.stringify(item.says)),
    remove: before.filter((item) => !next.has(place(item))).map(({ pk, sk }) => ({ pk, sk })),
  };
};

/** Exact entries of a subject whole, for putting many at once. */
export const exactSearchItems = (hash: SearchHash, keys: SearchKeys, found: string): Promise<readonly Item[]> =>
  Promise.all(keys.exact.map((key) => exactItem(hash, key, found)));

/**
 * Writes that bring the exact entries of a subject from one state to the next, for its commit. `found` is the subject: a
 * customer, or an account or premise, whose readers a search looks up.
 */
export const exactSearchWrites = async (
  hash: SearchHash,
  before: SearchKeys | undefined,
  after: SearchKeys | undefined,
  found: string,
): Promise<readonly Write[]> => {
  const [old, next] = [before ?? noKeys, after ?? noKeys];
  const changed = (one: SearchKeys, other: SearchKeys): SearchKeys => {
    const there = new Set(other.exact.map((key) => JSON.stringify(key)));
    return { ...one, exact: one.exact.filter((key) => !there.has(JSON.stringify(key))) };
  };
  const { put, remove } = difference(
    await exactSearchItems(hash, changed(old, next), found),
    await exactSearchItems(hash, changed(next, old), found),
  );
  return [...put.map((item): Write => ({ put: item })), ...remove.map((key): Write => ({ remove: key }))];
};

/** Word entries of a subject whole. */
export const wordSearchItems = (keys: SearchKeys, found: string): readonly Item[] =>
  keys.words.map((key) => wordItem(key, found));

/** Single words that lead to a subject, each once. */
export const singleWords = (keys: SearchKeys): readonly string[] => [
  ...new Set(keys.words.filter(({ form }) => form === 'word').map(({ word }) => word)),
];

/** Vocabulary of words: at most eleven items for each distinct word, however many customers share it. */
export const vocabularyItems = (words: Iterable<string>): readonly Item[] =>
  [...new Set(words)].flatMap((word) =>
    shardsOfWord(word).map(({ kind, shard }): Item => ({ ...vocabularyKey(kind, shard, word) })),
  );

/**
 * Puts what leads to a word. Its beginning comes last: by that it is known, so what a stop leaves half done is put again.
 * @param items of one word
 */
const putWord = async (table: Table, items: readonly Item[]): Promise<void> => {
  if (items.length > 1) await table.batchPut(items.slice(0, -1));
  await table.batchPut(items.slice(-1));
};

const removeAll = async (table: Table, keys: readonly Key[]): Promise<void> => {
  for (let from = 0; from < keys.length; from += limits.transactionItems) {
    await table.commit(keys.slice(from, from + limits.transactionItems).map((key): Write => ({ remove: key })));
  }
};

/** Whether any subject still has this word. */
const isUsed = async (table: Table, word: string): Promise<boolean> =>
  (await table.query({ pk: wordSearchPartition('word', word), limit: 1, consistent: true })).items.length > 0;

const mostSettlings = 5;

/**
 * Brings the vocabulary of one word in line with its use. Others may add or remove the word meanwhile: after each write the use
 * is looked at again, so that the last to write leaves the truth.
 */
export const settleWord = async (table: Table, word: string): Promise<void> => {
  const items = vocabularyItems([word]);
  if (items.length === 0) return;
  let used = await isUsed(table, word);
  for (let round = 0; round < mostSettlings; round += 1) {
    if (used) await putWord(table, items);
    else await removeAll(table, items);
    const still = await isUsed(table, word);
    if (still === used) return;
    used = still;
  }
};

/** Whether the vocabulary already has a word; every word has a beginning, so one read tells. */
const isKnown = async (table: Table, word: string): Promise<boolean> => {
  const item = vocabularyItems([word]).at(-1);
  return item === undefined || (await table.get(item, { consistent: true })) !== undefined;
};

/** A subject's words before and after a change; undefined stands for none. */
export interface WordChange {
  readonly found: string;
  readonly before: SearchKeys | undefined;
  readonly after: SearchKeys | undefined;
}

/**
 * Projects the words of a subject after its commit: entries first, then the vocabulary of words that are new or no longer used.
 * Repeating it, or a later change after it, ends in the same entries.
 */
export const projectWords = async (table: Table, { found, before, after }: WordChange): Promise<void> => {
  const { put, remove } = difference(wordSearchItems(before ?? noKeys, found), wordSearchItems(after ?? noKeys, found));
  if (put.length > 0) await table.batchPut(put);
  await removeAll(table, remove);
  const kept = new Set(singleWords(after ?? noKeys));
  for (const word of kept) {
    if (!(await isKnown(table, word))) await putWord(table, vocabularyItems([word]));
  }
  for (const word of singleWords(before ?? noKeys)) if (!kept.has(word)) await settleWord(table, word);
};
