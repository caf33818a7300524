import { familyNamed, familyNames } from '#functions/profile.ts';
import { isRetractionFact } from '#shared/contracts/facts/as-fact.ts';
import { type FactInOrder, orderedFact } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { type FoldState, type Ground, inFoldOrder, type OrderedFact } from '#shared/profile/rules/fold.ts';
import { foldWhole } from '#shared/profile/rules/fold-parts.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { readFact } from './items.ts';
import { readAll, unsealFact } from './subjects.ts';

/** Facts of a subject, each with where it stands. */
export type FactsByFamily = ReadonlyMap<FamilyName, readonly FactInOrder[]>;

/** All facts of a subject by family, opened; retractions are told from the retraction facts alone. */
export const readFactsOf = async (profile: Table, sealer: Sealer, subject: string): Promise<FactsByFamily> => {
  const items = await readAll(profile, { pk: subjectPartition(subject), prefix: 'FACT#', consistent: true });
  const byFamily = new Map<FamilyName, FactInOrder[]>();
  for (const item of items) {
    const family = familyNames.find((name) => item.sk.startsWith(`FACT#${name}#`));
    if (family === undefined) throw new Error(`a fact of an unknown family: ${item.sk.slice(0, 24)}`);
    const stored = readFact(item);
    const fact = await unsealFact(sealer, stored);
    byFamily.set(family, [...(byFamily.get(family) ?? []), { order: stored.order, fact }]);
  }
  return byFamily;
};

/** Facts by family in fold order, each with what took it out; retractions are told from the retraction facts alone. */
export const orderedFacts = (facts: FactsByFamily): ReadonlyMap<FamilyName, readonly OrderedFact[]> => {
  const retracted = new Set(
    [...facts.values()].flat().flatMap(({ fact }) => (isRetractionFact(fact) ? [String(fact.data.factId)] : [])),
  );
  const ordered = (one: FactInOrder): OrderedFact => orderedFact(one, retracted.has(one.fact.id));
  return new Map([...facts].map(([family, members]) => [family, members.map(ordered).sort(inFoldOrder)] as const));
};

/**
 * States of a subject from its facts alone, with no checkpoint and no stored mark: what every stored state must equal.
 * `facts` must hold those that others need as ground (those of the same partition do).
 */
export const rebuildStates = (facts: FactsByFamily): States => {
  const byFamily = orderedFacts(facts);
  const creating = new Map(
    [...byFamily.values()]
      .flat()
      .flatMap((one) => (one.fact.entity === undefined || one.retracted ? [] : [[one.fact.entity, one] as const])),
  );
  const ground = (entry: OrderedFact): Ground => ({
    created(entity) {
      const found = creating.get(entity);
      return found !== undefined && inFoldOrder(found, entry) < 0 ? found.fact : undefined;
    },
  });
  const states = new Map<FamilyName, FoldState<unknown>>();
  for (const [family, ordered] of byFamily) {
    states.set(family, foldWhole(familyNamed(family), ordered, ground));
  }
  return states;
};
