import { describe, expect, it } from 'vitest';
import { seededRandom } from '#cli/feed/send-order.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { conflicting } from './conflicting-table.ts';
import { contend } from './many-writers.ts';

describe('64 writers with 25 edits each of one customer in the embedded table', () => {
  it('lose none and number each once, though one commit in ten runs into another', { timeout: 300_000 }, async () => {
    const store = await openLevelStore({ staleReads: true });
    const profile = conflicting(store.table('profile'), seededRandom(7));
    const outcome = await contend({ profile: profile.table, keys: store.table('keys') }, { writers: 64, edits: 25 });
    console.log(`embedded: ${JSON.stringify(outcome)}, ${profile.met()} conflicts`);
    expect(outcome.lost412).toBeGreaterThan(0);
    expect(profile.met()).toBeGreaterThan(100);
    await store.close();
  });
});
