import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import type { EspiResource } from '#functions/imports/rules/espi/resources.ts';
import type { SeriesSummary } from '#functions/imports/rules/summarise-series.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

const folder = fileURLToPath(new URL('../../../shared/data/greenbutton/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set greenbutton is not beside this checkout');

interface FileFacts {
  readonly resources: Readonly<Record<string, number>>;
  readonly distinctReadingTypes: readonly Readonly<Record<string, string>>[];
  readonly readings?: {
    readonly n: number;
    readonly sumValue: number;
    readonly sumCost: number;
    readonly withCost: number;
    readonly quality: Readonly<Record<string, number>>;
    readonly durations: Readonly<Record<string, number>>;
    readonly firstStart: number;
    readonly lastStart: number;
    readonly gaps: number;
    readonly overlaps: number;
    readonly zeros: number;
    readonly negatives: number;
  };
  readonly localTimeParameters?: Readonly<Record<string, string>>;
  readonly usageSummaries?: readonly { readonly type: string; readonly billLastPeriod?: string }[];
}

/** All files with rules of summer time have those of the United States. */
const zones: Readonly<Record<string, string>> = { '-28800': 'America/Los_Angeles', '-18000': 'America/New_York' };
const units: Readonly<Record<string, string>> = { '72': 'Wh', '169': 'therm' };

const factsOf = (): Record<string, FileFacts> =>
  present ? JSON.parse(readFileSync(`${folder}facts.json`, 'utf8')) : {};
const bytesOf = (file: string): Buffer => {
  const bytes = readFileSync(`${folder}${file}`);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};
const read = async (file: string) => {
  const resources: EspiResource[] = [];
  const heard = await hear(readEspi(inPieces(bytesOf(file), 4096), (resource) => resources.push(resource)));
  return { ...heard, resources };
};

const total = (series: readonly SeriesSummary[], what: (one: SeriesSummary) => number): number =>
  series.reduce((sum, one) => sum + what(one), 0);
const codes = (series: readonly SeriesSummary[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { quality } of series)
    for (const [code, count] of Object.entries(quality)) counts[code] = (counts[code] ?? 0) + count;
  return counts;
};

describe.skipIf(!present)('Green Button files of several makers', () => {
  const facts = Object.entries(factsOf());
  const checked = { files: 0, readings: 0, costs: 0, summaries: 0, gaps: 0, overlaps: 0 };

  it.each(facts)('%s gives its readings, costs, gaps and overlaps', async (file, expected) => {
    const { blocks, errors, series, resources } = await read(file);
    const { readings } = expected;
    const untyped = readings !== undefined && expected.distinctReadingTypes.length === 0;
    const cutRules = expected.localTimeParameters?.dstEndRule?.length === 4;
    expect([...new Set(errors.map(({ code }) => code))]).toEqual([
      ...(cutRules ? ['no-local-time'] : []),
      ...(untyped ? ['no-reading-type'] : []),
      ...(readings === undefined ? ['no-data'] : []),
    ]);
    if (blocks.length > 0 && expected.localTimeParameters !== undefined && !cutRules)
      expect(blocks[0]?.series.zone).toBe(zones[expected.localTimeParameters.tzOffset ?? '']);
    const intervals = blocks.flatMap((block) => block.intervals);
    expect(intervals).toHaveLength(readings?.n ?? 0);
    checked.files += 1;
    const kinds = resources.map(({ kind }) => kind);
    for (const [kind, count] of Object.entries(expected.resources)) {
      if (kind === 'IntervalReading' || kind === 'cust:Organisation') continue;
      expect(
        kinds.filter((one) => one === kind.replace('cust:', '')),
        kind,
      ).toHaveLength(count);
    }
    const bills = resources.filter(({ kind }) => kind.endsWith('UsageSummary'));
    expect(bills.map(({ fields }) => fields.get('billLastPeriod'))).toEqual(
      (expected.usageSummaries ?? []).map(({ billLastPeriod }) => billLastPeriod),
    );
    checked.summaries += bills.length;
    const zone = resources.find(({ kind }) => kind === 'LocalTimeParameters')?.fields;
    if (expected.localTimeParameters !== undefined)
      expect(Object.fromEntries(zone ?? [])).toEqual(expected.localTimeParameters);
    if (readings === undefined) return;
    const raw = intervals.reduce((sum, { value }) => sum + (value ?? 0), 0);
    expect(raw).toBe(readings.sumValue);
    expect(intervals.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBe(readings.sumCost);
    expect(intervals.filter(({ cost }) => cost !== undefined)).toHaveLength(readings.withCost);
    expect(intervals.filter(({ value }) => value === 0)).toHaveLength(readings.zeros);
    expect(total(series, ({ gaps }) => gaps)).toBe(readings.gaps);
    expect(total(series, ({ overlaps }) => overlaps)).toBe(readings.overlaps);
    const starts = series.flatMap(({ first, last }) => [first, last]).map((at) => Date.parse(at ?? '') / 1000);
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([readings.firstStart, readings.lastStart]);
    expect(codes(series)).toMatchObject(readings.quality);
    const [type] = expected.distinctReadingTypes;
    if (type !== undefined) {
      expect(blocks[0]?.powerOfTen).toBe(Number(type.powerOfTenMultiplier));
      expect(blocks[0]?.series.unit).toBe(units[type.uom ?? '']);
      expect(blocks[0]?.series.flow).toBe(type.flowDirection === '1' ? 'forward' : undefined);
    }
    checked.readings += readings.n;
    checked.costs += readings.withCost;
    checked.gaps += readings.gaps;
    checked.overlaps += readings.overlaps;
  });

  it('says how much was held against the facts', () => {
    console.log(`greenbutton: ${JSON.stringify(checked)}`);
    expect(checked.files).toBe(facts.length);
    expect(checked.readings).toBeGreaterThan(38_000);
  });

  it('gives one series for RetailCustomer 3 and 5: twelve hours to a block, or a month', async () => {
    const [halfDays, months] = await Promise.all([
      read('energyos-samples/Coastal_Multi_Family_12hr_Jan_1_2011_to_Jan_1_2012_RetailCustomer_3.xml.gz'),
      read('energyos-samples/Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml.gz'),
    ]);
    expect(halfDays.blocks.length).toBe(730);
    expect(months.blocks.length).toBe(12);
    const [first, second] = [halfDays, months].map(({ blocks }) => blocks.flatMap(({ intervals }) => intervals));
    expect(first).toHaveLength(8760);
    expect(first).toEqual(second);
    const [one, other] = [halfDays.series[0], months.series[0]];
    expect({ ...one, reference: '' }).toEqual({ ...other, reference: '' });
  });

  const printed = /^\s+(\S+) (\S+), (?:(\d+) days?, )?(\d+):(\d\d):(\d\d): (\d+) (Wh|therm)(?:\(\$([\d.]+)\))?$/gm;
  it.each([
    ['energyos-samples/Coastal_Multi_Family_12hr_Jan_1_2011_to_Jan_1_2012_RetailCustomer_3.xml.gz', 8760],
    ['energyos-samples/Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml.gz', 8760],
    ['energyos-samples/Desert_Single_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_7.xml.gz', 8760],
    ['energyos-samples/Inland_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_8.xml.gz', 8760],
    ['energyos-samples/TestGBDataHourlyNineDaysBinnedDaily.xml', 216],
    ['abridged/electric_containerized.xml', 8],
    ['abridged/gas_direct.xml', 5],
    ['gas-utility/ngma_natural_gas_billing_billing_data_Service_1_1_2021-05-26_to_2024-04-25.xml', 35],
  ])('reads %s as another program prints it: times, lengths, values, units and costs', async (file, count) => {
    const name = file.replace(/^.*\//, '').replace('.xml', '.txt');
    const plain = `expected-by-greenbutton_objects/${name}`;
    const output = existsSync(`${folder}${plain}`) ? plain : `${plain}.gz`;
    const expected = [...bytesOf(output).toString('utf8').matchAll(printed)].map(
      ([, date, time, days = '0', hours, minutes, seconds, value, unit, cost]) => [
        Date.parse(`${date}T${time}`) / 1000,
        Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
        Number(value),
        unit,
        cost === undefined ? undefined : Number(cost),
      ],
    );
    const { blocks } = await read(file);
    const found = blocks.flatMap(({ series, powerOfTen, intervals }) =>
      intervals.map(({ start, seconds, value, cost }) => [
        start,
        seconds,
        (value ?? 0) / 10 ** -powerOfTen,
        series.unit,
        cost === undefined ? undefined : cost / 100_000,
      ]),
    );
    expect(expected).toHaveLength(count);
    expect(found).toEqual(expected);
  });
});
