import { mustMeet } from './evidence.ts';
import type { Interpretation } from './interpret.ts';
import type { Judgement } from './judge.ts';

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

/**
 * The words that a hit leaves unmet, where nobody meets all: one thing that was typed, or as many as there are where the rest says
 * who is meant. Undefined of what is no hit.
 */
export const unmetOf = (
  question: Interpretation,
  { missing, stands }: Pick<Judgement, 'missing' | 'stands'>,
): readonly string[] | undefined =>
  oneUnmet(question, missing) ?? (stands ? missing.flatMap((place) => question.words[place]?.text ?? []) : undefined);
