import { expect, it } from 'vitest';
import { type CountedTable, createCountedTable } from '#scripts/bench/counted-table.ts';
import { newMeterWrites } from '#shared/profile/store/meters.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, aMeter, arrived, halfHours } from '#tests/support/meters/telemetry.ts';
import { agreed, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const lengthOf = { 48: 1800, 96: 900 } as const;

/** Write units per 1,000 readings over 60 days of day blocks, each day sent twice, with one holder who sees them. */
const measured = async (perDay: 48 | 96, judged: boolean) => {
  const counted: CountedTable[] = [];
  const count = (table: Table): Table => {
    const wrapped = createCountedTable(table);
    counted.push(wrapped);
    return wrapped;
  };
  const home = await openHome({ profile: count, readings: count, judged });
  const registers = [halfHours(zone, { intervalSeconds: lengthOf[perDay] })];
  await home.store.table('profile').commit(newMeterWrites(aMeter('m1', { installations: [], registers })));
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  const [profile, readings] = counted;
  if (profile === undefined || readings === undefined) throw new Error('no counted tables');
  const days = 60;
  profile.reset();
  readings.reset();
  for (let index = 0; index < days; index += 1) {
    const start = startOfDate(zone, addDays('2026-06-01', index));
    const values = Array.from({ length: perDay }, (_, interval) => (interval * 7919 + index * 31) % 900);
    const record = arrived(aBlock('m1', start, values, { interval: lengthOf[perDay] }));
    await home.ingest.take([record, record]);
    await home.settleAll();
  }
  const thousands = (days * perDay) / 1000;
  const path = readings.counts();
  return {
    units: path.writeUnits,
    readings: path.writeUnits / thousands,
    both: (path.writeUnits + profile.counts().writeUnits) / thousands,
    items: path.itemsWritten,
    usageItems: profile.counts().itemsWritten,
    days,
  };
};

it.each([
  [96, 10.5, 21],
  [48, 21, 42],
] as const)(
  'a thousand readings at %i a day cost at most %d write units, %d with usage in the holder’s view',
  async (perDay, most, mostWithUsage) => {
    const found = await measured(perDay, false);
    expect(found.readings).toBeLessThanOrEqual(most);
    expect(found.both).toBeLessThanOrEqual(mostWithUsage);
    expect(found.items).toBe(found.days);
    expect(found.usageItems).toBe(found.days);
  },
);

it('judging a day as it closes costs one write unit more, for its digest, and closing a month one', async () => {
  const found = await measured(48, true);
  const monthsClosed = 1;
  expect(found.units).toBe(2 * found.days + monthsClosed);
  expect(found.items).toBe(2 * found.days + monthsClosed);
  expect(found.usageItems).toBe(found.days);
});
