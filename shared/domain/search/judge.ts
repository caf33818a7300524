import { addressWordsOf } from './address-words.ts';
import type { AskedWord, Interpretation, Span } from './interpret.ts';
import { rememberingMeeting } from './meeting.ts';
import type { Reason, ReasonKey } from './search-keys.ts';
import { joinedNeighbours, wordsOf } from './words.ts';

/** Something that speaks for a thing: a reason; with a span where a whole value was asked for and found. */
export interface Evidence {
  readonly reason: Reason;
  readonly span?: Span;
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

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Words of a value, and its neighbouring words as one. */
interface KeptWords {
  readonly words: readonly string[];
  readonly joined: ReadonlySet<string>;
}

/** Judges the things found for one question. Made once for each search: it remembers the words of values. */
export const judgeOf = (question: Interpretation): ((evidence: readonly Evidence[]) => Judgement) => {
  const meeting = rememberingMeeting();
  const valuesSeen = new Map<string, KeptWords>();
  const must = question.words.flatMap((asked, place) => (asked.role === 'light' ? [] : [{ asked, place }]));

  const keptWords = ([key, shown]: Reason): KeptWords => {
    const name = `${key} ${shown}`;
    const known = valuesSeen.get(name);
    if (known !== undefined) return known;
    const words = key === 'address' ? addressWordsOf(shown) : wordsOf(shown);
    const kept = { words, joined: new Set(joinedNeighbours(words)) };
    valuesSeen.set(name, kept);
    return kept;
  };

  /** The word and a neighbour as one: "soph ie" is Sophie, "mac donald" MacDonald. */
  const withNeighbours = (place: number): readonly string[] => {
    const [before, own, after] = [question.words[place - 1], question.words[place], question.words[place + 1]];
    return [`${before?.text ?? ''}${own?.text}`, `${own?.text}${after?.text ?? ''}`].filter(
      (joined) => joined !== own?.text,
    );
  };

  const meets = (asked: AskedWord, place: number, { reason, span }: Evidence): number => {
    if (span !== undefined) return place >= span.from && place < span.to ? 1 : 0;
    if (!wordReasons.has(reason[0])) return 0;
    const text = reason[0] === 'address' ? asked.address : asked.text;
    const { words: kept, joined } = keptWords(reason);
    const best = kept.reduce((value, word) => Math.max(value, meeting(text, word)), 0);
    if (best >= joinedMeeting) return best;
    const asOne = joined.has(asked.text) || withNeighbours(place).some((word) => kept.includes(word));
    return asOne ? joinedMeeting : best;
  };

  /** Share of a value that the question named: "Ann Lee" is nearer to Ann Lee than to Ann Lee Moore. */
  const share = ({ reason, span }: Evidence): number => {
    if (span !== undefined) return 1;
    const { words: kept } = keptWords(reason);
    const named = kept.filter((word) => must.some(({ asked }) => asked.text === word || asked.address === word));
    return kept.length === 0 ? 0 : named.length / kept.length;
  };

  /** Evidence that met some word as well as any: whole values first, then names and addresses that met a word the ones before did not. */
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
          right.met.length - left.met.length,
      );
    const told = new Set<number>();
    return used
      .filter(({ piece, met }) => {
        const adds = piece.span !== undefined || met.some((place) => !told.has(place));
        for (const place of met) told.add(place);
        return adds;
      })
      .map(({ piece }) => piece);
  };

  return (evidence) => {
    const rows = must.map(({ asked, place }) => evidence.map((piece) => meets(asked, place, piece)));
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

/** Total order of hits: the higher score first, then the id. */
export const compareHits = (
  left: { readonly score: number; readonly id: string },
  right: { readonly score: number; readonly id: string },
): number => right.score - left.score || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
