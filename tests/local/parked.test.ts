import { describe, expect, it } from 'vitest';
import { ParkedRecords } from '#local/parked.ts';
import { encodeFailedBatch, failedBatchName } from '#shared/messaging/failed-batch.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';

const batch = (position: string) => ({
  consumer: 'follow',
  log: 'profile',
  shard: 0,
  reason: 'retries' as const,
  attempts: 6,
  error: { name: 'Error', message: 'the table was away' },
  failedAt: '2026-11-24T12:00:00.000Z',
  records: [{ position, entry: { bytes: Uint8Array.from([1, 2, 3]) } }],
});

describe('records that a reader gave up', () => {
  it('are taken in again whole, once, and stay parked where they fail again', async () => {
    const objects = createMemoryObjects(new StoryClock('2026-11-24T12:00:00.000Z'));
    for (const position of ['0001', '0002'])
      await objects.put(failedBatchName(batch(position)), encodeFailedBatch(batch(position)));
    const letter = { rule: 'facts', event: { id: 'e-1', detail: {} } };
    await objects.put('dead-letters/inbound/facts/e-1.json', Buffer.from(JSON.stringify(letter)));
    const parked = new ParkedRecords(objects);
    const taken: unknown[] = [];
    parked.on('follow', async (records) => {
      taken.push(...records);
      return records.filter(({ position }) => position === '0002').map(({ position }) => position);
    });
    parked.on('inbound/facts', async (records) => {
      taken.push(...records);
      return [];
    });
    expect(await parked.count()).toBe(3);
    expect(await parked.redrive()).toEqual({ tried: 3, placed: 2 });
    expect(taken).toContainEqual({ position: '0001', entry: { bytes: Uint8Array.from([1, 2, 3]) } });
    expect(taken).toContainEqual({ position: 'e-1', entry: letter.event });
    expect(await parked.redrive()).toEqual({ tried: 1, placed: 0 });
  });

  it('of a reader nobody knows stay parked', async () => {
    const objects = createMemoryObjects(new StoryClock('2026-11-24T12:00:00.000Z'));
    await objects.put(failedBatchName(batch('0001')), encodeFailedBatch(batch('0001')));
    expect(await new ParkedRecords(objects).redrive()).toEqual({ tried: 1, placed: 0 });
  });
});
