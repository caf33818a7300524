import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { trainWeights } from '#functions/duplicates/train-weights.ts';
import { isPlaced, type PlaceWaitingDeps, resubmit } from '#functions/follow/place-waiting.ts';
import { type RevokeMeterParts, revokeMeter } from '#functions/meters/revoke-meter.ts';
import { type RedriveParts as BlockParts, redriveBlock } from '#functions/readings/redrive.ts';
import { outgoingEvent } from '#functions/relay/publish-facts.ts';
import { type ActParts, type Acts, actsOf } from './acts.ts';

/** What the acts are made of, wherever the system runs. */
export type ComposedParts = Omit<
  ActParts,
  'eventOf' | 'placeFact' | 'placeBlock' | 'revokeMeter' | 'trainMatch' | 'findDuplicatesOf'
> &
  PlaceWaitingDeps &
  BlockParts &
  RevokeMeterParts;

/** The operator's acts, with the ways in of the capabilities they act on. */
export const composeActs = (parts: ComposedParts): Acts => {
  const matching = { profile: parts.profile, now: () => parts.clock.now() };
  return actsOf({
    ...parts,
    trainMatch: () => trainWeights(matching),
    findDuplicatesOf: (customer) => findDuplicates(matching, customer, true),
    eventOf: (stored, publishedAt) => outgoingEvent(stored, publishedAt, true),
    placeFact: async (entry) => isPlaced(await resubmit(parts, entry)),
    revokeMeter: (named) => revokeMeter(parts, named),
    placeBlock: async ({ id }) => (await redriveBlock(parts, id)) === 'stored',
  });
};
