import * as z from 'zod';
import type { IsOver, Step } from './step.ts';

export interface EraseAgainParts {
  /** Erases again who is in the register of who was erased and came back; `from` goes on behind a customer of it. */
  readonly eraseAgain: (
    from: string | undefined,
    isOver: IsOver,
  ) => Promise<{ readonly looked: number; readonly erased: number; readonly next?: string }>;
}

/** Where a step goes on, and what came of those before it. */
const Place = z.strictObject({ behind: z.string(), looked: z.int(), erased: z.int() });

/** Goes through the register in steps; each answers what came of it so far. */
export const eraseAgainInSteps = async (
  parts: EraseAgainParts,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<{ readonly looked: number; readonly erased: number }>> => {
  const place = from === undefined ? undefined : Place.parse(JSON.parse(from));
  const step = await parts.eraseAgain(place?.behind, isOver);
  const answer = { looked: (place?.looked ?? 0) + step.looked, erased: (place?.erased ?? 0) + step.erased };
  if (step.next === undefined) return { answer };
  return { answer, next: JSON.stringify({ behind: step.next, ...answer } satisfies z.infer<typeof Place>) };
};
