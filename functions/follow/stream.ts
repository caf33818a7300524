import { oneByOne, type TakeChanges } from '#shared/edge/changes.ts';
import type { Country } from '#shared/text/phone.ts';
import { endMerges } from './end-merges.ts';
import { placeMeters } from './place-meters.ts';
import { type PlaceReadersDeps, placeReaders } from './place-readers.ts';
import { type PlaceWaitingDeps, placeWaiting } from './place-waiting.ts';
import { projectNames } from './project-names.ts';

export type FollowDeps = PlaceReadersDeps & PlaceWaitingDeps & { readonly country: Country };

/** Follows the profile table: readers of premises, meters that are told of at several, words of names, facts that waited, merges that are not done. */
export const followProfile = (deps: FollowDeps): TakeChanges =>
  oneByOne(async (change) => {
    await placeReaders(deps, change);
    await placeMeters(deps, change);
    await projectNames(deps.profile, deps.country, change);
    await placeWaiting(deps, change);
    await endMerges(deps, change);
  });
