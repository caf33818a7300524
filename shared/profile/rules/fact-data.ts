import type { Fact, FactOf, KnownType } from '#shared/contracts/facts/fact.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';

/** Local date on which a fact occurred: stands where no value date was given. */
export const dayOf = (fact: Pick<KeptFact, 'occurredAt' | 'day'>): string => fact.day ?? fact.occurredAt.slice(0, 10);

/** An instant that a fact says, in stored form; undefined where it says none. */
export const instantSaid = (said: string | undefined): string | undefined => {
  const milliseconds = said === undefined ? Number.NaN : Date.parse(said);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
};

/** The same; that of the fact where it says none. */
export const instantOr = (said: string | undefined, fact: Pick<KeptFact, 'occurredAt'>): string =>
  instantSaid(said) ?? fact.occurredAt;

/** Whether a fact is of a type, where that is not known by its name. */
export const isOfType = <Type extends KnownType>(fact: Fact, type: Type): fact is FactOf<Type> => fact.type === type;
