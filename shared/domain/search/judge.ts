import { damerauLevenshtein } from '#shared/domain/matching/similarity.ts';
import { addressWordsOf } from './address-words.ts';
import { areaOf } from './exact-values.ts';
import { type AskedWord, areaMeeting, type Interpretation, type Span } from './interpret.ts';
import { nameMeeting, rememberingMeeting, typoMeeting, wordMeeting } from './meeting.ts';
import { isFormer, type Reason, type ReasonKey } from './search-keys.ts';
import { isLight, joinedNeighbours, lettersOf, nameForm, spellingsOf, wordsOf } from './words.ts';

/** Something that speaks for a thing: a reason; with a span where a value was asked for and found. */
export interface Evidence {
  readonly reason: Reason;
  readonly span?: Span;
  /** How well the value meets the words of its span; whole where nothing is said. */
  readonly meets?: number;
}

export interface Judgement {
  /** Places of the words that must be met and are met by nothing. */
  readonly missing: readonly number[];
  /** 0 to 1, three decimals; exact hits stand at 0.95 and above, all others below. */
  readonly score: number;
  /** Reasons that met some word best, the strongest first. */
  readonly because: readonly Reason[];
}

/** Reasons that are compared word by word; the others are met whole or not at all. */
export const wordReasons: ReadonlySet<ReasonKey> = new Set(['name', 'address']);
const mostReasons = 5;
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
interface MustMeet {
  readonly asked: AskedWord;
  readonly place: number;
}

const mustMeet = ({ words }: Interpretation): readonly MustMeet[] =>
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

/** How well each piece of evidence meets a word; it remembers the words of values. */
const meetsOf = (question: Interpretation) => {
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
  const meets = ({ asked, place }: MustMeet, { reason, span, meets: whole = 1 }: Evidence): number => {
    if (span !== undefined) return place >= span.from && place < span.to ? whole : 0;
    if (!wordReasons.has(reason[0])) return 0;
    const isAddress = reason[0] === 'address';
    const kept = keptWords(reason);
    const [text, meeting] = isAddress ? [asked.address, asAddresses] : [asked.name, asNames];
    const free =
      lettersOf(text).length === 1 ? kept.words.filter((word) => !isLight(word) && !isNamed(word, place)) : kept.words;
    const best = free.reduce((value, word) => Math.max(value, meeting(text, word)), 0);
    if (best >= joinedMeeting) return best;
    const half = asked.role === 'number' && kept.areas.has(asked.text) ? areaMeeting : 0;
    return Math.max(best, half, asOneMeeting(asked.text, withNeighbours(question, place), kept));
  };
  return { keptWords, meets };
};

/** Judges the things found for one question. Made once for each search. */
export const judgeOf = (question: Interpretation): ((evidence: readonly Evidence[]) => Judgement) => {
  const must = mustMeet(question);
  const { keptWords, meets } = meetsOf(question);

  /** Share of a value that the question named: "Ann Lee" is nearer to Ann Lee than to Ann Lee Moore. */
  const share = ({ reason, span }: Evidence): number => {
    if (span !== undefined) return 1;
    const all = keptWords(reason).words;
    const telling = all.filter((word) => !isLight(word));
    const kept = telling.length > 0 ? telling : all;
    const named = kept.filter((word) =>
      must.some(({ asked }) => asked.text === word || asked.address === word || asked.name === word),
    );
    return kept.length === 0 ? 0 : named.length / kept.length;
  };

  /**
   * Evidence that met some word as well as any: values first, then what met more words, what holds now before what did; names and
   * addresses only where they met a word the ones before did not.
   */
  const usedOf = (evidence: readonly Evidence[], rows: readonly (readonly number[])[]): readonly Evidence[] => {
    const bests = rows.map((row) => Math.max(0, ...row));
    const used = evidence
      .map((piece, column) => ({
        piece,
        met: rows.flatMap((row, place) => ((row[column] ?? 0) > 0 && row[column] === bests[place] ? [place] : [])),
      }))
      .filter(({ met }) => met.length > 0)
      .sort(
        (left, right) =>
          Number(right.piece.span !== undefined) - Number(left.piece.span !== undefined) ||
          right.met.length - left.met.length ||
          Number(isFormer(left.piece.reason)) - Number(isFormer(right.piece.reason)),
      );
    const told = new Set<number>();
    return used
      .filter(({ piece, met }) => {
        const isWhole = piece.span !== undefined && !isFormer(piece.reason);
        const adds = isWhole || met.some((place) => !told.has(place));
        for (const place of met) told.add(place);
        return adds;
      })
      .map(({ piece }) => piece);
  };

  return (evidence) => {
    const rows = must.map((word) => evidence.map((piece) => meets(word, piece)));
    const bests = rows.map((row) => Math.max(0, ...row));
    const used = usedOf(evidence, rows);
    const mean = bests.reduce((sum, value) => sum + value, 0) / Math.max(1, bests.length);
    const exact = bests.length > 0 && bests.every((value) => value === 1);
    const closest = Math.max(0, ...used.map(share));
    const reasons = new Map(used.map(({ reason }): [string, Reason] => [reason.join(' '), reason]));
    return {
      missing: must.flatMap(({ place }, row) => (bests[row] === 0 ? [place] : [])),
      score: round(exact ? 0.95 + 0.05 * closest : 0.94 * mean),
      because: [...reasons.values()].slice(0, mostReasons),
    };
  };
};

/**
 * The words of a question that one who meets all the rest leaves unmet, as one thing that was typed; undefined where more is unmet,
 * or nothing but kinds of street is met.
 */
export const oneUnmet = (question: Interpretation, missing: readonly number[]): readonly string[] | undefined => {
  const must = mustMeet(question);
  const lacking = must.filter(({ place }) => missing.includes(place));
  const met = must.filter(({ place }) => !missing.includes(place));
  const [unit] = lacking.map(({ asked }) => asked.unit);
  const isOne = unit !== undefined && lacking.every(({ asked }) => asked.unit === unit);
  const tells = met.some(({ asked }) => asked.unit !== unit && asked.role !== 'type');
  return isOne && tells ? lacking.map(({ asked }) => asked.text) : undefined;
};
