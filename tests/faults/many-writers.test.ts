import { describe, expect, it } from 'vitest';
import { seededRandom } from '#scripts/rotunda/feed/send-order.ts';
import { openLevelStore } from '#shared/store/level-store.ts';
import { conflicting } from './conflicting-table.ts';
import { contend } from './many-writers.ts';

describe('many writers of one customer in the embedded table', () => {
  it('lose no edit and number each once, though commits run into each other', async () => {
    const store = await openLevelStore({ staleReads: true });
    const profile = conflicting(store.table('profile'), seededRandom(7));
    const outcome = await contend({ profile: profile.table, keys: store.table('keys') }, { writers: 16, edits: 8 });
    expect(outcome.lost412).toBeGreaterThan(0);
    expect(profile.met()).toBeGreaterThan(5);
    await store.close();
  });
});
