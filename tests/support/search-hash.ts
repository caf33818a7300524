import { memoryMasterKey } from '#shared/messaging/local-master-key.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import type { LevelStore } from '#shared/store/level-store.ts';
import { createSealer } from '#shared/store/seal.ts';
import { keepingHash, type SearchHash } from '#shared/store/search-hash.ts';

/** Hashes of search keys by a key in the store's table of keys. */
export const hashOn = (store: LevelStore): SearchHash =>
  keepingHash(createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock: systemClock }));
