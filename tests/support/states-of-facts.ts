import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { FactInOrder } from '#shared/facts/fold-order.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { orderOfFact } from '#shared/profile/store/items.ts';
import { rebuildStates } from '#shared/profile/store/rebuild.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

/** States of one subject from facts, each folded in the family that the fact has in that subject. */
export const statesOf = (subject: string, facts: readonly Fact[]): States => {
  const byFamily = new Map<FamilyName, FactInOrder[]>();
  for (const fact of facts) {
    fact.subjects.forEach((one, index) => {
      const family = fact.families[index];
      if (one !== subject || family === undefined) return;
      byFamily.set(family, [...(byFamily.get(family) ?? []), { order: orderOfFact(fact), fact }]);
    });
  }
  return rebuildStates(byFamily);
};
