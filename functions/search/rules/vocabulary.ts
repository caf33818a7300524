import { doubleMetaphone } from '#shared/text/double-metaphone.ts';
import { hasDigit, lettersOf } from '#shared/text/words.ts';

/**
 * How a word that was never written so leads to words that are kept: by leaving one letter out (both sides do, so one wrong,
 * missing, extra or swapped letter meets), by sound, and by its first letters. Kept once for each word, not for each customer.
 */
export const vocabularyKinds = ['near', 'sound', 'start'] as const;
export type VocabularyKind = (typeof vocabularyKinds)[number];

/** One place in the vocabulary: words under one shard of one kind. */
export interface VocabularyShard {
  readonly kind: VocabularyKind;
  readonly shard: string;
}

/** Shortest word in which a typo is looked for, in letters. */
export const shortestForTypos = 4;
/** Letters of a word in which a letter is left out; what follows must agree or is compared when words are verified. */
const nearLetters = 7;
/** Letters that make the shard of beginnings. */
const startLetters = 2;

/** The word's first letters, and those with each one left out: at most eight, whatever the length of the word. */
const nearShards = (letters: readonly string[]): readonly string[] => {
  const head = letters.slice(0, nearLetters);
  return [...new Set([head.join(''), ...head.map((_, left) => head.filter((_, place) => place !== left).join(''))])];
};

const soundShards = (word: string): readonly string[] =>
  [...new Set(doubleMetaphone(word))].filter((code) => code !== '');

/** Shards under which a word is kept. Words with digits (house numbers, codes) are found only as they are. */
export const shardsOfWord = (word: string): readonly VocabularyShard[] => {
  if (hasDigit(word)) return [];
  const letters = lettersOf(word);
  const near = letters.length >= shortestForTypos ? nearShards(letters) : [];
  return [
    ...near.map((shard): VocabularyShard => ({ kind: 'near', shard })),
    ...soundShards(word).map((shard): VocabularyShard => ({ kind: 'sound', shard })),
    { kind: 'start', shard: letters.slice(0, startLetters).join('') },
  ];
};

/** Shards that a word of a question is looked up in: the same, beginnings from two letters on. At most eleven. */
export const shardsOfQuestion = (word: string): readonly VocabularyShard[] =>
  shardsOfWord(word).filter(({ kind }) => kind !== 'start' || lettersOf(word).length >= startLetters);
