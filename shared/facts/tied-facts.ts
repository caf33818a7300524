import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';

/** What only the last of several facts of one place says, of one fact. */
const contended = ({ fact }: OrderedFact): readonly string[] => factTypes.get(fact.type)?.contends?.(fact.data) ?? [];

const isTie = (one: OrderedFact, other: OrderedFact): boolean => {
  if (one.order === other.order || one.group !== other.group || one.turn !== other.turn || other.retraction)
    return false;
  const said = new Set(contended(other));
  return contended(one).some((thing) => said.has(thing));
};

/**
 * Facts that come in and say the same of one thing as another of the same instant, source and turn, without a sequence: nothing but
 * their ids tells which was said last.
 * @param all those they are folded with, in fold order
 */
export const tiedFacts = (incoming: readonly OrderedFact[], all: readonly OrderedFact[]): ReadonlySet<string> => {
  const numberless = incoming.filter(({ fact, retraction }) => fact.sourceSequence === 0 && !retraction);
  return new Set(numberless.filter((one) => all.some((other) => isTie(one, other))).map(({ fact }) => fact.id));
};
