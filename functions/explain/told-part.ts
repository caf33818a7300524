import type { FieldView } from '#shared/access/field-matrix.ts';
import { isTold } from '#shared/access/shape.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import type { Explanation } from './rules/explain.ts';
import type { ToldFacts } from './told-facts.ts';

/** The same facts, and a note of each that was given out. */
export const noted = (told: ToldFacts): { readonly told: ToldFacts; readonly facts: ReadonlyMap<string, Fact> } => {
  const facts = new Map<string, Fact>();
  return {
    facts,
    told: {
      of: async (subjects, family) => {
        const found = await told.of(subjects, family);
        for (const { fact } of found) facts.set(fact.id, fact);
        return found;
      },
      at: async (places, source, at) => {
        const fact = await told.at(places, source, at);
        if (fact !== undefined) facts.set(fact.id, fact);
        return fact;
      },
      elsewhere: told.elsewhere,
    },
  };
};

/**
 * An explanation as far as its facts are told to who asks: of each that there is one, by the class of the whole, and to customers
 * those that speak of their own time. What stands in the view may rest on what was told of others before them, or was decided
 * between sources, which is not shown.
 * @param own what is the customer's own, where one asks
 */
export const toldPart = async <Explained extends Explanation>(
  explained: Explained,
  view: FieldView,
  own: OwnTime | undefined,
  facts: ReadonlyMap<string, Fact>,
): Promise<Explained> => {
  const isShown = async (fact: Fact | undefined): Promise<boolean> =>
    fact === undefined ||
    (isTold(factTypes.get(fact.type)?.whole ?? 'plain', fact.data, view) &&
      (own === undefined || (await own.told(fact)) !== 'nothing'));
  const kept = async <One>(all: readonly One[], factOf: (one: One) => Fact | undefined): Promise<readonly One[]> => {
    const told = await Promise.all(all.map((one) => isShown(factOf(one))));
    return all.filter((_, place) => told[place]);
  };
  const { winner, losing } = explained;
  const inputs = explained.inputs?.filter(({ whole }) => whole === undefined || view[whole] !== 'hidden');
  return {
    ...explained,
    winner: (await isShown(winner)) ? winner : undefined,
    losing: await kept(losing, ({ fact }) => fact),
    ...(inputs === undefined
      ? {}
      : { inputs: await kept(inputs, ({ factId }) => (factId === undefined ? undefined : facts.get(factId))) }),
  };
};
