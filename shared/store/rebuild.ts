import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { families, type States } from '#shared/domain/profile/families.ts';
import { emptyFold, type FoldState, foldFrom, type Ground, type OrderedFact } from '#shared/domain/profile/fold.ts';
import { type Fact, type FamilyName, familyNames } from '#shared/vocabulary/fact.ts';
import { orderOfFact, readFact } from './items.ts';
import { subjectPartition } from './keys.ts';
import type { Sealer } from './seal.ts';
import { readAll, unsealFact } from './subjects.ts';
import type { Table } from './table.ts';

/** All facts of a subject by family, opened, in fold order; retractions are told from the retraction facts alone. */
export const readFactsOf = async (
  profile: Table,
  sealer: Sealer,
  subject: string,
): Promise<ReadonlyMap<FamilyName, readonly Fact[]>> => {
  const items = await readAll(profile, { pk: subjectPartition(subject), prefix: 'FACT#', consistent: true });
  const byFamily = new Map<FamilyName, Fact[]>();
  for (const item of items) {
    const family = familyNames.find((name) => item.sk.startsWith(`FACT#${name}#`));
    if (family === undefined) throw new Error(`a fact of an unknown family: ${item.sk.slice(0, 24)}`);
    byFamily.set(family, [...(byFamily.get(family) ?? []), await unsealFact(sealer, readFact(item))]);
  }
  return byFamily;
};

/** Facts by family in fold order, each with what took it out; retractions are told from the retraction facts alone. */
export const inFoldOrder = (
  facts: ReadonlyMap<FamilyName, readonly Fact[]>,
): ReadonlyMap<FamilyName, readonly OrderedFact[]> => {
  const all = [...facts.values()].flat();
  const retracted = new Set(all.filter((fact) => isRetraction(fact.type)).map((fact) => String(fact.data.factId)));
  const ordered = (fact: Fact): OrderedFact => ({
    order: orderOfFact(fact),
    fact,
    retraction: isRetraction(fact.type),
    retracted: retracted.has(fact.id),
  });
  return new Map(
    [...facts].map(
      ([family, members]) => [family, members.map(ordered).sort((a, b) => (a.order < b.order ? -1 : 1))] as const,
    ),
  );
};

/**
 * States of a subject from its facts alone, with no checkpoint and no stored mark: what every stored state must equal.
 * `facts` must hold those that others need as ground (the same partition does in the spine).
 */
export const rebuildStates = (facts: ReadonlyMap<FamilyName, readonly Fact[]>): States => {
  const byFamily = inFoldOrder(facts);
  const creating = new Map(
    [...byFamily.values()]
      .flat()
      .flatMap(({ fact, retracted }) => (fact.entity === undefined || retracted ? [] : [[fact.entity, fact] as const])),
  );
  const ground = (order: string): Ground => ({
    created(entity) {
      const fact = creating.get(entity);
      return fact !== undefined && orderOfFact(fact) < order ? fact : undefined;
    },
  });
  const states = new Map<FamilyName, FoldState<unknown>>();
  for (const [family, ordered] of byFamily) {
    const start = { state: emptyFold<unknown>(families[family]), sinceCheckpoint: 0 };
    states.set(family, foldFrom<unknown>(families[family], start, ordered, ground, new Set()).state);
  }
  return states;
};
