import { expect, it } from 'vitest';
import { listQuarantine, quarantine } from '#shared/facts/quarantine.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import type { Table } from '#shared/table/table.ts';

/** Ends a page of one partition after `most` items, as DynamoDB does at 1 MB. */
const cutShort = (table: Table, partition: string, most: number): Table => ({
  name: table.name,
  get: (key, options) => table.get(key, options),
  query: (query) =>
    table.query(query.pk === partition ? { ...query, limit: Math.min(most, query.limit ?? most) } : query),
  scan: (scan) => table.scan(scan),
  batchPut: (items) => table.batchPut(items),
  commit: (writes) => table.commit(writes),
  close: () => table.close(),
});

it('lists all that is in quarantine in order, once each, though pages of one shard are cut short', async () => {
  const store = await openLevelStore();
  const profile = store.table('profile');
  const start = Date.parse('2026-03-05T09:00:00.000Z');
  const clock = new StoryClock(start);
  const sealer = createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock });
  const kept: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    const raw = Buffer.from(`block ${n}`);
    const receivedAt = start + n * 1000;
    kept.push(
      await quarantine(profile, sealer, { kind: 'block', reason: 'block.invalid', source: 'm', receivedAt, raw }),
    );
  }
  for (let shard = 0; shard < 4; shard += 1) {
    for (const limit of [1, 7, 40, 100]) {
      const cut = cutShort(profile, `QUE#quarantine#${shard}`, 2);
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await listQuarantine(cut, { limit, after });
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        listed.push(...page.entries.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(listed, `shard ${shard}, ${limit} at a time`).toEqual(kept);
    }
  }
  await store.close();
});
