import { defineReader } from '#functions/capability.ts';
import { followProfile } from './stream.ts';

/** Watchers, meters, names that are searched, what waited and merges follow a changed profile. */
export const follow = /* @__PURE__ */ defineReader({
  name: 'follow',
  feed: 'profile',
  needs: ['tables', 'facts'],
  take: followProfile,
});
