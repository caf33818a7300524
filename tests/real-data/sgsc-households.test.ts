import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readIntervalCsv } from '#cli/feed/interval-csv.ts';
import { inRegister, powerOfTenFor } from '#cli/feed/units.ts';
import { cutBlocks } from '#functions/readings/contract/cut-blocks.ts';

const folder = fileURLToPath(new URL('../../../shared/data/sgsc-au-halfhourly/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set sgsc-au-halfhourly is not beside this checkout');

interface HouseholdFacts {
  readonly rows: number;
  readonly missingIntervals: number;
  readonly sum: number;
}

describe.skipIf(!present)('six Australian households, two years of half-hours', () => {
  it('become blocks that hold every row, every watt-hour and every gap', async () => {
    const facts: Record<string, HouseholdFacts> = JSON.parse(readFileSync(`${folder}facts.json`, 'utf8'));
    const file = await readIntervalCsv(`${folder}households.csv.gz`, {
      meterColumn: 'customer_id',
      timeColumn: 'reading_datetime',
      valueColumn: 'general_supply_kwh',
      zone: '+10:00',
      stamp: 'start',
    });
    expect(file).toMatchObject({ rows: 175_763, repeated: 0, faults: [], intervalSeconds: 1800 });
    const found: Record<string, HouseholdFacts> = {};
    for (const meter of file.meters) {
      const powerOfTen = powerOfTenFor('kWh', meter);
      expect(powerOfTen).toBe(0);
      const samples = meter.readings.map(({ start, value }) => ({ start, value: inRegister('kWh', 0, value) ?? null }));
      const series = { meter: 'mtr_0000000000000000000000000A', register: '1', zone: '+10:00', intervalSeconds: 1800 };
      const { blocks, offGrid } = cutBlocks(series, samples);
      expect(offGrid).toEqual([]);
      const values = blocks.flatMap((block) => block.values.filter((value) => value !== null));
      const [first, last] = [meter.readings[0]?.start ?? 0, meter.readings.at(-1)?.start ?? 0];
      found[meter.meter] = {
        rows: values.length,
        missingIntervals: (last - first) / 1800 + 1 - values.length,
        sum: values.reduce((sum, value) => sum + value, 0),
      };
    }
    const expected = Object.entries(facts).map(([meter, { rows, missingIntervals, sum }]) => [
      meter,
      { rows, missingIntervals, sum: Math.round(sum * 1000) },
    ]);
    expect(found).toEqual(Object.fromEntries(expected));
  });
});
