import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { groundsOf } from '#shared/contracts/facts/place-in-fold.ts';
import type { LoadedSubject } from '#shared/profile/store/subjects.ts';
import { groupOf } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { recordsOf } from './commit-plan.ts';
import { creatorIn, isOfSubject, orderBehind } from './grounds.ts';
import type { PlacedFact } from './placing/placed-fact.ts';

/** Whether a fact stands behind all that its record has folded of its family: then what it names does, too. */
const isLast = ({ fact, order }: PlacedFact, loaded: readonly LoadedSubject[]): boolean => {
  const [subject = ''] = fact.subjects;
  const [family] = fact.families;
  const folding = loaded.find((one) => one.head.aliasOf === undefined && recordsOf(one).has(subject));
  if (family === undefined || folding === undefined || folding.head.rebuilding?.flipped === false) return false;
  const held = folding.states.get(family);
  return held !== undefined && groupOf(held.last) < groupOf(order);
};

/** Puts a fact behind the one that made the record, or the point of it, that it speaks of. */
const behind = async (
  profile: Table,
  placed: PlacedFact,
  entity: string,
  facts: readonly PlacedFact[],
): Promise<PlacedFact> => {
  const { fact } = placed;
  const ground =
    facts.find((one) => one.fact.entity === entity) ??
    (await creatorIn(profile, fact.subjects.slice(0, 1), fact.families[0] ?? '', entity));
  return ground === undefined ? placed : { ...placed, order: orderBehind(placed.order, fact.id, [ground.order]) };
};

/**
 * Facts as they stand behind what made the record they speak of, or the service point there. That it is there the commit knows
 * anyway; only for one that is late is it looked up where it stands.
 */
export const behindSubjects = async (
  profile: Table,
  facts: readonly PlacedFact[],
  loaded: readonly LoadedSubject[],
): Promise<readonly PlacedFact[]> =>
  Promise.all(
    facts.map(async (placed) => {
      const definition = factTypes.get(placed.fact.type);
      if (definition === undefined) return placed;
      const data: KeptFact['data'] = placed.fact.data;
      let standing = placed;
      for (const [field, kind] of Object.entries(groundsOf(definition))) {
        const named = data[field];
        if (typeof named === 'string' && isOfSubject(kind) && !isLast(standing, loaded))
          standing = await behind(profile, standing, named, facts);
      }
      return standing;
    }),
  );
