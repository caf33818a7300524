import type { Country } from '#shared/domain/search/phone.ts';
import type { Change } from '#shared/store/table.ts';
import { type PlaceReadersDeps, placeReaders } from './place-readers.ts';
import { type PlaceWaitingDeps, placeWaiting } from './place-waiting.ts';
import { projectNames } from './project-names.ts';

export type FollowDeps = PlaceReadersDeps & PlaceWaitingDeps & { readonly country: Country };

/**
 * Follows the profile table: readers of premises, words of names, facts that waited. Answers the position of the first change
 * that failed; those before it are done, and doing one twice ends the same.
 */
export const followProfile =
  (deps: FollowDeps) =>
  async (changes: readonly Change[]): Promise<{ readonly failed: string | undefined; readonly cause?: unknown }> => {
    for (const change of changes) {
      try {
        await placeReaders(deps, change);
        await projectNames(deps.profile, deps.country, change);
        await placeWaiting(deps, change);
      } catch (cause) {
        return { failed: change.position, cause };
      }
    }
    return { failed: undefined };
  };
