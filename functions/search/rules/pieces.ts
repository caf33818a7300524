import { plainText, wordsOf } from '#shared/text/words.ts';

/** Words of a question from `from` up to, without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A piece of the question between blanks or commas, and the words it holds. */
export interface Piece extends Span {
  readonly text: string;
}

interface Pieces {
  readonly pieces: readonly Piece[];
  readonly words: readonly string[];
}

export const piecesOf = (question: string): Pieces => {
  const pieces: Piece[] = [];
  const words: string[] = [];
  for (const text of plainText(question).split(/[\s,;]+/u)) {
    const held = wordsOf(text);
    if (held.length === 0) continue;
    pieces.push({ text, from: words.length, to: words.length + held.length });
    words.push(...held);
  }
  return { pieces, words };
};

/** Neighbouring pieces as one text, up to `most` of them, the longest runs first. */
export const runsOf = (
  pieces: readonly Piece[],
  fewest: number,
  most: number,
): readonly (Span & { pieces: readonly Piece[] })[] => {
  const runs: (Span & { pieces: readonly Piece[] })[] = [];
  for (let length = Math.min(most, pieces.length); length >= fewest; length -= 1) {
    for (let start = 0; start + length <= pieces.length; start += 1) {
      const run = pieces.slice(start, start + length);
      runs.push({ pieces: run, from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0 });
    }
  }
  return runs;
};

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join(' ');
/** Marks of a value that stands for itself, not for the words in it. */
export const isValue = (text: string): boolean => /[@:_]/.test(text);
