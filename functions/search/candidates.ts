import type { Evidence } from './rules/evidence.ts';
import type { Judgement } from './rules/judge.ts';

/** Something found, with what speaks for it and what comes of that. */
export interface Candidate extends Judgement {
  readonly id: string;
  readonly evidence: readonly Evidence[];
  /** Words that are not met, of a hit all the same. */
  readonly unmet?: readonly string[];
}

export interface Judging {
  candidate(id: string, evidence: readonly Evidence[]): Candidate;
}

export const judging = (judge: (evidence: readonly Evidence[]) => Judgement): Judging => ({
  candidate: (id, evidence) => ({ id, evidence, ...judge(evidence) }),
});

const byScore = (left: Candidate, right: Candidate): number =>
  right.score - left.score || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

/** The fewest words missing first. */
export const compareCandidates = (left: Candidate, right: Candidate): number =>
  left.missing.length - right.missing.length || byScore(left, right);

/**
 * Customers that lack some word, those worth a look first: those of whom there are few alike, then those with the fewest words missing.
 * Who meets all of it is among each kind of them, so five of one name tell more than a hundred of one street.
 */
export const worthCompleting = (customers: readonly Candidate[], most: number): readonly Candidate[] => {
  const partly = customers.filter(({ missing }) => missing.length > 0);
  const alike = new Map<string, number>();
  for (const { missing } of partly) alike.set(missing.join(' '), (alike.get(missing.join(' ')) ?? 0) + 1);
  const crowd = ({ missing }: Candidate): number => alike.get(missing.join(' ')) ?? 0;
  return partly
    .sort(
      (left, right) => crowd(left) - crowd(right) || left.missing.length - right.missing.length || byScore(left, right),
    )
    .slice(0, most);
};
