import type { Explanation } from '#shared/domain/profile/explain.ts';
import type { OwnTime } from '#shared/store/own-time.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
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
    },
  };
};

/**
 * An explanation as far as its facts speak of the customer's own time: what stands in the view may rest on what was told of others
 * before them, which is not shown.
 */
export const toldPart = async <Explained extends Explanation>(
  explained: Explained,
  own: OwnTime,
  facts: ReadonlyMap<string, Fact>,
): Promise<Explained> => {
  const isTold = async (fact: Fact | undefined): Promise<boolean> =>
    fact === undefined || (await own.told(fact)) !== 'nothing';
  const kept = async <One>(all: readonly One[], factOf: (one: One) => Fact | undefined): Promise<readonly One[]> => {
    const told = await Promise.all(all.map((one) => isTold(factOf(one))));
    return all.filter((_, place) => told[place]);
  };
  const { winner, losing, inputs } = explained;
  return {
    ...explained,
    winner: (await isTold(winner)) ? winner : undefined,
    losing: await kept(losing, ({ fact }) => fact),
    ...(inputs === undefined
      ? {}
      : { inputs: await kept(inputs, ({ factId }) => (factId === undefined ? undefined : facts.get(factId))) }),
  };
};
