import type { Table } from '#shared/table/table.ts';
import { nicknamesOf } from '#shared/text/nicknames.ts';
import { spellingsOf } from '#shared/text/words.ts';
import type { AskedWord, Interpretation } from './rules/interpret.ts';
import { nameMeeting, rememberingMeeting } from './rules/meeting.ts';
import { pairOf } from './rules/search-keys.ts';
import { shardsOfQuestion } from './rules/vocabulary.ts';
import { type Entries, lookUpVocabulary, lookUpWord } from './store/search-lookup.ts';
import { partsOf, type WordPlace } from './word-parts.ts';

/** Most reads that one question may cause, whatever is stored. */
export const gatheringLimits = {
  /** Words, and neighbouring words as one, that are looked up with their meanings; the others as they are, where there is room. */
  lookedUp: 4,
  /** Words that one asked word may mean, besides itself as names and addresses are compared: short names, typos, sounds. */
  meanings: 8,
  /** Neighbouring words that are looked up as one as they are. */
  joined: 4,
  /** Pairs of words that are read where each alone is too common. */
  pairs: 24,
  /** Words and pairs that are read in all: what is left of them goes to parts of words that may be two. */
  places: 66,
  /** Words that nobody knows of which it is read what other words begin like them. */
  beginnings: 4,
} as const;

/** What is looked up in the vocabulary: a word as it was asked, and as addresses and names have it. */
type LookedUp = Pick<AskedWord, 'text' | 'address' | 'name'>;

/**
 * The words that are looked up: those that tell most, long before short; street types and numbers only where there are no others.
 * Where there is room, neighbours as one word, as they may be misspelt.
 */
const lookedUp = (question: Interpretation): readonly LookedUp[] => {
  const telling = question.words.filter(({ role }) => role === 'word');
  const chosen =
    telling.length > 0 ? telling : question.words.filter(({ role }) => role === 'type' || role === 'number');
  const distinct = [...new Map(chosen.map((asked) => [asked.text, asked])).values()];
  distinct.sort((left, right) => right.text.length - left.text.length);
  const joined = joinedOf(question).map((text) => ({ text, address: text, name: text }));
  return [...distinct, ...joined].slice(0, gatheringLimits.lookedUp);
};

/** Most short or other forms of a name that are looked up for it. */
const mostNicknames = 6;

/** Words that an asked word may mean, the likeliest first: itself, then what is kept that is written or sounds like it. */
const meaningsOf = async (
  table: Table,
  asked: LookedUp,
  meeting: (asked: string, kept: string) => number,
): Promise<Meanings> => {
  const shards = await Promise.all(
    shardsOfQuestion(asked.text).map((shard) => lookUpVocabulary(table, shard, asked.text)),
  );
  const itself = [...new Set([asked.text, asked.address, asked.name])];
  const nicknames = nicknamesOf(asked.text).slice(0, mostNicknames);
  const likely = [...new Set(shards.flatMap(({ words }) => words))]
    .filter((word) => !itself.includes(word) && !nicknames.includes(word))
    .map((word) => ({ word, value: meeting(asked.name, word) }))
    .filter(({ value }) => value > 0)
    .sort((left, right) => right.value - left.value || (left.word < right.word ? -1 : 1));
  const meant = [...nicknames, ...likely.map(({ word }) => word)];
  return {
    asked,
    words: [...itself, ...meant].slice(0, gatheringLimits.meanings + 2),
    isKnown: shards.some(({ words }) => words.includes(asked.name)) || (likely[0]?.value ?? 0) >= wellKnown,
  };
};

/** What an asked word may mean; known where it is written so somewhere, or nearly. */
interface Meanings {
  readonly asked: LookedUp;
  readonly words: readonly string[];
  readonly isKnown: boolean;
}
const wellKnown = 0.84;

/** Neighbouring words as one, where a blank may stand by mistake: "soph ie", "mac donald". */
const joinedOf = (question: Interpretation): readonly string[] =>
  question.words
    .flatMap((word, place) => {
      const next = question.words[place + 1];
      const written = next !== undefined && [word, next].every(({ role }) => role !== 'number' && role !== 'part');
      return written ? spellingsOf([word.text, next.text]).map((words) => words.join('')) : [];
    })
    .slice(0, gatheringLimits.joined);

/** House numbers, each with the word before it and the two after it: "12 High Street", "Hauptstrasse 12". */
const houses = (question: Interpretation, complete: ReadonlySet<string>): readonly string[] => {
  const words = question.words.filter(({ role }) => role !== 'light');
  return words.flatMap((number, place) => {
    if (number.role !== 'number') return [];
    return [words[place + 1], words[place + 2], words[place - 1]].flatMap((word) =>
      word === undefined || word.role === 'number' || word.role === 'part' || complete.has(word.address)
        ? []
        : [pairOf(number.text, word.address)],
    );
  });
};

/** Pairs of common words that were asked side by side, and of house numbers with them; the likeliest first. */
const commonPairs = (question: Interpretation, common: readonly (readonly string[])[]): readonly string[] => {
  const numbers = question.words.filter(({ role }) => role === 'number').map(({ text }) => text);
  const pairs: { readonly pair: string; readonly rank: number }[] = [];
  for (const [place, words] of common.entries()) {
    for (const [rank, word] of words.entries()) {
      for (const others of common.slice(place + 1)) {
        for (const [otherRank, other] of others.entries())
          pairs.push({ pair: pairOf(word, other), rank: rank + otherRank });
      }
      for (const number of numbers) pairs.push({ pair: pairOf(number, word), rank: rank + 0.5 });
    }
  }
  pairs.sort((left, right) => left.rank - right.rank || (left.pair < right.pair ? -1 : 1));
  return pairs.map(({ pair }) => pair);
};

const unknownOf = (question: Interpretation, meanings: readonly Meanings[]): readonly LookedUp[] =>
  meanings.flatMap(({ asked, isKnown }) =>
    !isKnown && question.words.some(({ text, role }) => text === asked.text && role === 'word') ? [asked] : [],
  );

/** Words of a question beyond those that are looked up, as they are: first each beside its neighbour, since they may be a name. */
const othersOf = (question: Interpretation, asked: readonly LookedUp[]): readonly WordPlace[] => {
  const known = new Set(asked.map(({ text }) => text));
  const words = question.words.filter(({ role }) => role === 'word');
  const others = [...new Set(words.filter(({ text }) => !known.has(text)).map(({ name }) => name))];
  const beside = words.flatMap((word, place) => {
    const next = words[place + 1];
    const isNew = next !== undefined && !(known.has(word.text) && known.has(next.text));
    return isNew ? [pairOf(word.name, next.name)] : [];
  });
  return [
    ...beside.map((word): WordPlace => ({ form: 'pair', word })),
    ...others.map((word): WordPlace => ({ form: 'word', word })),
  ];
};

/** Entries of names and addresses that the words of a question may mean, by bounded reads. */
export const readWords = async (table: Table, question: Interpretation): Promise<readonly Entries[]> => {
  const meeting = rememberingMeeting(nameMeeting);
  const asked = lookedUp(question);
  const meant = await Promise.all(asked.map((word) => meaningsOf(table, word, meeting)));
  const meanings = meant.map(({ words }) => words);
  const words = [...new Set([...meanings.flat(), ...joinedOf(question)])];
  // Awaited together: a read that fails while an earlier one is awaited would be a rejection that nobody handles.
  const reads = await Promise.all(words.map((word) => lookUpWord(table, 'word', word)));
  const cut = new Set<string>();
  for (const [place, entries] of reads.entries()) if (entries.cut) cut.add(words[place] ?? '');
  // A street type is looked up for names alone: it leads to addresses only beside a house number.
  const types = new Set(question.words.filter(({ role }) => role === 'type').map(({ address }) => address));
  const complete = new Set(words.filter((word) => !cut.has(word) && !types.has(word)));
  const common = meanings.map((words) => words.filter((word) => cut.has(word)));
  const pairs = [...new Set([...houses(question, complete), ...commonPairs(question, common)])];
  const places = [
    ...pairs.slice(0, gatheringLimits.pairs).map((word): WordPlace => ({ form: 'pair', word })),
    ...othersOf(question, asked),
    ...(await partsOf(table, unknownOf(question, meant), gatheringLimits.beginnings)),
  ].slice(0, gatheringLimits.places - words.length);
  const paired = await Promise.all(places.map(({ form, word }) => lookUpWord(table, form, word)));
  return [...reads, ...paired];
};
