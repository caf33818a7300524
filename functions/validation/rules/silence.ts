import type { DayDigest } from './day-digest.ts';

/** Whether anything of a judged day was measured, or given by a person: not all that it has are estimates. */
export const isHeard = ({ count, estimated }: Pick<DayDigest, 'count' | 'estimated'>): boolean => count > estimated;

/** Whether the last of the judged days brings something from a register of which the last had nothing before. */
export const isHeardAgain = (before: readonly DayDigest[] | undefined, after: readonly DayDigest[]): boolean => {
  const [was, now] = [before?.at(-1), after.at(-1)];
  return now !== undefined && isHeard(now) && (was === undefined || !isHeard(was));
};
