import { describe, expect, it } from 'vitest';
import { replayTwice } from '#scripts/bench/replay.ts';
import { createRoundTrips } from '#scripts/bench/round-trips.ts';
import { inHalves, weighStored } from '#scripts/bench/stored-bytes.ts';
import { countView } from '#scripts/bench/view-cost.ts';
import { countItemPerReading, countWriteUnits } from '#scripts/bench/write-units.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

describe('write units of readings', () => {
  it('are one for each meter and day, whatever the interval', async () => {
    const counted = { writeUnits: 6, writeUnitsElsewhere: 0, itemsWritten: 6 };
    const setting = { homes: 2, days: 3, withUsage: false };
    expect(await countWriteUnits({ ...setting, intervalSeconds: 1800 })).toMatchObject({ ...counted, readings: 288 });
    expect(await countWriteUnits({ ...setting, intervalSeconds: 900 })).toMatchObject({ ...counted, readings: 576 });
  });

  it('are one more for the usage item of the holder, each day', async () => {
    const counted = await countWriteUnits({ intervalSeconds: 1800, homes: 2, days: 3, withUsage: true });
    expect(counted).toMatchObject({ readings: 288, writeUnits: 12, writeUnitsElsewhere: 6 });
  });

  it('go with the readings of a day on which the clocks change', async () => {
    const counted = await countWriteUnits({ intervalSeconds: 1800, homes: 1, days: 31, withUsage: false });
    expect(counted).toMatchObject({ readings: 31 * 48 - 2, writeUnits: 31 });
  });

  it('are one for each reading where each is an item', async () => {
    expect(await countItemPerReading(70)).toBe(70);
  });
});

describe('a replay', () => {
  it('puts every item again, twice, and leaves the tables as they were', async () => {
    const effect = await replayTwice({ homes: 3, days: 12 });
    expect(effect).toMatchObject({ itemsAdded: 0, itemsChanged: 0, writesElsewhere: 0, changesSeen: 0 });
    expect(effect.records).toBeGreaterThan(36);
    expect(effect.items).toBe(effect.records);
    expect(effect.itemsPut).toBe(2 * effect.items);
    expect(effect.duplicates).toBeGreaterThan(0);
  });
});

describe('round trips', () => {
  it('are counted once for requests that wait for none of the others', async () => {
    const store = await openLevelStore();
    const trips = createRoundTrips();
    const [profile, readings] = [trips.over(store.table('profile')), trips.over(store.table('readings'))];
    const key = { pk: 'a', sk: 'b' };
    await Promise.all([profile.get(key), readings.query({ pk: 'a' }), Promise.resolve().then(() => profile.get(key))]);
    expect(trips.count()).toBe(1);
    await profile.batchPut([{ ...key, v: 1 }]);
    await readings.get(key);
    expect(trips.count()).toBe(3);
    trips.reset();
    expect(trips.count()).toBe(0);
    await store.close();
  });
});

describe('stored bytes', () => {
  const start = Date.parse('2025-03-01T00:00:00Z') / 1000;
  const samples = Array.from({ length: 48 }, (_, index) => ({
    start: start + index * 1800,
    value: index === 7 ? null : 100,
  }));

  it('are keys, names, packed values and 100 bytes an item, over readings that have a value', async () => {
    const stored = await weighStored([{ meter: 'one', samples }], 'UTC', 1800);
    expect(stored).toMatchObject({ readings: 47, items: 1 });
    const [partition, sort, names] = [
      'M#mtr_01234567890123456789012345#E1'.length,
      'D#20250301'.length,
      'pkskw'.length,
    ];
    expect(stored.billed - stored.values).toBe(partition + sort + names + 100);
    expect(stored.values).toBeGreaterThan(0);
  });

  it('of halved intervals hold the same energy', () => {
    const halves = inHalves([...samples, { start: start + 48 * 1800, value: 5 }], 1800);
    expect(halves).toHaveLength(98);
    expect(halves.slice(-2)).toEqual([
      { start: start + 48 * 1800, value: 2 },
      { start: start + 48 * 1800 + 900, value: 3 },
    ]);
    expect(halves.slice(14, 16).map(({ value }) => value)).toEqual([null, null]);
  });
});

describe('the 360 view', () => {
  it('is one request, and three in two round trips with the intervals of both meters', async () => {
    const { view, withIntervals, route, told } = await countView(1);
    expect(view).toMatchObject({ roundTrips: 1, counts: { requests: 1, readUnits: 1, itemsRead: 10 } });
    expect(view.counts.bytesRead).toBeLessThanOrEqual(4096);
    expect(withIntervals).toMatchObject({ roundTrips: 2, counts: { requests: 3, readUnits: 3 } });
    expect(route.audit).toMatchObject({ requests: 1, itemsWritten: 1 });
    expect(told).toMatchObject({ blocks: 730, homes: [{}, {}] });
  });
});
