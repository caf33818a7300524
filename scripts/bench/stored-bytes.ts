import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type IntervalFile, readIntervalCsv } from '#cli/feed/interval-csv.ts';
import { inRegister } from '#cli/feed/units.ts';
import { cutBlocks, type Sample } from '#functions/readings/contract/cut-blocks.ts';
import { blockCodecs, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { packedOf } from '#functions/readings/store/readings.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { openBenchSystem } from './bench-system.ts';
import type { Figure, Measurement } from './measurement.ts';
import { openHomes, takeRecords } from './metered-homes.ts';

const folder = '../shared/data/sgsc-au-halfhourly';
const file = fileURLToPath(new URL(`../../${folder}/households.csv.gz`, import.meta.url));
/** Bytes that DynamoDB bills for an item that is stored, besides its names and values. */
const storedItemOverhead = 100;

/** A register's readings as they were measured. */
export interface MeasuredSeries {
  readonly meter: string;
  readonly samples: readonly Sample[];
}

export interface StoredBytes {
  readonly readings: number;
  readonly items: number;
  /** Names, keys and values, and 100 bytes an item. */
  readonly billed: number;
  /** Of these, the packed values. */
  readonly values: number;
  /** What the meters sent as JSON, and what the same blocks take as frames. */
  readonly sent: { readonly json: number; readonly binary: number };
}

/** Sends the days of real series by the readings path and weighs what the table holds. */
export const weighStored = async (
  all: readonly MeasuredSeries[],
  zone: string,
  intervalSeconds: number,
): Promise<StoredBytes> => {
  const first = Math.min(...all.map(({ samples }) => samples[0]?.start ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...all.map(({ samples }) => samples.at(-1)?.start ?? 0));
  const system = await openBenchSystem(new Date((last + intervalSeconds) * 1000).toISOString());
  const names = all.map(({ meter }) => `bench-${meter}`);
  const homes = await openHomes(system, { names, zone, intervalSeconds, from: localDateAt(zone, first) });
  const sent = { json: 0, binary: 0 };
  for (const [place, { samples }] of all.entries()) {
    const home = homes[place];
    if (home === undefined) throw new Error('a household has no home');
    const series = { meter: home.meter, register: home.register.id, zone, intervalSeconds };
    const { blocks, offGrid } = cutBlocks(series, samples);
    if (offGrid.length > 0) throw new Error(`${offGrid.length} readings lie on no interval of their day`);
    for (const block of blocks) {
      sent.json += blockCodecs.json(block).length;
      sent.binary += blockCodecs.binary(block).length;
    }
    const arrivedAt = last + intervalSeconds;
    const records = blocks.map((block) => ({
      sequenceNumber: String(block.seq),
      thing: home.meter,
      data: writeUsageBlock(block),
      arrivedAt,
    }));
    await takeRecords(system, records);
  }
  let [items, billed, values] = [0, 0, 0];
  for await (const item of system.store.scan('readings')) {
    items += 1;
    billed += itemBytes(item) + storedItemOverhead;
    values += packedOf(item).length;
  }
  await system.close();
  const readings = all.reduce((sum, { samples }) => sum + samples.filter(({ value }) => value !== null).length, 0);
  return { readings, items, billed, values, sent };
};

/** The same energy in intervals half as long: each value in two, the second the larger where it is odd. */
export const inHalves = (samples: readonly Sample[], intervalSeconds: number): readonly Sample[] =>
  samples.flatMap(({ start, value }) => {
    const half = value === null ? null : Math.floor(value / 2);
    const rest = value === null || half === null ? null : value - half;
    return [
      { start, value: half },
      { start: start + intervalSeconds / 2, value: rest },
    ];
  });

const seriesOf = ({ meters }: IntervalFile): readonly MeasuredSeries[] =>
  meters.map(({ meter, readings }) => ({
    meter,
    samples: readings.map(({ start, value }) => ({ start, value: inRegister('kWh', 0, value) ?? null })),
  }));

const figureOf = (what: string, goal: number, stored: StoredBytes, households: number): Figure => ({
  name: 'G9',
  what,
  value: stored.billed / stored.readings,
  unit: 'billed B / reading',
  goal: { atMost: goal },
  beside: [
    { what: 'packed values alone', value: stored.values / stored.readings, unit: 'B / reading' },
    { what: 'sent as JSON', value: stored.sent.json / stored.readings, unit: 'B / reading' },
    { what: 'sent as frames', value: stored.sent.binary / stored.readings, unit: 'B / reading' },
    { what: 'readings', value: stored.readings, unit: 'readings' },
    { what: 'items', value: stored.items, unit: 'items' },
    { what: 'households', value: households, unit: 'households' },
  ],
  notCounted:
    'the usage items of views, point-in-time recovery and the archive; 100 B an item are in, gaps are no readings',
});

/** G9: what real readings take up. */
export const storedBytes: Measurement = {
  name: 'g9',
  title: 'Stored bytes of real households',
  measure: async () => {
    if (!existsSync(file)) return { skipped: `the households of ${folder} are not beside this checkout` };
    const zone = '+10:00';
    const series = seriesOf(
      await readIntervalCsv(file, {
        meterColumn: 'customer_id',
        timeColumn: 'reading_datetime',
        valueColumn: 'general_supply_kwh',
        zone,
        stamp: 'start',
      }),
    );
    const halved = series.map(({ meter, samples }) => ({ meter, samples: inHalves(samples, 1800) }));
    return [
      figureOf('48 readings a day', 4.8, await weighStored(series, zone, 1800), series.length),
      figureOf('96 readings a day, each value split in two', 3.0, await weighStored(halved, zone, 900), series.length),
    ];
  },
};
