import type { Evidence, MustMeet, Nearest } from './evidence.ts';
import type { ReasonKey } from './reasons.ts';

/** Values that hardly two customers share who have nothing to do with each other. */
const ofOne: ReadonlySet<ReasonKey> = new Set(['phone', 'email', 'serial', 'account', 'bill', 'reference', 'id']);

/** How well such a value must meet, and a word of a name or street. An initial or a short end of a number tells too little. */
const leastOfValue = 0.9;
const leastOfWord = 0.7;

/**
 * Whether evidence says who is meant by itself, so that words which nobody is known by may be let go: two words of one name, a house
 * number with its street, or a value that is of few.
 */
export const standsOf = (must: readonly MustMeet[], nearest: Nearest): ((evidence: readonly Evidence[]) => boolean) => {
  const words = must.filter(({ asked }) => asked.role === 'word');
  const numbers = must.filter(({ asked }) => asked.role === 'number');
  const wordsMet = (reason: Evidence['reason']): ReadonlySet<string> =>
    new Set(
      words.flatMap((asked) => {
        const { word, value } = nearest(asked, reason);
        return value >= leastOfWord ? [word] : [];
      }),
    );
  return (evidence) =>
    evidence.some(({ reason, span, meets = 1 }) => {
      if (span !== undefined) return ofOne.has(reason[0]) && meets >= leastOfValue;
      if (reason[0] === 'name') return wordsMet(reason).size > 1;
      const isHouse = reason[0] === 'address' && numbers.some((asked) => nearest(asked, reason).value === 1);
      return isHouse && wordsMet(reason).size > 0;
    });
};
