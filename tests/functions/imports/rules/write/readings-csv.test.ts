import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '#functions/imports/rules/write/csv-cells.ts';
import { writeReadingsCsv } from '#functions/imports/rules/write/readings-csv.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { visible } from '#shared/vocabulary/plain-text.ts';
import { aRegister, type Series, someIntervals, wholeDays, written } from '#tests/support/meters/written-readings.ts';

const textOf = async (...series: readonly Series[]): Promise<string> => (await written(writeReadingsCsv(series))).text;
const rowsOf = (text: string): readonly Readonly<Record<string, string>>[] =>
  parse(text, { columns: true, bom: true, record_delimiter: '\r\n' });
const named = (series: Series, servicePoint: string): Series => ({ ...series, servicePoint });

describe('readings as CSV for people', () => {
  it('are local times with their offset, the unit people count in, and quality in words', async () => {
    const series = wholeDays(aRegister('Europe/London'), '2026-06-01', '2026-06-02', (index) => [
      index === 1 ? null : index * 141,
      index === 2 ? 9 : 0,
    ]);
    const lines = (await textOf(named(series, 'Home'))).split('\r\n');
    expect(lines.slice(0, 4)).toEqual([
      '\ufeffservice point,register,flow,start,end,value,unit,quality',
      'Home,E1,forward,2026-06-01T00:00:00+01:00,2026-06-01T00:30:00+01:00,0.000,kWh,actual',
      'Home,E1,forward,2026-06-01T00:30:00+01:00,2026-06-01T01:00:00+01:00,,kWh,missing',
      'Home,E1,forward,2026-06-01T01:00:00+01:00,2026-06-01T01:30:00+01:00,0.282,kWh,estimated by interpolation',
    ]);
    expect(lines.length).toBe(1 + 48 + 1);
  });

  it('tell the hour that comes twice apart by its offset, and have no row for the hour that does not come', async () => {
    const starts = async (from: string, to: string): Promise<readonly string[]> => {
      const series = wholeDays(aRegister('Europe/London', { intervalSeconds: 3600 }), from, to, () => [1, 0]);
      return rowsOf(await textOf(series)).map(({ start = '' }) => start);
    };
    const autumn = await starts('2026-10-25', '2026-10-26');
    expect(autumn.length).toBe(25);
    expect(new Set(autumn).size).toBe(25);
    expect(autumn.slice(1, 3)).toEqual(['2026-10-25T01:00:00+01:00', '2026-10-25T01:00:00+00:00']);
    const spring = await starts('2026-03-29', '2026-03-30');
    expect(spring.slice(0, 3)).toEqual([
      '2026-03-29T00:00:00+00:00',
      '2026-03-29T02:00:00+01:00',
      '2026-03-29T03:00:00+01:00',
    ]);
  });

  it('name zones west of Greenwich and with half hours as they are', async () => {
    const first = async (zone: string): Promise<string | undefined> =>
      rowsOf(await textOf(wholeDays(aRegister(zone), '2026-01-01', '2026-01-02', () => [1, 0])))[0]?.start;
    expect(await first('America/St_Johns')).toBe('2026-01-01T00:00:00-03:30');
    expect(await first('Australia/Adelaide')).toBe('2026-01-01T00:00:00+10:30');
    expect(await first('UTC')).toBe('2026-01-01T00:00:00+00:00');
  });

  it('goes out in pieces of bounded length', async () => {
    const year = wholeDays(aRegister('UTC'), '2025-01-01', '2026-01-01', (index) => [index, 0]);
    const { longest, text } = await written(writeReadingsCsv([year, year]));
    expect(longest).toBeLessThan(60_000);
    expect(rowsOf(text).length).toBe(2 * 365 * 48);
  });

  it('are what was measured, exactly, whatever the unit, scale and sign', async () => {
    const units = { Wh: 3, varh: 3, L: 0, m3: 0, ft3: 0, therm: 0 } as const;
    const any = fc.record({
      unit: fc.constantFrom('Wh', 'varh', 'L', 'm3', 'ft3', 'therm'),
      powerOfTen: fc.integer({ min: -6, max: 6 }),
      zone: fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', '+05:45', 'UTC'),
      intervals: someIntervals(900, fc.integer({ min: -(10 ** 12), max: 10 ** 12 })),
    } as const);
    await fc.assert(
      fc.asyncProperty(any, async ({ intervals, zone, unit, powerOfTen }) => {
        const rows = rowsOf(
          await textOf({
            servicePoint: 'x',
            register: aRegister(zone, { unit, powerOfTen, intervalSeconds: 900 }),
            intervals,
          }),
        );
        expect(rows.length).toBe(intervals.length);
        rows.forEach(({ start = '', end = '', value = '', quality: words }, index) => {
          const told = intervals[index];
          expect([Date.parse(start) / 1000, Date.parse(end) / 1000]).toEqual([told?.start, (told?.start ?? 0) + 900]);
          const scale = 10n ** 20n;
          const [whole = '', part = ''] = value.replace('-', '').split('.');
          const exact = BigInt(whole + part.padEnd(20, '0')) * (value.startsWith('-') ? -1n : 1n);
          if (told?.value === null || told === undefined) expect([value, words]).toEqual(['', 'missing']);
          else {
            expect(exact * 10n ** BigInt(units[unit] + 6)).toBe(
              BigInt(told.value) * scale * 10n ** BigInt(powerOfTen + 6),
            );
            expect(words).not.toBe('missing');
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it('has different words for every code of quality', async () => {
    const codes = Object.values(quality);
    const series = wholeDays(aRegister('UTC'), '2026-01-01', '2026-01-02', (index) => [
      1,
      codes[index % codes.length] ?? 0,
    ]);
    expect(new Set(rowsOf(await textOf(series)).map(({ quality: words }) => words)).size).toBe(codes.length);
  });
});

describe('a line of CSV', () => {
  it.each(['=1+1', '+44', '-2', '@SUM(A1)', '\tx', '\rx', '\nx', '=HYPERLINK("http://x")'])(
    'never begins a text as a formula: %j',
    (text) => {
      const [[cell = ''] = []] = parse(csvLine([text]), { record_delimiter: '\r\n' });
      expect(cell).toBe(`'${visible(text)}`);
    },
  );

  it('leaves a negative number a number', () => {
    expect(csvLine([{ number: '-0.250' }, 'x'])).toBe('-0.250,x\r\n');
    expect(() => csvLine([{ number: '=1' }])).toThrow(RangeError);
    expect(() => csvLine([{ number: '1e3' }])).toThrow(RangeError);
  });

  it('is read by another program as it was given, whatever the texts, but for what would steer a terminal', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@,"\r\n\ta ]{0,8}$/));
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (lines) => {
        const [read, given] = [
          parse(lines.map(csvLine).join(''), { record_delimiter: '\r\n', relax_column_count: true }),
          lines.map((cells) => cells.map((cell) => `${/^[=+\-@\t\r\n]/.test(cell) ? "'" : ''}${visible(cell)}`)),
        ];
        expect(read).toEqual(given);
        expect(read.flat().filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
