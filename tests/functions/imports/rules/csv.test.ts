import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import { spanAt } from '#shared/vocabulary/zones.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

type Written = Readonly<Record<string, unknown>>;
const time: Written = { columns: ['time'], format: 'YYYY-MM-DD HH:mm', zone: 'Europe/London', interval: 1800 };
const long: Written = {
  name: 'long',
  reference: { column: 'meter' },
  unit: { constant: 'kWh' },
  time,
  layout: { kind: 'long', values: [{ column: 'value' }] },
};
const mappingOf = (changes: Written = {}): CsvMapping => CsvMapping.parse({ ...long, ...changes });
const timed = (changes: Written): Written => ({ time: { ...time, ...changes } });
const read = (lines: readonly string[], changes: Written = {}) =>
  hear(readCsv([['meter,time,value', ...lines].join('\n')], mappingOf(changes)));
const told = (errors: readonly { line: number; column: number; code: string }[]): readonly string[] =>
  errors.map(({ line, column, code }) => `${line}:${column} ${code}`);
const iso = (start: number): string => new Date(start * 1000).toISOString().slice(0, 16);
const startsOf = ({ blocks }: Awaited<ReturnType<typeof read>>): readonly string[] =>
  blocks.flatMap(({ intervals }) => intervals.map(({ start }) => iso(start)));
const clock = (date: string, from: number, count: number, step = 30): readonly string[] =>
  Array.from({ length: count }, (_, at) => {
    const minutes = from + at * step;
    return `m,${date} ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')},1`;
  });

describe('a CSV file with an interval in each row', () => {
  it('counts in watt-hours without rounding, each meter for itself', async () => {
    const { blocks, errors, series } = await read([
      'a,2026-01-05 00:00,0.25',
      'b,2026-01-05 00:00,1',
      'a,2026-01-05 00:30,0.0000001',
    ]);
    expect(errors).toEqual([]);
    expect(series.map(({ reference, count, sum }) => [reference, count, sum])).toEqual([
      ['a', 2, '250.0001'],
      ['b', 1, '1000'],
    ]);
    expect(blocks[0]?.intervals[1]).toMatchObject({ value: 1, seconds: 1800, quality: 0 });
  });

  it('takes a time for the end of its interval where the mapping says so', async () => {
    const rows = ['m,2026-01-05 00:30,1', 'm,2026-01-06 24:00,1'];
    expect(startsOf(await read(rows, timed({ stamp: 'end' })))).toEqual(['2026-01-05T00:00', '2026-01-06T23:30']);
    expect(startsOf(await read(['m,2026-01-05 00:00,1'], timed({ stamp: 'end', midnight: 'ends' })))).toEqual([
      '2026-01-05T23:30',
    ]);
  });

  it('reads decimal commas, and none of the other kind', async () => {
    const comma = { decimal: ',', delimiter: ';' };
    const heard = await hear(
      readCsv(['meter;time;value\r\nm;2026-01-05 00:00;0,5\r\nm;2026-01-05 00:30;0.5\r\n'], mappingOf(comma)),
    );
    expect(heard.series[0]?.sum).toBe('500');
    expect(told(heard.errors)).toEqual(['3:3 not-a-number']);
    expect(told((await read(['m,2026-01-05 00:00,"0,5"'])).errors)).toEqual(['2:3 not-a-number']);
  });

  it('multiplies exactly, and rounds only where the mapping says so: half to even', async () => {
    const noisy = 'm,2026-01-05 00:00,0.48200000000000004';
    expect(told((await read([noisy])).errors)).toEqual(['2:3 too-many-digits']);
    expect((await read([noisy], { decimals: 6, scale: '0.5' })).series[0]?.sum).toBe('241');
    const halves = ['m,2026-01-05 00:00,0.0005', 'm,2026-01-05 00:30,0.0015', 'm,2026-01-05 01:00,-0.0025'];
    expect((await read(halves, { decimals: 3 })).blocks[0]?.intervals.map(({ value }) => value)).toEqual([0, 2, -2]);
  });

  it('keeps what is missing as missing, not as zero', async () => {
    const { blocks, series, errors } = await read(
      ['m,2026-01-05 00:00,', 'm,2026-01-05 00:30,n/a', 'm,2026-01-05 01:00,0'],
      { missing: ['', 'n/a'] },
    );
    expect(errors).toEqual([]);
    expect(blocks[0]?.intervals.map(({ value }) => value)).toEqual([null, null, 0]);
    expect(series[0]?.count).toBe(1);
  });

  it('takes register, unit and quality of columns of their own', async () => {
    const text = [
      'meter,time,value,way,uom,how',
      'm,2026-01-05 00:00,1,import,kWh,A',
      'm,2026-01-05 00:00,2,export,Wh,E',
      'm,2026-01-05 00:30,2,sideways,Wh,A',
      'm,2026-01-05 00:30,2,import,BTU,A',
      'm,2026-01-05 00:30,3,import,kWh,?',
    ].join('\n');
    const { series, errors } = await hear(
      readCsv(
        [text],
        mappingOf({
          namespace: 'nmi',
          register: { column: 'way', names: { import: 'E1', export: 'B1' } },
          unit: { column: 'uom' },
          quality: { column: 'how', codes: { A: 0, E: 8 } },
        }),
      ),
    );
    expect(series.map(({ register, sum, quality }) => [register, sum, quality])).toEqual([
      ['E1', '4000', { 0: 1, 10: 1 }],
      ['B1', '2', { 8: 1 }],
    ]);
    expect(told(errors)).toEqual(['4:4 wrong-register', '5:5 unknown-unit', '6:6 wrong-quality']);
  });

  it('leaves out a row that cannot be right, with its line and field, and reads on', async () => {
    const { errors, series } = await read([
      'm,2026-02-30 00:00,1',
      'm,05/01/2026 00:00,1',
      ',2026-01-05 00:00,1',
      'm,2026-01-05 00:30,=1+1',
      'm,2026-01-05 01:00,1e400',
      'm,2026-01-05 01:30',
      `m\u0000,2026-01-05 02:00,1`,
      'm,2026-01-05 02:00,1',
      `"m,2026-01-05 02:30,1`,
    ]);
    expect(told(errors)).toEqual([
      '2:2 not-a-time',
      '3:2 not-a-time',
      '4:1 wrong-reference',
      '5:3 not-a-number',
      '6:3 too-many-digits',
      '7:3 no-cell',
      '8:1 wrong-reference',
      '10:1 open-quote',
    ]);
    expect(series).toMatchObject([{ count: 1, sum: '1000' }]);
    for (const { message } of errors) expect(message).toContain('left out');
  });

  it('reads quotes, blanks, a byte order mark, mixed line ends and bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(
        '\uFEFF"meter" , time,"value"\r\n"a ""b"", c" ,2026-01-05 00:00, "1"\n\n"two\nlines",2026-01-05 00:00,1\r\n',
      ),
      Buffer.from([0xe9]),
      Buffer.from(',2026-01-05 00:00,1\n'),
    ]);
    const { series, errors } = await hear(readCsv([bytes], mappingOf()));
    expect(series.map(({ reference }) => reference)).toEqual(['a "b", c']);
    expect(told(errors)).toEqual(['4:1 wrong-reference', '6:1 wrong-reference']);
  });

  it('is not read where the header does not fit the mapping', async () => {
    const heard = await hear(readCsv(['meter,when,value,value\nm,2026-01-05 00:00,1,1\n'], mappingOf()));
    expect(heard.blocks).toEqual([]);
    expect(heard.errors.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 the header has no column "time"; the file is not read',
      '1 the header has the column "value" 2 times; the file is not read',
    ]);
    expect(told((await hear(readCsv([''], mappingOf()))).errors)).toEqual(['1:1 empty-file']);
    expect(told((await read([])).errors)).toEqual(['1:1 no-data']);
  });

  it('needs no header where the mapping names the columns', async () => {
    const { series, errors } = await hear(
      readCsv(['m,2026-01-05 00:00,1\nm,2026-01-05 00:30,2'], mappingOf({ header: ['meter', 'time', 'value'] })),
    );
    expect(errors).toEqual([]);
    expect(series[0]?.count).toBe(2);
  });

  it('leaves out a line longer than any row, and reads on', async () => {
    const { errors, series } = await read([`m,${'9'.repeat(300_000)},1`, 'm,2026-01-05 00:00,1']);
    expect(told(errors)).toEqual(['2:1 line-too-long']);
    expect(series[0]?.count).toBe(1);
  });

  it('calls a value questionable that was made of too few measurements', async () => {
    const text = 'meter,time,value,n\nm,2026-01-05,10,48\nm,2026-01-06,1,7\n';
    const day = { ...timed({ format: 'YYYY-MM-DD', interval: 'day' }), complete: { column: 'n', count: 48 } };
    const { series, errors } = await hear(readCsv([text], mappingOf(day)));
    expect(series[0]?.quality).toEqual({ 0: 1, 10: 1 });
    expect(told(errors)).toEqual(['3:4 incomplete']);
  });
});

describe('clocks that change', () => {
  it('give both passes of the repeated hour, in the order of the rows', async () => {
    const rows = [...clock('2026-10-25', 30, 3), ...clock('2026-10-25', 60, 2), ...clock('2026-10-25', 120, 1)];
    const heard = await read(rows);
    expect(heard.errors).toEqual([]);
    expect(startsOf(heard)).toEqual([
      '2026-10-24T23:30',
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ]);
    expect(heard.series).toMatchObject([{ gaps: 0, overlaps: 0 }]);
    const newestFirst = await read([...rows].reverse(), timed({ order: 'descending' }));
    expect(startsOf(newestFirst)).toEqual([...startsOf(heard)].reverse());
  });

  it('leave a hole where the repeated hour is written once, and refuse an hour that never came', async () => {
    const autumn = await read(clock('2026-10-25', 0, 6));
    expect(autumn.series).toMatchObject([{ count: 6, gaps: 1, overlaps: 0 }]);
    const spring = await read(clock('2026-03-29', 0, 6));
    expect(told(spring.errors)).toEqual(['4:2 no-such-local-time', '5:2 no-such-local-time']);
    expect(spring.series).toMatchObject([{ count: 4, gaps: 0, overlaps: 0 }]);
  });

  it('of Lord Howe move by half an hour', async () => {
    const zone = timed({ zone: 'Australia/Lord_Howe' });
    const autumn = await read([...clock('2026-04-05', 60, 2), ...clock('2026-04-05', 90, 2)], zone);
    expect(startsOf(autumn)).toEqual(['2026-04-04T14:00', '2026-04-04T14:30', '2026-04-04T15:00', '2026-04-04T15:30']);
    const spring = await read(clock('2026-10-04', 90, 3), zone);
    expect(told(spring.errors)).toEqual(['3:2 no-such-local-time']);
    expect(startsOf(spring)).toEqual(['2026-10-03T15:00', '2026-10-03T15:30']);
  });

  it('make days of 23, 24 and 25 hours, or of half an hour less and more', async () => {
    const days = (zone: string, ...dates: readonly string[]) =>
      read(
        dates.map((date) => `m,${date},1`),
        timed({ format: 'YYYY-MM-DD', interval: 'day', zone }),
      );
    const hours = ({ blocks }: Awaited<ReturnType<typeof read>>): readonly number[] =>
      blocks.flatMap(({ intervals }) => intervals.map(({ seconds }) => seconds / 3600));
    expect(hours(await days('Europe/London', '2026-03-29', '2026-03-30', '2026-10-25'))).toEqual([23, 24, 25]);
    expect(hours(await days('Australia/Lord_Howe', '2026-04-05', '2026-10-04'))).toEqual([24.5, 23.5]);
    // Midnight of this day does not exist: it begins at 01:00.
    expect(hours(await days('America/Asuncion', '2023-09-30', '2023-10-01', '2023-10-02'))).toEqual([24, 23, 24]);
  });

  it('never change how many half hours go by, in any zone', async () => {
    const zones = [
      'Europe/London',
      'America/New_York',
      'Australia/Lord_Howe',
      'Australia/Adelaide',
      'Asia/Kolkata',
      'America/St_Johns',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.integer({ min: 1_704_067_200, max: 1_893_456_000 }),
        fc.boolean(),
        async (zone, from, isDescending) => {
          // The next change of clocks, or the end of a table of offsets.
          const first = Math.floor(spanAt(zone, from).to / 1800) * 1800 - 200 * 1800;
          const starts = Array.from({ length: 400 }, (_, at) => first + at * 1800);
          const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
          const rows = starts.map((start) => `m,${local.format(start * 1000)},1`);
          const order = isDescending ? 'descending' : 'ascending';
          const heard = await read(isDescending ? rows.reverse() : rows, timed({ zone, order }));
          expect(heard.errors).toEqual([]);
          const found = heard.blocks.flatMap(({ intervals }) => intervals.map(({ start }) => start));
          // The first row may stand in a repeated hour, where nothing tells which pass it is of.
          expect((isDescending ? found.reverse() : found).slice(4, -4)).toEqual(starts.slice(4, -4));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a CSV file with a day in each row', () => {
  const header = ['meter', 'time', ...Array.from({ length: 50 }, (_, at) => `h${at}`)].join(',');
  const wide = (changes: Written = {}, layout: Written = {}): CsvMapping =>
    mappingOf({
      ...timed({ format: 'YYYY-MM-DD' }),
      layout: { kind: 'wide', first: 'h0', count: 48, ...layout },
      ...changes,
    });
  const row = (date: string, count: number, value = '1'): string =>
    `m,${date},${new Array<string>(count).fill(value).join(',')}`;

  it('has columns that are times of the clock', async () => {
    const text = [header, row('2026-01-05', 48), row('2026-03-29', 48), row('2026-10-25', 48)].join('\n');
    const { series, errors } = await hear(readCsv([text], wide()));
    expect(told(errors)).toEqual(['3:5 no-such-local-time', '3:6 no-such-local-time']);
    expect(series[0]?.count).toBe(48 + 46 + 48);
    const blank = row('2026-03-29', 48)
      .split(',')
      .map((cell, at) => (at === 4 || at === 5 ? '' : cell))
      .join(',');
    expect((await hear(readCsv([`${header}\n${blank}`], wide()))).errors).toEqual([]);
  });

  it('has columns that count the intervals since midnight', async () => {
    const elapsed = wide({}, { count: 50, clock: 'elapsed' });
    const cells = (date: string, count: number): string => `${row(date, count)}${','.repeat(50 - count)}`;
    const text = [header, cells('2026-03-29', 46), cells('2026-03-30', 48), cells('2026-10-25', 50)].join('\n');
    const heard = await hear(readCsv([text], elapsed));
    expect(heard.errors).toEqual([]);
    expect(heard.series).toMatchObject([{ count: 144, gaps: 1, overlaps: 0 }]);
    const tooMany = await hear(readCsv([`${header}\n${cells('2026-03-29', 47)}`], elapsed));
    expect(told(tooMany.errors)).toEqual(['2:49 no-such-local-time']);
  });

  it('tells a row that ends early, and a cell that is no value', async () => {
    const text = [header, row('2026-01-05', 20), row('2026-01-06', 48).replace(',1,', ',x,')].join('\n');
    const { series, errors } = await hear(readCsv([text], wide()));
    expect(told(errors)).toEqual(['2:23 no-cell', '3:3 not-a-number']);
    expect(series[0]?.count).toBe(20 + 47);
  });

  it('needs a header with all its columns', async () => {
    const { errors } = await hear(readCsv(['meter,time,h0,h1\nm,2026-01-05,1,1'], wide()));
    expect(errors.map(({ message }) => message)).toEqual([
      'the header has 2 columns from "h0" on, not 48; the file is not read',
    ]);
  });
});

describe('a CSV file whose values hold until the next row', () => {
  const until = (changes: Written = {}): Written => timed({ format: 'YYYY-MM-DD', interval: 'until-next', ...changes });
  it('has intervals from row to row; the last one needs an end', async () => {
    const rows = ['m,2026-01-01,31', 'm,2026-02-01,28', 'm,2026-03-01,'];
    const { series, blocks, errors } = await read(rows, until());
    expect(errors).toEqual([]);
    expect(series).toMatchObject([{ count: 2, sum: '59000', gaps: 0 }]);
    expect(blocks[0]?.intervals.map(({ seconds }) => seconds / 86_400)).toEqual([31, 28]);
    expect(told((await read(rows.slice(0, 2), until())).errors)).toEqual(['3:3 no-end']);
    const newestFirst = await read([...rows].reverse(), until({ order: 'descending' }));
    expect(newestFirst.series).toEqual(series);
  });

  it('leaves out a row that does not go on', async () => {
    const { errors } = await read(['m,2026-01-02,1', 'm,2026-01-02,1', 'm,2026-01-01,1', 'm,2026-01-03,'], until());
    expect(told(errors)).toEqual(['3:3 repeated', '4:3 out-of-order']);
  });
});

describe('states of a register', () => {
  const states = (order = 'ascending'): Written => ({
    unit: { constant: 'L' },
    states: { longest: 7200 },
    ...timed({ interval: 'until-next', order }),
  });
  const hours = (...values: readonly (number | string)[]): readonly string[] =>
    values.map(
      (value, at) =>
        `m,2026-01-${String(5 + Math.floor(at / 24)).padStart(2, '0')} ${String(at % 24).padStart(2, '0')}:00,${value}`,
    );
  const used = async (rows: readonly string[], order?: string) => {
    const { blocks, errors } = await read(rows, states(order));
    return { values: blocks.flatMap(({ intervals }) => intervals.map(({ value }) => value)), errors: told(errors) };
  };

  it('give what the register advanced, which no row says', async () => {
    expect(await used(hours(100, 103, 103, '110.5'))).toEqual({ values: [30, 0, 75], errors: [] });
  });

  it('count nothing for a register that went back and came again', async () => {
    expect(await used(hours(100, 110, 90, 95, 112))).toEqual({ values: [10, 2], errors: ['4:3 register-went-back'] });
  });

  it('count nothing between two registers: one that stays below for a day is a new one', async () => {
    const heard = await read(hours(500, 510, ...Array.from({ length: 30 }, (_, at) => at)), states());
    expect(told(heard.errors)).toEqual(['4:3 register-reset']);
    expect(heard.series).toMatchObject([{ count: 30, sum: '39', gaps: 1 }]);
  });

  it('count nothing over a hole, and say how much it was', async () => {
    const { errors, series } = await read(
      ['m,2026-01-05 00:00,100', 'm,2026-01-05 09:00,900', 'm,2026-01-05 10:00,901'],
      states(),
    );
    expect(errors).toMatchObject([
      {
        line: 3,
        code: 'hole',
        message: 'no reading for 9 hours, in which the register advanced by 800; it counts for no interval',
      },
    ]);
    expect(series).toMatchObject([{ count: 1, sum: '1' }]);
  });

  it('tell rows that come again, that differ at one time, or are out of order', async () => {
    const rows = [...hours(100, 101), 'm,2026-01-05 01:00,101', 'm,2026-01-05 01:00,102', 'm,2026-01-05 00:30,100'];
    expect((await used(rows)).errors).toEqual(['4:3 repeated', '5:3 conflict', '6:3 out-of-order']);
  });

  it('may come in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 40 }),
        fc.integer(),
        async (advances, seed) => {
          let register = 0;
          const rows = hours(...advances.map((advance) => (register += advance)));
          const shuffled = [...rows].sort((left, right) => ((left.length * 31 + right.charCodeAt(12) * seed) % 3) - 1);
          const inOrder = await used(rows);
          expect(inOrder).toEqual({ values: advances.slice(1), errors: [] });
          expect(await used(shuffled, 'any')).toEqual(inOrder);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never give negative use, and never more than the register rose', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 }), async (shown) => {
        const { values } = await used(hours(...shown));
        const rises = shown.slice(1).reduce((sum, value, at) => sum + Math.max(0, value - (shown[at] ?? 0)), 0);
        expect(values.every((value) => value !== null && value >= 0)).toBe(true);
        expect(values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBeLessThanOrEqual(rises);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a mapping', () => {
  const faults = (changes: Written): readonly string[] =>
    CsvMapping.safeParse({ ...long, ...changes }).error?.issues.map(({ path }) => path.join('/')) ?? [];
  it.each([
    ['a name it does not know', { zone: 'Europe/London' }, ['']],
    ['a zone that is none', timed({ zone: '?' }), ['time/zone']],
    ['a format without a year', timed({ format: 'DD/MM HH:mm' }), ['time/format']],
    ['a format with minutes but no hours', timed({ format: 'YYYY-MM-DD mm' }), ['time/format']],
    ['a unit that is not read', { unit: { constant: 'furlong' } }, ['unit/constant']],
    ['no unit', { unit: { constant: '' } }, ['unit/constant']],
    ['a scale that is no decimal', { scale: '1/2' }, ['scale']],
    ['register states with a fixed interval', { states: { longest: 7200 } }, ['time/interval']],
    ['ends of days', timed({ interval: 'day', stamp: 'end' }), ['time/stamp']],
    [
      'days in rows without an interval',
      { ...timed({ interval: 'day' }), layout: { kind: 'wide', first: 'h0', count: 48 } },
      ['time/interval'],
    ],
    ['a quality that ESPI does not have', { quality: { column: 'q', codes: { A: 1 } } }, ['quality/codes/A']],
  ])('is refused with %s', (_, changes, expected) => {
    expect(faults(changes)).toEqual(expected);
  });
});

describe('any CSV file', () => {
  const rows = [
    'meter,time,value',
    ...clock('2026-10-25', 0, 4),
    '"m",2026-10-25 01:00,"2"',
    '"x\ny",2026-10-25 01:00,2',
    'm,2026-10-25 01:30,é',
    'm,2026-10-25 02:00,3',
  ];
  const bytes = Buffer.from(rows.join('\r\n'));

  it('is read the same in pieces of any size', async () => {
    const whole = await hear(readCsv([bytes], mappingOf()));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (length) => {
        expect(await hear(readCsv(inPieces(bytes, length), mappingOf()))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('that is cut off gives what stood before, and clear errors', async () => {
    const whole = await hear(readCsv([bytes], mappingOf()));
    // The last value may be cut away whole: then it is missing.
    const read = ({ blocks }: typeof whole): readonly number[] =>
      blocks.flatMap(({ intervals }) => intervals.flatMap(({ start, value }) => (value === null ? [] : [start])));
    const starts = read(whole);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        const cut = await hear(readCsv([bytes.subarray(0, length)], mappingOf()));
        expect(starts.slice(0, read(cut).length)).toEqual(read(cut));
        expect(cut.blocks.length + cut.errors.length).toBeGreaterThan(0);
        for (const { line, column, code, message } of cut.errors)
          expect([line > 0, column > 0, /^[a-z-]+$/.test(code), message.length > 10]).toEqual([true, true, true, true]);
      }),
      { numRuns: 150 },
    );
  });

  it('never makes the reader throw, whatever the bytes', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(...rows, '"', '"""', ',,,,', '=cmd()|x', 'm,2026-10-25 24:00,1'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const { blocks, errors } = await hear(readCsv([lines.join('\n')], mappingOf()));
        expect(blocks.length + errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
