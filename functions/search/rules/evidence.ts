import { addressWordsOf } from '#shared/text/address-words.ts';
import { damerauLevenshtein } from '#shared/text/similarity.ts';
import { isLight, joinedNeighbours, lettersOf, nameForm, spellingsOf, wordsOf } from '#shared/text/words.ts';
import { areaMeeting } from './exact-questions.ts';
import { areaOf } from './exact-values.ts';
import type { AskedWord, Interpretation } from './interpret.ts';
import { nameMeeting, rememberingMeeting, typoMeeting, wordMeeting } from './meeting.ts';
import type { Span } from './pieces.ts';
import type { Reason, ReasonKey } from './reasons.ts';

/** Something that speaks for a thing: a reason; with a span where a value was asked for and found. */
export interface Evidence {
  readonly reason: Reason;
  readonly span?: Span;
  /** How well the value meets the words of its span; whole where nothing is said. */
  readonly meets?: number;
}

/** Reasons that are compared word by word; the others are met whole or not at all. */
export const wordReasons: ReadonlySet<ReasonKey> = new Set(['name', 'address']);
/** How well words meet that are the same but for the blank between them. */
const joinedMeeting = 0.9;
/** Shortest word, in letters, that may be two written as one and misspelt. */
const shortestJoined = 6;

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Words of a value, and its neighbouring words as one. */
interface KeptWords {
  readonly words: readonly string[];
  readonly joined: ReadonlySet<string>;
  /** First halves of the postcodes of an address. */
  readonly areas: ReadonlySet<string>;
}

const keptWordsOf = ([key, shown]: Reason): KeptWords => {
  if (key === 'address')
    return {
      words: addressWordsOf(shown),
      joined: new Set(joinedNeighbours(addressWordsOf(shown))),
      areas: new Set(shown.split(',').flatMap((line) => areaOf(line)?.toLowerCase() ?? [])),
    };
  const words = wordsOf(shown).map(nameForm);
  return { words, joined: new Set(spellingsOf(words).flatMap(joinedNeighbours)), areas: new Set() };
};

/** A word of a question that must be met, and its place there. */
export interface MustMeet {
  readonly asked: AskedWord;
  readonly place: number;
}

export const mustMeet = ({ words }: Interpretation): readonly MustMeet[] =>
  words.flatMap((asked, place) => (asked.role === 'light' ? [] : [{ asked, place }]));

/** The word and a neighbour as one: "soph ie" is Sophie, "mac donald" MacDonald. */
const withNeighbours = ({ words }: Interpretation, place: number): readonly string[] => {
  const run = [words[place - 1], words[place], words[place + 1]].map((word) => word?.text ?? '');
  const own = words[place]?.text;
  return spellingsOf(run)
    .flatMap(([before = '', it = '', after = '']) => [`${before}${it}`, `${it}${after}`])
    .filter((joined) => joined !== own);
};

/** More slips than one would let "mo rodriguez" be Rodriguez. */
const isOneSlip = (one: string, other: string): boolean =>
  Math.abs(lettersOf(one).length - lettersOf(other).length) <= 1 && damerauLevenshtein(one, other) <= 1;

/** How well two words as one meet one word, or one word two; misspelt a little less. */
const asOneMeeting = (asked: string, neighbours: readonly string[], { words, joined }: KeptWords): number => {
  if (joined.has(asked) || neighbours.some((word) => words.includes(word))) return joinedMeeting;
  const near = (one: string, others: Iterable<string>): number =>
    lettersOf(one).length < shortestJoined
      ? 0
      : [...others].reduce(
          (best, other) => (isOneSlip(one, other) ? Math.max(best, typoMeeting(one, other)) : best),
          0,
        );
  const two = neighbours.filter((word) => Math.abs(lettersOf(word).length - lettersOf(asked).length) > 1);
  const best = Math.max(
    near(asked, joined),
    ...(lettersOf(asked).length > 1 ? two : []).map((word) => near(word, words)),
  );
  return round(joinedMeeting * best);
};

/** The word of a name or address that meets a word best, and how well; 0 where none does. */
export type Nearest = (asked: MustMeet, reason: Reason) => { readonly word: string; readonly value: number };

/** How well each piece of evidence meets a word; it remembers the words of values. */
export const meetsOf = (question: Interpretation) => {
  const asNames = rememberingMeeting(nameMeeting);
  const asAddresses = rememberingMeeting(wordMeeting);
  const valuesSeen = new Map<string, KeptWords>();
  const keptWords = (reason: Reason): KeptWords => {
    const name = `${reason[0]} ${reason[1]}`;
    const kept = valuesSeen.get(name) ?? keptWordsOf(reason);
    valuesSeen.set(name, kept);
    return kept;
  };
  /** Whether another word of the question is this one: then an initial is not what it begins with. */
  const isNamed = (word: string, besides: number): boolean =>
    question.words.some(
      ({ text, address, name }, place) => place !== besides && (text === word || address === word || name === word),
    );
  const nearest: Nearest = ({ asked, place }, reason) => {
    const [text, meeting] = reason[0] === 'address' ? [asked.address, asAddresses] : [asked.name, asNames];
    const { words } = keptWords(reason);
    const free = lettersOf(text).length === 1 ? words.filter((word) => !isLight(word) && !isNamed(word, place)) : words;
    let best = { word: '', value: 0 };
    for (const word of free) {
      const value = meeting(text, word);
      if (value > best.value) best = { word, value };
    }
    return best;
  };
  const meets = ({ asked, place }: MustMeet, { reason, span, meets: whole = 1 }: Evidence): number => {
    if (span !== undefined) return place >= span.from && place < span.to ? whole : 0;
    if (!wordReasons.has(reason[0])) return 0;
    const kept = keptWords(reason);
    const best = nearest({ asked, place }, reason).value;
    if (best >= joinedMeeting) return best;
    const half = asked.role === 'number' && kept.areas.has(asked.text) ? areaMeeting : 0;
    return Math.max(best, half, asOneMeeting(asked.text, withNeighbours(question, place), kept));
  };
  return { keptWords, meets, nearest };
};
