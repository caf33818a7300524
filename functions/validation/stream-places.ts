import { oneByOne, type TakeChanges } from '#shared/edge/changes.ts';
import { type FollowPlacesParts, followPlaces } from './follow-places.ts';
import { keepPlaceEvents } from './keep-place-events.ts';

/** Stream of the profile table -> what happened at premises, and days to judge again where what is known of their meters changed. */
export const placesReader = (parts: FollowPlacesParts): TakeChanges =>
  oneByOne(async (change) => {
    await keepPlaceEvents(parts, change);
    await followPlaces(parts, change);
  });
