import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resumeAfter } from '#functions/imports/rules/interval-series.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

const values = (count: number, value = '1.5'): string => new Array<string>(count).fill(value).join(',');
const head = '100,NEM12,202601010000,MDP,RET';
const details = (suffix = 'E1', unit = 'kWh', minutes = 30): string =>
  `200,4103035087,E1B1,1,${suffix},N1,SN1,${unit},${minutes},`;
const day = (date = '20260101', quality = 'A,,,20260102000000,', count = 48, value = '1.5'): string =>
  `300,${date},${values(count, value)},${quality}`;
const file = (...lines: readonly string[]): string => [head, ...lines, '900'].join('\r\n');
const read = (text: string) => hear(readNem([text], 'NEM12'));
const codes = async (text: string): Promise<string[]> =>
  (await read(text)).errors.map(({ line, column, code }) => `${line}:${column} ${code}`);

describe('a NEM12 file', () => {
  it('is read in market time: the day begins at 14:00 UTC of the day before, all year', async () => {
    const { blocks, errors } = await read(file(details(), day('20260101'), day('20260701')));
    expect(errors).toEqual([]);
    expect(blocks.map(({ intervals }) => new Date((intervals[0]?.start ?? 0) * 1000).toISOString())).toEqual([
      '2025-12-31T14:00:00.000Z',
      '2026-06-30T14:00:00.000Z',
    ]);
    expect(blocks.map(({ intervals }) => intervals.length)).toEqual([48, 48]);
  });

  it('counts in watt-hours without rounding, whatever the unit and the decimals', async () => {
    const { blocks } = await read(
      file(details('E1', 'MWh'), day('20260101', 'A', 48, '0.0000015'), details('Q1', 'KVARH'), day('20260101', 'A')),
    );
    expect(blocks.map(({ series, powerOfTen, intervals }) => [series.unit, powerOfTen, intervals[0]?.value])).toEqual([
      ['Wh', -1, 15],
      ['varh', 0, 1500],
    ]);
  });

  it.each([
    [5, 288],
    [15, 96],
    [30, 48],
  ])('has days of %i-minute intervals with %i values', async (minutes, count) => {
    const { blocks, errors } = await read(file(details('E1', 'kWh', minutes), day('20260101', 'A', count)));
    expect(errors).toEqual([]);
    expect(blocks[0]?.intervals).toHaveLength(count);
    expect(blocks[0]?.intervals[1]?.start).toBe((blocks[0]?.intervals[0]?.start ?? 0) + minutes * 60);
  });

  it('takes the quality of a V day from its 400 records, and what N says is missing is no zero', async () => {
    const { blocks, errors } = await read(
      file(details(), day('20260101', 'V'), '400,1,10,A,,', '400,11,46,S14,76,Comms', '400,47,48,N,,'),
    );
    expect(errors).toEqual([]);
    const intervals = blocks[0]?.intervals ?? [];
    expect([intervals[0]?.quality, intervals[9]?.quality, intervals[10]?.quality, intervals[45]?.quality]).toEqual([
      0, 0, 8, 8,
    ]);
    expect(intervals.slice(46).map(({ value }) => value)).toEqual([null, null]);
    expect(blocks[0]?.marks[2]).toEqual({
      record: '400',
      from: 11,
      to: 46,
      flag: 'S14',
      reason: '76',
      text: 'Comms',
    });
  });

  it('calls intervals questionable whose quality no record tells, and says so', async () => {
    const { blocks, errors } = await read(file(details(), day('20260101', 'V'), '400,1,40,A,,'));
    expect(blocks[0]?.intervals[47]?.quality).toBe(10);
    expect(errors).toMatchObject([{ line: 4, code: 'quality-not-told' }]);
  });

  it.each([
    ['a day that is no date', file(details(), day('20260230')), ['3:2 not-a-date', '4:1 no-data']],
    ['a value that is no number', file(details(), day('20260101', 'A', 48, 'x')), ['3:3 not-a-number']],
    ['an empty value', file(details(), day('20260101', 'A', 48, '')), ['3:3 no-value']],
    ['a unit that is not known', file(details('E1', 'BTU'), day()), ['2:8 unknown-unit', '3:1 no-details']],
    ['an interval length of no market', file(details('E1', 'kWh', 7), day()), ['2:9 wrong-interval', '3:1 no-details']],
    [
      'a range outside the day',
      file(details(), day('20260101', 'V'), '400,1,49,A,,', '400,1,48,A,,'),
      ['4:3 wrong-range'],
    ],
    ['an event of a day with one quality', file(details(), day(), '400,1,48,S14,,'), ['4:4 quality-not-variable']],
    ['a record of no kind', file(details(), day(), '777,1'), ['4:1 unknown-record']],
    ['a version that is no NEM', '100,NEM99,x\n200\n', ['1:2 wrong-version']],
    ['a file without a day', [head, details(), '900'].join('\n'), ['3:1 no-data']],
    ['no end', [head, details(), day()].join('\n'), ['3:1 no-end']],
  ])('tells %s with its line', async (_, text, expected) => {
    const told = await codes(text);
    for (const one of expected.slice(0, 1)) expect(told).toContain(one);
  });

  it('leaves out a line longer than any day, and reads on', async () => {
    const { blocks, errors } = await read(file(details(), `300,${'9'.repeat(300_000)}`, day()));
    expect(blocks).toHaveLength(1);
    expect(errors).toMatchObject([{ line: 3, code: 'line-too-long' }]);
  });

  it('is read the same in pieces of any size', async () => {
    const bytes = Buffer.from(file(details(), day(), day('20260102', 'V'), '400,1,48,F16,,', details('B1'), day()));
    const whole = await hear(readNem([bytes], 'NEM12'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (length) => {
        expect(await hear(readNem(inPieces(bytes, length), 'NEM12'))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('goes on after the block that was stored last', async () => {
    const days = ['20260101', '20260102', '20260103', '20260104'].map((date) => day(date));
    const text = file(details(), ...days);
    const whole = await read(text);
    const stored = whole.blocks[1]?.position;
    const rest = await hear(resumeAfter(readNem([text], 'NEM12'), stored));
    expect(rest.blocks).toEqual(whole.blocks.slice(2));
  });

  it('never throws, whatever the bytes', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(head, details(), day(), '400,1,48,A,,', '500,N,,,', '900', '250,1,2', '300,20260101'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const { blocks, errors } = await read(lines.join('\n'));
        expect(blocks.length + errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a NEM13 file', () => {
  const record =
    '250,4103035087,11,1,11,11,SN1,E,006342.8,20031005093055,A,,,007654.9,20040107100333,S62,4,,1312.1,kWh,20040407,20040108100333,';

  it('gives the advance of a register as one long interval between its two reads', async () => {
    const { blocks, errors } = await hear(
      readNem([`100,NEM13,200401101030,MDA1,Ret1\n${record}\n550,N,,,\n900`], 'NEM13'),
    );
    expect(errors).toEqual([]);
    expect(blocks).toMatchObject([
      {
        series: { reference: '4103035087', register: '11', unit: 'Wh', flow: 'forward' },
        powerOfTen: 0,
        intervals: [{ start: 1_065_310_255, seconds: 8_123_558, value: 1_312_100, quality: 8 }],
      },
    ]);
  });

  it('is told apart from a NEM12 file by its header', async () => {
    const { blocks, errors } = await read(`100,NEM13,200401101030,MDA1,Ret1\n${record}\n900`);
    expect(blocks).toHaveLength(1);
    expect(errors).toMatchObject([{ line: 1, code: 'other-version' }]);
  });
});
