import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchCustomers } from '#functions/search/search-customers.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import { type Query, type Table, Throttled } from '#shared/table/table.ts';
import { hashOn } from '#tests/support/search-hash.ts';
import { today } from './household-views.ts';
import { manyHouseholds, settle } from './small-utility.ts';

let store: LevelStore;
beforeAll(async () => {
  store = await openLevelStore();
  await settle(store.table('profile'), hashOn(store), manyHouseholds(20));
});
afterAll(() => store.close());

describe('a search whose table fails', () => {
  it('fails as a whole: no read fails where nobody looks, which would end the process', async () => {
    const profile = store.table('profile');
    let words = 0;
    // The first word is found late; the others fail meanwhile.
    const failing: Table = {
      query: async (query: Query) => {
        if (!query.pk.startsWith('SRN#')) return profile.query(query);
        words += 1;
        if (words > 1) throw new Throttled();
        await pause(30);
        return profile.query(query);
      },
      name: profile.name,
      get: profile.get.bind(profile),
      scan: profile.scan.bind(profile),
      commit: profile.commit.bind(profile),
      batchPut: profile.batchPut.bind(profile),
      close: profile.close.bind(profile),
    };
    const unseen: unknown[] = [];
    const note = (error: unknown): void => {
      unseen.push(error);
    };
    process.on('unhandledRejection', note);
    try {
      const asked = { q: 'amara okafor lindqvist', limit: 25, view: fullView };
      const found = searchCustomers({ table: failing, hash: hashOn(store), country: 'GB', today: () => today }, asked);
      await expect(found).rejects.toBeInstanceOf(Throttled);
      await pause(50);
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(words).toBeGreaterThan(2);
    expect(unseen).toEqual([]);
  });
});
