import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billableQualities, estimatedQualities, quality } from '#shared/vocabulary/measures.ts';
import { dayLength } from '#shared/vocabulary/time.ts';
import { mappingOf } from '#tests/support/csv-mappings.ts';
import { ImportingSystem, type Usage } from '#tests/support/importing-system.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const sets = ['uk-household', 'ontario-tou-home', 'london-daily'];
const absent = sets.filter((set) => !existsSync(`${data}${set}`));
if (absent.length > 0) console.log(`skipped: the data sets ${absent.join(', ')} are not beside this checkout`);

const bytesOf = (file: string): Buffer => readFileSync(`${data}${file}`);
/** Cells of a file's rows, read by nothing of ours. */
const rowsOf = (file: string): readonly (readonly string[])[] => {
  const bytes = bytesOf(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim();
  return text
    .split(/\r?\n/)
    .map((line) => line.split(','))
    .slice(1);
};

/** What was measured, in kWh: all that is told but estimates. */
const measuredIn = ({ total, powerOfTen }: Usage): { readonly count: number; readonly kilowattHours: number } => {
  const measured = total.byQuality.filter((one) => !estimatedQualities.has(one.quality));
  const value = measured.reduce((sum, one) => sum + one.value, 0);
  return {
    count: measured.reduce((sum, { count }) => sum + count, 0),
    kilowattHours: Math.round(value * 10 ** (powerOfTen + 3)) / 1e6,
  };
};
const counted = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

interface Facts {
  readonly rows: number;
  readonly sum: number;
  readonly gaps: number;
  readonly missingIntervals: number;
  readonly duplicateTimestamps: number;
}
const factsOf = <One = Facts>(set: string): Record<string, One> =>
  JSON.parse(readFileSync(`${data}${set}/facts.json`, 'utf8'));

describe.skipIf(absent.length > 0)('homes whose files are imported into the running system', () => {
  let importing: ImportingSystem;
  beforeAll(async () => {
    importing = await ImportingSystem.start();
  });
  afterAll(() => importing.stop());
  const bring = (file: string, mapping: string) =>
    importing.bring({ bytes: bytesOf(file), format: 'csv', mapping: mappingOf(mapping) });

  describe.each([
    ['electricity', 'uk-electricity-hourly', 'uk-electricity-hdd-only-hourly-sample-0', 'opendsm:uk-electricity-0'],
    ['gas', 'uk-gas-hourly', 'uk-gas-hdd-only-hourly-sample-0', 'opendsm:uk-gas-0'],
  ])('%s of a home in the United Kingdom, with offsets', (_what, mapping, name, point) => {
    const file = `uk-household/${name}.csv.gz`;
    beforeAll(async () => {
      const rows = factsOf('uk-household')[name]?.rows;
      expect(await bring(file, mapping)).toMatchObject({ state: 'done', errors: [], counts: { sent: rows, aside: 0 } });
    }, 120_000);

    it('is what the data set says, over all and on each local day', async () => {
      const expected = factsOf('uk-household')[name];
      const usage = await importing.usage(point, { from: '2020-04-01', to: '2023-01-01', resolution: 'day' });
      expect(measuredIn(usage)).toEqual({ count: expected?.rows, kilowattHours: expected?.sum });
      expect(usage.total.missing).toBe(0);
      const days = new Map<string, number>();
      const london = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short' });
      for (const [at = '', kwh = ''] of rowsOf(file)) {
        const date = london.format(new Date(at.replace(' ', 'T')));
        days.set(date, (days.get(date) ?? 0) + Number(kwh));
      }
      const spikes = new Set(
        (await importing.exceptions(point))
          .filter((one) => one.quality !== undefined)
          .map(({ start }) => london.format(new Date(start))),
      );
      let checked = 0;
      for (const { start, value } of usage.data) {
        const date = london.format(new Date(start));
        if (spikes.has(date)) continue;
        checked += 1;
        expect((value ?? 0) * 10 ** (usage.powerOfTen - 3), date).toBeCloseTo(days.get(date) ?? Number.NaN, 6);
      }
      expect(usage.data).toHaveLength(days.size);
      expect(checked).toBeGreaterThan(days.size * 0.7);
    });

    it('has a day of 25 hours each autumn and one of 23 each spring', async () => {
      const days = ['2020-10-25', '2021-03-28', '2021-10-31', '2022-03-27', '2022-10-30'];
      for (const date of days) {
        const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
        const { data: rows } = await importing.usage(point, { from: date, to: next, resolution: 'interval' });
        expect(rows).toHaveLength(dayLength('Europe/London', date) / 3600);
        expect(rows.every(({ value }) => value !== null)).toBe(true);
        expect(new Set(rows.map(({ start }) => start)).size).toBe(rows.length);
      }
    });
  });

  it('keeps a half hour that a file tells twice once, and fills its holes or leaves them open', async () => {
    const name = 'uk-electricity-hdd-only-hourly-sample-1';
    const facts = factsOf('uk-household')[name];
    const file = `uk-household/${name}.csv.gz`;
    const { counts, errors } = await bring(file, 'uk-electricity-halfhourly');
    expect(errors).toEqual([]);
    expect(counts).toMatchObject({ read: facts?.rows, unchanged: facts?.duplicateTimestamps, aside: 0 });
    const once = new Map(
      rowsOf(file).map(([at = '', kwh = '']) => [Date.parse(`${at.replace(' ', 'T')}Z`) / 1000, Number(kwh)]),
    );
    const usage = await importing.usage('opendsm:uk-electricity-1', { from: '2012-10-01', to: '2014-02-01' });
    expect(measuredIn(usage)).toEqual({
      count: once.size,
      kilowattHours: Math.round([...once.values()].reduce((sum, value) => sum + value, 0) * 1e6) / 1e6,
    });
    const gaps = (await importing.exceptions('opendsm:uk-electricity-1')).filter(
      ({ rule }) => rule === 'missing-intervals',
    );
    const covered = gaps.flatMap(({ start, end }) => {
      const [from, to] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
      return Array.from({ length: (to - from) / 1800 }, (_, place) => from + place * 1800);
    });
    const [first, last] = [Math.min(...once.keys()), Math.max(...once.keys())];
    const missing = Array.from({ length: (last - first) / 1800 }, (_, place) => first + place * 1800).filter(
      (at) => !once.has(at),
    );
    expect(missing).toHaveLength(facts?.missingIntervals ?? -1);
    expect(covered.sort((left, right) => left - right)).toEqual(missing);
    const estimated = usage.total.byQuality.filter((one) => estimatedQualities.has(one.quality));
    const filled = gaps
      .filter(({ state }) => state === 'filled')
      .reduce((sum, { evidence }) => sum + Number(evidence.missing), 0);
    expect(estimated.reduce((sum, { count }) => sum + count, 0)).toBe(filled);
    expect(usage.total.missing).toBe(missing.length - filled);
  }, 120_000);

  it('of Ontario used 1,209.42 kWh, with a spring day of 23 hours and the last hour of a day at its end', async () => {
    const file = 'ontario-tou-home/electricity-usage.csv';
    const { state, counts, errors } = await bring(file, 'ontario-tou-home');
    expect({ state, counts }).toMatchObject({ state: 'done', counts: { sent: 2712, aside: 0 } });
    // Tiers are no readings: they are kept aside whole, and told.
    expect(counted(errors.map(({ code }) => code))).toEqual({ cost: errors.length });
    const tiers = errors.map(({ message }) => Number(/(\d+) such are kept aside/.exec(message)?.[1]));
    expect(tiers.reduce((sum, count) => sum + count, 0)).toBe(2712);
    const asked = { from: '2011-11-25', to: '2012-03-18' };
    const usage = await importing.usage('openmv:ontario-home', asked);
    expect(measuredIn(usage)).toEqual({ count: 2712, kilowattHours: 1209.42 });
    expect(usage.total).toMatchObject({ missing: 0, expected: 2712 });
    const hours = await importing.usage('openmv:ontario-home', { ...asked, resolution: 'interval' });
    // The file is in order of its stamps but for 00:00, which ends the date that it stands with.
    const byDate = new Map<string, number[]>();
    for (const [stamp = '', kwh = ''] of rowsOf(file)) {
      const [date = ''] = stamp.split(' ');
      byDate.set(date, [...(byDate.get(date) ?? []), Math.round(Number(kwh) * 1000)]);
    }
    const midnights = new Map(
      rowsOf(file)
        .filter(([stamp]) => stamp?.endsWith(' 00:00:00'))
        .map(([stamp = '', kwh]) => [stamp.split(' ')[0], Math.round(Number(kwh) * 1000)]),
    );
    const toronto = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Toronto', dateStyle: 'short' });
    const stored = new Map<string, number[]>();
    for (const { start, value } of hours.data) {
      const [month = '', day = '', year = ''] = toronto.format(new Date(start)).split('/');
      const date = `${month.padStart(2, '0')}/${day.padStart(2, '0')}/20${year}`;
      stored.set(date, [...(stored.get(date) ?? []), value ?? Number.NaN]);
    }
    for (const [date, values] of byDate) {
      expect(stored.get(date)?.toSorted(), date).toEqual(values.toSorted());
      // The file ends an hour before the end of its last day.
      if (midnights.has(date)) expect(stored.get(date)?.at(-1), date).toBe(midnights.get(date));
    }
    expect(midnights.size).toBe(byDate.size - 1);
    expect(stored.get('03/11/2012')).toHaveLength(23);
  }, 120_000);

  it('of London have the days and sums of the data set; a day that is not whole does not count as a low one', async () => {
    interface Days {
      readonly days: number;
      readonly first: string;
      readonly last: string;
      readonly missingDays: number;
      readonly incompleteDays: number;
      readonly kWh: number;
    }
    // Ten of the fifty: each day of a home is a block of its own.
    const facts = Object.entries(factsOf<Days>('london-daily')).slice(0, 10);
    const homes = new Set(facts.map(([home]) => home));
    const lines = gunzipSync(bytesOf('london-daily/block_1.csv.gz')).toString('utf8').split('\n');
    const some = lines.filter((line, index) => index === 0 || homes.has(line.split(',')[0] ?? ''));
    const days = facts.reduce((sum, [, one]) => sum + one.days, 0);
    const incomplete = facts.reduce((sum, [, one]) => sum + one.incompleteDays, 0);
    const { counts, errors } = await importing.bring({
      bytes: Buffer.from(`${some.join('\n')}\n`),
      format: 'csv',
      mapping: mappingOf('london-daily'),
    });
    expect(counts).toMatchObject({ read: days, sent: days, aside: 0 });
    expect(counted(errors.map(({ code }) => code))).toEqual({ incomplete });
    for (const [home, expected] of facts) {
      const usage = await importing.usage(`lcl:${home}`, { from: '2011-12-01', to: '2014-03-02' });
      const { count, kilowattHours } = measuredIn(usage);
      expect(count, home).toBe(expected.days);
      expect(kilowattHours, home).toBeCloseTo(expected.kWh, 2);
      expect(usage.total.expected - count, home).toBe(expected.missingDays);
      const counts = new Map(usage.total.byQuality.map((one) => [one.quality, one.count]));
      expect(counts.get(quality.questionable) ?? 0, home).toBeGreaterThanOrEqual(expected.incompleteDays);
      const billable = usage.total.byQuality.filter((one) => billableQualities.has(one.quality));
      expect(usage.total.value, home).toBe(billable.reduce((sum, { value }) => sum + value, 0));
    }
  }, 240_000);
});
