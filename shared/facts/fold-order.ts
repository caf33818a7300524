import { factTypes, isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { turns } from '#shared/contracts/facts/place-in-fold.ts';
import { inFoldOrder, type OrderedFact } from '#shared/profile/rules/fold.ts';
import { groupOf } from '#shared/table/keys.ts';

/** A fact and where it stands among others, as its key has it. */
export interface FactInOrder {
  readonly order: string;
  readonly fact: Fact;
}

const turnByType: ReadonlyMap<string, number> = new Map(
  [...factTypes].map(([type, { inFold }]) => [type, turns.indexOf(inFold.turn)]),
);

const placeOf = ({ order, fact }: FactInOrder): Pick<OrderedFact, 'group' | 'turn' | 'order'> => ({
  order,
  group: groupOf(order),
  turn: turnByType.get(fact.type) ?? turns.length,
});

/** A fact in its place in the fold. */
export const orderedFact = (kept: FactInOrder, retracted: boolean): OrderedFact => ({
  ...placeOf(kept),
  fact: kept.fact,
  retraction: isRetraction(kept.fact.type),
  retracted,
});

/** Compares stored facts by the fold order. */
export const byFoldOrder = (a: FactInOrder, b: FactInOrder): number => inFoldOrder(placeOf(a), placeOf(b));
