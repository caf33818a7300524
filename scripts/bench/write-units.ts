import { readUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { openBenchSystem } from './bench-system.ts';
import { createCountedTable } from './counted-table.ts';
import type { Figure, Measurement } from './measurement.ts';
import { dayMeter, openHomes, takeRecords } from './metered-homes.ts';

const zone = 'Europe/London';
/** A year from here has a day of 23 hours and one of 25. */
const firstDate = '2025-03-01';

export interface WriteUnitsSetting {
  readonly intervalSeconds: number;
  readonly homes: number;
  readonly days: number;
  /** Whether the usage items of the holders' views are kept too. */
  readonly withUsage: boolean;
}

/** What days of readings cost. */
export interface WriteUnits {
  readonly readings: number;
  readonly writeUnits: number;
  readonly itemsWritten: number;
  readonly requests: number;
  readonly readUnits: number;
  /** Writes to other tables than that of readings, in units. */
  readonly writeUnitsElsewhere: number;
}

/** Counts what the tables are asked while meters send their days, night by night. Opening the homes is not counted. */
export const countWriteUnits = async (setting: WriteUnitsSetting): Promise<WriteUnits> => {
  const system = await openBenchSystem(`${firstDate}T12:00:00.000Z`);
  const names = Array.from({ length: setting.homes }, (_, index) => `bench-${index}`);
  const homes = await openHomes(system, { names, zone, intervalSeconds: setting.intervalSeconds, from: firstDate });
  const meters = homes.map(dayMeter);
  system.reset();
  let readings = 0;
  for (let day = 0; day < setting.days; day += 1) {
    const sent = await Promise.all(meters.map((meter) => meter.day(addDays(firstDate, day))));
    const records = sent.flat();
    for (const { data } of records) readings += readUsageBlock(data).block?.values.length ?? 0;
    await takeRecords(system, records);
    if (setting.withUsage) await system.settle();
  }
  const counts = system.counts();
  const elsewhere = counts.writeUnits - system.readings.counts().writeUnits;
  await system.close();
  const { writeUnits, itemsWritten, requests, readUnits } = counts;
  return { readings, writeUnits, itemsWritten, requests, readUnits, writeUnitsElsewhere: elsewhere };
};

/** The same counter over a table that holds an item for each reading and nothing else. */
export const countItemPerReading = async (readings: number): Promise<number> => {
  const store = await openLevelStore();
  const table = createCountedTable(store.table('readings'));
  await table.batchPut(
    Array.from({ length: readings }, (_, index) => ({
      pk: 'M#mtr_00000000000000000000000000#E1',
      sk: `R#${String(1_740_787_200 + index * 1800)}`,
      v: 100 + (index % 900),
    })),
  );
  await store.close();
  return table.counts().writeUnits;
};

const perThousand = (units: number, readings: number): number => (units * 1000) / readings;

const figureOf = async (name: string, perDay: number, withUsage: boolean, goal: number): Promise<Figure> => {
  const counted = await countWriteUnits({ intervalSeconds: 86_400 / perDay, homes: 4, days: 365, withUsage });
  const naive = await countItemPerReading(1000);
  const value = perThousand(counted.writeUnits, counted.readings);
  const usage = [
    {
      what: 'of these, for usage items in views',
      value: perThousand(counted.writeUnitsElsewhere, counted.readings),
      unit: 'WRU',
    },
  ];
  return {
    name,
    what: `${perDay} readings a day${withUsage ? ', usage item of one holder' : ''}`,
    value,
    unit: 'WRU / 1,000 readings',
    goal: { atMost: goal },
    beside: [
      ...(withUsage ? usage : []),
      { what: 'an item for each reading, same counter', value: naive, unit: 'WRU' },
      { what: 'that, as a multiple of the figure', value: naive / value, unit: 'x' },
      {
        what: 'reads, per 1,000 readings',
        value: perThousand(counted.readUnits, counted.readings),
        unit: 'RRU',
      },
    ],
    notCounted: `${counted.readings.toLocaleString('en')} readings of 4 homes over a year, counted by DynamoDB's size rules, not billed by AWS; stream, function, broker and archive cost apart; opening the homes, refused blocks, days that come late or in parts, meters that send each interval as it closes, further holders of an account`,
  };
};

/** G1a: the readings path alone. */
export const readingsWriteUnits: Measurement = {
  name: 'g1a',
  title: 'Write units of the readings path',
  measure: async () => [await figureOf('G1a', 96, false, 10.5), await figureOf('G1a', 48, false, 21)],
};

/** G1b: the readings path, and the usage item that a holder's view shows. */
export const usageWriteUnits: Measurement = {
  name: 'g1b',
  title: 'Write units of readings and usage in the view',
  measure: async () => [await figureOf('G1b', 96, true, 21), await figureOf('G1b', 48, true, 42)],
};
