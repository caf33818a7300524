import { familyNames } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { rejected } from '#shared/facts/fact-outcome.ts';
import { optionalText, orderOfFact, textOf, textsOf } from '#shared/profile/store/items.ts';
import { factIdKey } from '#shared/table/keys.ts';
import type { FamilyName, KeptFact } from '#shared/vocabulary/fact.ts';
import { contentHash, type PlaceDeps, type Placement, type Sender, waiting } from './placement.ts';
import type { Data } from './resolve-fact.ts';

/** Finds the place of a retraction: with the fact it takes back, of the same entity, of whose source or a supervisor sends it. */
export const placeRetraction = async (
  deps: PlaceDeps,
  incoming: IncomingFact,
  data: Data,
  sender: Sender,
  base: Omit<KeptFact, 'data' | 'subjects' | 'families'>,
): Promise<Placement> => {
  const target = String(data.factId);
  const place = await deps.profile.get(factIdKey(target), { consistent: true });
  if (place === undefined) return waiting(base.id, { kind: 'fact', namespace: 'id', value: target });
  const targetType = textOf(place, 'type');
  if (isRetraction(targetType))
    return rejected('retraction.of-retraction', 'A retraction cannot be retracted.', 'fact.invalid');
  if (targetType.split('.', 2).join('.') !== incoming.type.split('.', 2).join('.')) {
    return rejected(
      'retraction.wrong-entity',
      `The fact is a ${targetType}; use the retraction of its own entity.`,
      'fact.invalid',
      [{ pointer: '/type', code: 'wrong-entity', message: 'names a fact of another entity' }],
    );
  }
  if (optionalText(place, 'system') !== incoming.source.system && !sender.supervisor) {
    return rejected(
      'retraction.foreign-source',
      'Only the system that sent a fact, or a supervisor, may retract it.',
      'source.refused',
    );
  }
  const subjects = textsOf(place, 'subjects');
  const families = textsOf(place, 'families').filter((name): name is FamilyName =>
    familyNames.some((one) => one === name),
  );
  return {
    status: 'placed',
    factId: base.id,
    placed: {
      fact: asFact({ ...base, data, subjects, families }),
      order: orderOfFact(base),
      contentHash: contentHash(deps, incoming, data),
      owner: subjects[0] ?? '',
      hides: ['reason'],
      retracts: textOf(place, 'order'),
      retractsType: targetType,
    },
  };
};
