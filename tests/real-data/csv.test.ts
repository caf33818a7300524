import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import type { SeriesSummary } from '#functions/imports/rules/summarise-series.ts';
import { mappingOf } from '#tests/support/csv-mappings.ts';
import { type Heard, hear, inPieces } from '#tests/support/source-events.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const isPresent = (set: string): boolean => {
  const present = existsSync(`${data}${set}`);
  if (!present) console.log(`skipped: the data set ${set} is not beside this checkout`);
  return present;
};
const bytesOf = (file: string): Buffer => {
  const bytes = readFileSync(`${data}${file}`);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};
const read = (file: string, mapping: CsvMapping): Promise<Heard> =>
  hear(readCsv(inPieces(bytesOf(file), 65_536), mapping));
const factsOf = <Facts>(set: string): Record<string, Facts> =>
  JSON.parse(readFileSync(`${data}${set}/facts.json`, 'utf8'));

interface IntervalFacts {
  readonly rows: number;
  readonly stepSeconds: number;
  readonly first: string;
  readonly last: string;
  readonly missingIntervals: number;
  readonly gaps: number;
  readonly duplicateTimestamps: number;
  readonly sum: number;
  readonly zeros: number;
}
/** kWh of a series in Wh, to the three decimals of the facts. */
const kilowattHours = ({ sum }: SeriesSummary): number => Math.round(Number(sum)) / 1000;
const seconds = (at: string | null): number => Date.parse(at ?? '') / 1000;
const codesOf = ({ errors }: Heard): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { code } of errors) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

const holdAgainst = (summary: SeriesSummary | undefined, facts: IntervalFacts, offset: string): void => {
  expect(summary).toBeDefined();
  if (summary === undefined) return;
  const { count, gaps, overlaps, first, last } = summary;
  expect(count).toBe(facts.rows);
  expect(kilowattHours(summary)).toBeCloseTo(facts.sum, 2);
  expect([gaps, overlaps]).toEqual([facts.gaps, facts.duplicateTimestamps]);
  const written = (at: string): number => Date.parse(`${at.replace(' ', 'T').replace(/\+00:00$/, '')}${offset}`) / 1000;
  expect([seconds(first), seconds(last)]).toEqual([written(facts.first), written(facts.last)]);
  const expected = (seconds(last) - seconds(first)) / facts.stepSeconds + 1;
  expect(expected - (count - overlaps)).toBe(facts.missingIntervals);
};

describe.skipIf(!isPresent('sgsc-au-halfhourly'))('half hours of six Australian homes', () => {
  it('have the counts, sums and gaps of the data set', async () => {
    const facts = factsOf<IntervalFacts>('sgsc-au-halfhourly');
    const { series, errors, blocks } = await read(
      'sgsc-au-halfhourly/households.csv.gz',
      mappingOf('sgsc-au-halfhourly'),
    );
    expect(errors).toEqual([]);
    expect(series.map(({ reference }) => reference)).toEqual(Object.keys(facts));
    for (const [home, expected] of Object.entries(facts)) {
      holdAgainst(
        series.find(({ reference }) => reference === home),
        expected,
        '+10:00',
      );
      const values = blocks.filter((block) => block.series.reference === home).flatMap(({ intervals }) => intervals);
      expect(values.filter(({ value }) => value === 0)).toHaveLength(expected.zeros);
    }
  });
});

describe.skipIf(!isPresent('ausgrid-solar-au'))('a solar home of Sydney', () => {
  const file = 'ausgrid-solar-au/customer-12_2011-2012.csv.gz';
  it('used and made what the data set says, half of the mean power of each half hour', async () => {
    const facts = factsOf<IntervalFacts>('ausgrid-solar-au');
    const { series } = await read(file, mappingOf('ausgrid-solar-au'));
    expect(series.map(({ register }) => register)).toEqual(['E1', 'B1']);
    expect(series.map(kilowattHours)).toEqual(
      [facts.GC, facts.GG].map((one) => Math.round((one?.sum ?? 0) * 500) / 1000),
    );
  });

  it('has filled the hour that spring leaves out, and wrote the one that autumn repeats once', async () => {
    const { errors, series, blocks } = await read(file, mappingOf('ausgrid-solar-au'));
    expect(errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '4470 no-such-local-time',
      '4471 no-such-local-time',
    ]);
    expect(series.map(({ count, gaps }) => [count, gaps])).toEqual([
      [17_566, 1],
      [17_566, 1],
    ]);
    const starts = blocks.flatMap(({ intervals }) => intervals.map(({ start }) => start));
    const second = Date.parse('2012-04-01T16:00:00Z') / 1000 - 86_400;
    expect(starts).toContain(second - 3600);
    expect(starts).not.toContain(second);
  });
});

describe.skipIf(!isPresent('london-daily'))('days of fifty London homes', () => {
  it('have the sums of the data set, and days that are not whole are questionable', async () => {
    const facts = factsOf<{ days: number; missingDays: number; incompleteDays: number; kWh: number }>('london-daily');
    const heard = await read('london-daily/block_1.csv.gz', mappingOf('london-daily'));
    const { series } = heard;
    expect(series).toHaveLength(50);
    for (const one of series) {
      const expected = facts[one.reference];
      expect(one.count).toBe(expected?.days);
      expect(one.quality['10'] ?? 0).toBe(expected?.incompleteDays);
      expect(kilowattHours(one)).toBeCloseTo(expected?.kWh ?? Number.NaN, 2);
      const days = (seconds(one.last) - seconds(one.first)) / 86_400 + 1;
      expect(days - one.count).toBe(expected?.missingDays);
    }
    expect(codesOf(heard)).toEqual({ incomplete: 488 });
  });
});

describe.skipIf(!isPresent('uk-household'))('a home in the United Kingdom', () => {
  const facts = () => factsOf<IntervalFacts>('uk-household');
  it.each([
    ['uk-electricity-hourly', 'uk-electricity-hdd-only-hourly-sample-0'],
    ['uk-gas-hourly', 'uk-gas-hdd-only-hourly-sample-0'],
    ['uk-electricity-halfhourly', 'uk-electricity-hdd-only-hourly-sample-1'],
  ])('%s has the counts, sums, gaps and repeats of the data set', async (mapping, name) => {
    const { series, errors } = await read(`uk-household/${name}.csv.gz`, mappingOf(mapping));
    expect(errors).toEqual([]);
    expect(series).toHaveLength(1);
    const expected = facts()[name];
    if (expected === undefined) throw new Error(`no facts of ${name}`);
    holdAgainst(series[0], expected, '+00:00');
  });

  it('writes UTC: taken for local times, the spring hour would not be there', async () => {
    const mapping = mappingOf('uk-electricity-halfhourly');
    const local = { ...mapping, time: { ...mapping.time, zone: 'Europe/London' } };
    const heard = await read('uk-household/uk-electricity-hdd-only-hourly-sample-1.csv.gz', local);
    expect(heard.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '8118 no-such-local-time',
      '8119 no-such-local-time',
    ]);
  });
});

describe.skipIf(!isPresent('ontario-tou-home'))('a home in Ontario with times of use', () => {
  it('used 1,209.42 kWh: 815.65 off-peak, 201.10 mid-peak and 192.67 on-peak, without a gap', async () => {
    const { series, errors, blocks } = await read(
      'ontario-tou-home/electricity-usage.csv',
      mappingOf('ontario-tou-home'),
    );
    expect(errors).toEqual([]);
    expect(series).toMatchObject([{ count: 2712, sum: '1209420', gaps: 0, overlaps: 0 }]);
    const byTier = [0, 0, 0];
    for (const { intervals, powerOfTen } of blocks)
      for (const { value, tou = 0 } of intervals)
        byTier[tou - 1] = (byTier[tou - 1] ?? 0) + (value ?? 0) * 10 ** powerOfTen;
    expect(byTier).toEqual([815_650, 201_100, 192_670]);
  });

  it('has a spring day of 23 hours: the hour that ends at 03:00 began at 01:00', async () => {
    const { blocks } = await read('ontario-tou-home/electricity-usage.csv', mappingOf('ontario-tou-home'));
    const starts = blocks.flatMap(({ intervals }) => intervals.map(({ start }) => start));
    const [from, to] = [Date.parse('2012-03-11T05:00:00Z') / 1000, Date.parse('2012-03-12T04:00:00Z') / 1000];
    expect(starts.filter((start) => start >= from && start < to)).toHaveLength(23);
    expect(starts).toContain(Date.parse('2012-03-11T06:00:00Z') / 1000);
  });
});

describe.skipIf(!isPresent('opendsm-simulated-us'))('a simulated site in Illinois', () => {
  const of = (fuel: 'electricity' | 'gas', kind: string): string =>
    `opendsm-simulated-us/il-${fuel}-${fuel === 'gas' ? 'hdd-only' : 'cdd-hdd'}-${kind}.csv.gz`;
  /** Sum of the values of a file, in hundredths. */
  const summed = (file: string): number =>
    bytesOf(file)
      .toString('utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]))
      .filter((value) => !Number.isNaN(value))
      .reduce((sum, value) => sum + Math.round(value * 100), 0);

  it.each([
    ['electricity', 'hourly', 'hourly', 10],
    ['electricity', 'daily', 'daily', 10],
    ['electricity', 'billing', 'billing_monthly', 10],
    ['electricity', 'billing', 'billing_bimonthly', 10],
    ['gas', 'hourly', 'hourly', 0.01],
    ['gas', 'daily', 'daily', 0.01],
    ['gas', 'billing', 'billing_monthly', 0.01],
    ['gas', 'billing', 'billing_bimonthly', 0.01],
  ] as const)('has the %s of its %s file %s whole, without gap or overlap', async (fuel, mapping, file, hundredth) => {
    const { series, errors } = await read(of(fuel, file), mappingOf(`opendsm-${fuel}-${mapping}`));
    expect(errors).toEqual([]);
    expect(series).toMatchObject([{ gaps: 0, overlaps: 0, unit: fuel === 'gas' ? 'therm' : 'Wh' }]);
    expect(Number(series[0]?.sum)).toBeCloseTo(summed(of(fuel, file)) * hundredth, 6);
  });

  it('counts days of 23, 24 and 25 hours, and bills from one row to the next', async () => {
    const { blocks } = await read(of('electricity', 'daily'), mappingOf('opendsm-electricity-daily'));
    const lengths = new Map<number, number>();
    for (const { intervals } of blocks)
      for (const { seconds: length, value } of intervals)
        if (value !== null) lengths.set(length / 3600, (lengths.get(length / 3600) ?? 0) + 1);
    expect(Object.fromEntries(lengths)).toEqual({ 23: 2, 24: 805, 25: 2 });
    const bills = await read(of('electricity', 'billing_monthly'), mappingOf('opendsm-electricity-billing'));
    expect(bills.series).toMatchObject([{ count: 26, first: '2015-11-22T06:00:00.000Z' }]);
    expect(bills.blocks[0]?.intervals[0]?.seconds).toBe(29 * 86_400);
  });
});

interface RegisterFacts {
  readonly registerDelta: number;
  readonly registerWentBack: number;
  readonly gapsOver2h: number;
}
/** Litres that a hole was told with, and what a register fell by that was set anew. */
const told = ({ errors }: Heard, code: string, pattern: RegExp): readonly (readonly number[])[] =>
  errors
    .filter((error) => error.code === code)
    .map(({ message }) => (pattern.exec(message) ?? []).slice(1).map(Number));

describe.skipIf(!isPresent('water-daiad-alicante'))('water registers of Alicante', () => {
  const file = 'water-daiad-alicante/swm_trialA_part.csv.gz';
  let once: Promise<Heard> | undefined;
  const readOnce = (): Promise<Heard> => {
    once ??= read(file, mappingOf('alicante-water-registers'));
    return once;
  };
  it('give use and holes that together are what each register advanced', async () => {
    const facts = factsOf<RegisterFacts>('water-daiad-alicante');
    const heard = await readOnce();
    expect(heard.series).toHaveLength(46);
    const used = heard.series.reduce((sum, one) => sum + Number(one.sum), 0);
    const inHoles = told(heard, 'hole', /advanced by (\d+);/).reduce((sum, [litres = 0]) => sum + litres, 0);
    const advanced = Object.values(facts).reduce((sum, { registerDelta }) => sum + registerDelta, 0);
    expect(used + inHoles).toBe(advanced);
    expect(heard.blocks.flatMap(({ intervals }) => intervals).filter(({ value }) => (value ?? 0) < 0)).toEqual([]);
    // Of 21 steps back one follows another at once, and both are one going back.
    expect(codesOf(heard)['register-went-back']).toBe(20);
    expect(codesOf(heard)['register-reset']).toBeUndefined();
    console.log(`alicante: ${used} L used, ${inHoles} L in holes, ${JSON.stringify(codesOf(heard))}`);
  });

  it('have the holes of the data set where the clock is taken as it is written', async () => {
    const facts = factsOf<RegisterFacts>('water-daiad-alicante');
    const mapping = mappingOf('alicante-water-registers');
    const asWritten = { ...mapping, time: { ...mapping.time, zone: '+00:00' } };
    const heard = await read(file, asWritten);
    expect(codesOf(heard).hole).toBe(Object.values(facts).reduce((sum, { gapsOver2h }) => sum + gapsOver2h, 0));
  });

  it('go through the repeated hour of autumn and the missing one of spring hour by hour', async () => {
    const heard = await readOnce();
    const autumn = Date.parse('2016-10-30T00:00:00Z') / 1000;
    const spring = Date.parse('2016-03-27T00:00:00Z') / 1000;
    const covering = (from: number): readonly number[] =>
      heard.blocks
        .flatMap(({ intervals }) => intervals)
        .filter(({ start }) => start >= from && start < from + 7200)
        .map(({ seconds: length }) => length);
    for (const night of [autumn, spring]) {
      const lengths = covering(night);
      expect(lengths.length).toBeGreaterThan(60);
      expect(lengths.filter((length) => Math.abs(length - 3600) < 120).length).toBeGreaterThan(lengths.length * 0.8);
    }
  });

  it('of the months after them are read by names of columns that say nothing', async () => {
    const heard = await read(
      'water-daiad-alicante/swm_trialA_extended_part.csv.gz',
      mappingOf('alicante-water-registers-extended'),
    );
    expect(heard.series).toHaveLength(46);
    const rows = bytesOf('water-daiad-alicante/swm_trialA_extended_part.csv.gz').toString('utf8').trim().split('\n');
    const states = new Map<string, number[]>();
    for (const row of rows.slice(1)) {
      const [user = '', , state] = row.split(';');
      states.set(user, [...(states.get(user) ?? []), Number(state)]);
    }
    const advanced = [...states.values()].reduce((sum, one) => sum + (one.at(-1) ?? 0) - (one[0] ?? 0), 0);
    const used = heard.series.reduce((sum, one) => sum + Number(one.sum), 0);
    const inHoles = told(heard, 'hole', /advanced by (\d+);/).reduce((sum, [litres = 0]) => sum + litres, 0);
    expect(used + inHoles).toBe(advanced);
  });

  it('that are read each quarter, in no order, never give use for a register that went back', async () => {
    const heard = await read(
      'water-daiad-alicante/quarterly-register-reads.csv',
      mappingOf('alicante-water-quarterly'),
    );
    expect(heard.series).toHaveLength(8);
    expect(heard.blocks.flatMap(({ intervals }) => intervals).filter(({ value }) => (value ?? 0) < 0)).toEqual([]);
    expect(codesOf(heard)).toEqual({ repeated: 88, 'register-went-back': 6, 'register-reset': 9 });
    for (const { overlaps } of heard.series) expect(overlaps).toBe(0);
  });
});

describe.skipIf(!isPresent('au-portal-csv'))('exports of Australian portals', () => {
  /** Sum of the cells of a wide file, Wh, read by nothing of ours. */
  const summed = (file: string): number =>
    bytesOf(file)
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .flatMap((line) => line.split(',').slice(5))
      .reduce((sum, cell) => sum + Math.round(Number(cell) * 1000), 0);

  it.each([
    ['au-jemena-web', 'example-01-vic-jemena-web.csv', 3],
    ['au-mypowerplanner', 'example-04-vic-ausnet-mypowerplanner.csv', 366],
  ])('%s: a day in a row of 48 columns', async (mapping, name, days) => {
    const { series, errors } = await read(`au-portal-csv/${name}`, mappingOf(mapping));
    expect(errors).toEqual([]);
    expect(series).toMatchObject([
      { namespace: 'nmi', reference: '1111111111', register: 'E1', count: days * 48, gaps: 0, overlaps: 0 },
    ]);
    expect(Number(series[0]?.sum)).toBe(summed(`au-portal-csv/${name}`));
  });

  it('taken for local time, the day on which clocks go forward would have two values too many', async () => {
    const mapping = mappingOf('au-mypowerplanner');
    const local = { ...mapping, time: { ...mapping.time, zone: 'Australia/Melbourne' } };
    const { errors, series } = await read('au-portal-csv/example-04-vic-ausnet-mypowerplanner.csv', local);
    expect(errors.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '310:10 no-such-local-time',
      '310:11 no-such-local-time',
    ]);
    expect(series[0]?.gaps).toBe(1);
  });

  it('au-red-energy-email: an interval in a row, its unit and register beside it', async () => {
    const { series, errors } = await read(
      'au-portal-csv/example-02-vic-redenergy-email.csv',
      mappingOf('au-red-energy-email'),
    );
    expect(errors).toEqual([]);
    expect(series).toMatchObject([{ register: 'E1', unit: 'Wh', count: 8, sum: '726', gaps: 0 }]);
  });
});
