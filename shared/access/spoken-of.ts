import { spokenRows } from '#functions/profile.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Grounds, Spoken } from './spoken.ts';

/** The table: a type that is not here is told to no customer, and stands in no customer's story. */
const rows = new Map<string, (typeof spokenRows)[number][1]>(spokenRows);

const takesBack = /\.retracted\.v1$/;

/** Whether a fact takes another one back: it speaks of what that one speaks of. */
export const isTakingBack = ({ type }: Pick<Fact, 'type'>): boolean => takesBack.test(type);

/** Types with a row of their own; a retraction has that of what it takes back. */
export const spokenTypes: readonly string[] = [...rows.keys()];

/** What a fact speaks of; undefined where that cannot be told, and then it is nobody's to know. */
export const spokenOf = (fact: Fact, grounds: Grounds): Spoken | undefined => {
  if (!isTakingBack(fact)) return rows.get(fact.type)?.(fact, grounds);
  const { takenBack, ...rest } = grounds;
  return takenBack === undefined || isTakingBack(takenBack) ? undefined : spokenOf(takenBack, rest);
};
