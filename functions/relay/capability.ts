import { defineReader } from '#functions/capability.ts';
import { relayReader } from './stream.ts';

/** Facts that were kept go to the outbound bus. */
export const publish = /* @__PURE__ */ defineReader({
  name: 'relay',
  feed: 'profile',
  needs: ['outbound'],
  take: relayReader,
});
