import type { Table } from '#shared/table/table.ts';
import { damerauLevenshtein } from '#shared/text/similarity.ts';
import { lettersOf } from '#shared/text/words.ts';
import { pairOf } from './rules/search-keys.ts';
import { lookUpVocabulary } from './store/search-lookup.ts';

/** Shortest part of a word that may be two, and shortest that is looked up by itself. */
const shortestPart = 2;
const shortestLonePart = 4;
const longestPart = 14;

/** A place where entries of words lie. */
export interface WordPlace {
  readonly form: 'word' | 'pair';
  readonly word: string;
}

/** By how many letters a word is longer or shorter than most names. */
const offUsual = (word: string): number => Math.abs(lettersOf(word).length - usualLetters);
const usualLetters = 6;

/** Letters by which words are looked for that a longer one begins with, and most of them that are tried. */
const beginning = 4;
const mostTried = 3;

/** Words that a word begins with but for one slip: what follows may be another, misspelt or not. */
const begunWith = async (table: Table, text: string): Promise<readonly string[]> => {
  const letters = lettersOf(text);
  if (letters.length < 2 * beginning) return [];
  const shard = letters.slice(0, 2).join('');
  const { words } = await lookUpVocabulary(table, { kind: 'start', shard }, letters.slice(0, beginning).join(''));
  const slips = (word: string): number =>
    Math.min(
      ...[-1, 0, 1].map((more) => damerauLevenshtein(word, letters.slice(0, lettersOf(word).length + more).join(''))),
    );
  return words
    .filter((word) => lettersOf(word).length < letters.length - 1 && slips(word) <= 1)
    .sort((left, right) => right.length - left.length || (left < right ? -1 : 1))
    .slice(0, mostTried);
};

/**
 * Words that nobody knows may be two without their blank: the pairs of their parts, then parts of their own, those as
 * long as names are first, where the rest may be misspelt.
 * @param mostBegun words of which it is read what others begin like them
 */
export const partsOf = async (
  table: Table,
  unknown: readonly { readonly text: string }[],
  mostBegun: number,
): Promise<readonly WordPlace[]> => {
  const asked = unknown.slice(0, mostBegun);
  const begun = await Promise.all(asked.map(({ text }) => begunWith(table, text)));
  const cuts = unknown.flatMap(({ text }) => {
    const letters = lettersOf(text);
    return letters
      .map((_, at): readonly [string, string] => [letters.slice(0, at).join(''), letters.slice(at).join('')])
      .slice(shortestPart, 1 - shortestPart)
      .filter((parts) => parts.every((part) => lettersOf(part).length <= longestPart));
  });
  const alone = [...new Set(cuts.flat())]
    .filter((part) => lettersOf(part).length >= shortestLonePart)
    .sort((left, right) => offUsual(left) - offUsual(right) || (left < right ? -1 : 1));
  return [
    ...begun.flat().map((word): WordPlace => ({ form: 'word', word })),
    ...cuts.map(([left, right]): WordPlace => ({ form: 'pair', word: pairOf(left, right) })),
    ...alone.map((word): WordPlace => ({ form: 'word', word })),
  ];
};
