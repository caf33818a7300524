import { keepingHash, type SearchHash } from '#functions/search/store/search-hash.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';

const made = new WeakMap<LevelStore, SearchHash>();

/** Hashes of search keys by a key in the store's table of keys; the same whenever they are asked for. */
export const hashOn = (store: LevelStore): SearchHash => {
  const known =
    made.get(store) ??
    keepingHash(createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock: systemClock }));
  made.set(store, known);
  return known;
};
