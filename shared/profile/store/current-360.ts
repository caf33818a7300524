import type { View360 } from '#functions/view.ts';
import { type ProfileAsOfDeps, profileAsOf } from './profile-as-of.ts';
import { ViewOfOtherRules } from './read-view.ts';
import { type Show360Deps, show360 } from './show-360.ts';

/**
 * The 360 document as it is stored; where other rules made it (a release has come, and nobody has written the record or replayed
 * since), the same document folded from the facts, with usage named in `omitted`. Undefined where there is no such
 * customer.
 */
export const current360 = async (
  deps: Show360Deps & ProfileAsOfDeps,
  customer: string,
): Promise<View360 | undefined> => {
  try {
    return await show360(deps, customer);
  } catch (error) {
    if (!(error instanceof ViewOfOtherRules)) throw error;
    const now = new Date(deps.now()).toISOString();
    return (await profileAsOf(deps, customer, { asOf: now, knownAt: now }))?.view;
  }
};
