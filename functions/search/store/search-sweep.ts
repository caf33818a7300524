import type { Reason } from '#functions/search/rules/reasons.ts';
import { longestShown, type SearchSubject, wordKeys } from '#functions/search/rules/search-keys.ts';
import { isPlainSearchKey, wordOfSearchKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { lettersOf } from '#shared/text/words.ts';
import { settleWord } from './search.ts';
import { reasonsOf } from './search-lookup.ts';

const saidBy = (reasons: readonly Reason[]): SearchSubject => ({
  names: reasons.flatMap(([key, shown]) => (key === 'name' ? [shown] : [])),
  addresses: reasons.flatMap(([key, shown]) => (key === 'address' ? [shown] : [])),
});

/** Whether rules of now would not write an entry: its value stands in its key, or its word is none of the values that it says. */
const isOfOtherRules = (item: Item): boolean => {
  if (isPlainSearchKey(item)) return true;
  const own = wordOfSearchKey(item);
  if (own === undefined) return false;
  const says = reasonsOf(item);
  // A value that was cut may have held the word.
  if (says.some(([, shown]) => lettersOf(shown).length >= longestShown)) return false;
  const keys = wordKeys(saidBy(says));
  return !keys.some(({ kind, form, word }) => kind === own.kind && form === own.form && word === own.word);
};

/**
 * Takes away the search entries among items that rules of now would not write: nobody else would, since a change removes what rules of
 * now say of the state before it. Answers how many they were.
 */
export const sweepSearchEntries = async (profile: Table, items: readonly Item[], dryRun: boolean): Promise<number> => {
  const gone = items.filter(isOfOtherRules);
  if (dryRun) return gone.length;
  for (const { pk, sk } of gone) {
    await profile.commit([{ remove: { pk, sk } }]);
    const word = wordOfSearchKey({ pk, sk });
    if (word?.form === 'word') await settleWord(profile, word.word);
  }
  return gone.length;
};
