import { isLight, isTitle, wordsOf } from '#shared/text/words.ts';
import { type Evidence, meetsOf, mustMeet } from './evidence.ts';
import type { Interpretation } from './interpret.ts';
import { isFormer, type Reason } from './reasons.ts';
import { standsOf } from './standing.ts';

export interface Judgement {
  /** Places of the words that must be met and are met by nothing. */
  readonly missing: readonly number[];
  /** 0 to 1, three decimals; exact hits stand at 0.95 and above, all others below. */
  readonly score: number;
  /** Reasons that met some word best, the strongest first. */
  readonly because: readonly Reason[];
  /** What was met says who is meant, whatever else was typed. */
  readonly stands: boolean;
  /** A title was asked for that no name it was found by has. */
  readonly untitled: boolean;
}

const mostReasons = 5;
const round = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * How much of a question is met, by how well each of its words is: their mean. Where some are not met, the others are whole but for what
 * their own mean lacks, so that who meets more words always goes before who meets fewer.
 */
const shareMet = (bests: readonly number[]): number => {
  const met = bests.filter((value) => value > 0);
  if (met.length === 0) return 0;
  const mean = met.reduce((sum, value) => sum + value, 0) / met.length;
  return met.length === bests.length ? mean : (met.length - 1 + mean) / bests.length;
};

/** Judges the things found for one question. Made once for each search. */
export const judgeOf = (question: Interpretation): ((evidence: readonly Evidence[]) => Judgement) => {
  const must = mustMeet(question);
  const { keptWords, meets, nearest } = meetsOf(question);
  const stands = standsOf(must, nearest);
  const titles = question.words.flatMap(({ text, role }) => (role === 'light' && isTitle(text) ? [text] : []));

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

  const hasTitles = ({ reason: [key, shown] }: Evidence): boolean =>
    key === 'name' && titles.every((title) => wordsOf(shown).includes(title));

  return (evidence) => {
    const rows = must.map((word) => evidence.map((piece) => meets(word, piece)));
    const bests = rows.map((row) => Math.max(0, ...row));
    const used = usedOf(evidence, rows);
    const missing = must.flatMap(({ place }, row) => (bests[row] === 0 ? [place] : []));
    const exact = bests.length > 0 && bests.every((value) => value === 1);
    const closest = Math.max(0, ...used.map(share));
    const reasons = new Map(used.map(({ reason }): [string, Reason] => [reason.join(' '), reason]));
    return {
      missing,
      score: round(exact ? 0.95 + 0.05 * closest : 0.94 * shareMet(bests)),
      because: [...reasons.values()].slice(0, mostReasons),
      stands: missing.length > 0 && stands(evidence),
      untitled: titles.length > 0 && !used.some(hasTitles),
    };
  };
};
