/** A question as somebody typed it, and whom it means. */
export interface WrittenQuestion {
  /** Number of the account of whom it means. */
  readonly account: string;
  /** Part of their name; empty where the account is theirs alone. */
  readonly called: string;
  readonly q: string;
}

/** Questions that were written from the profiles of a utility: of a seed and so many customers. */
export interface WrittenQuestions {
  readonly category: string;
  readonly seed: string;
  readonly customers: number;
  readonly questions: readonly WrittenQuestion[];
}

/** Reads lines of an account, a part of a name and what was typed, with a bar between them. */
export const questionsFrom = (lines: string): readonly WrittenQuestion[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [account = '', called = '', q = ''] = line.split('|');
      return { account, called, q };
    });
