import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualityMethodOf, readQualityMethod } from '#functions/imports/rules/nem/codes.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { type NemStream, writeNem12 } from '#functions/imports/rules/write/nem12.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { aRegister, type Series, someIntervals, wholeDays, written } from '#tests/support/meters/written-readings.ts';
import { hear } from '#tests/support/source-events.ts';

const zone = 'Australia/Sydney';
const created = secondsOf('2026-04-10T03:04:05Z');
const streamOf = (series: Series, more: Partial<NemStream> = {}): NemStream & Series => ({
  ...series,
  servicePoint: '6102345678',
  suffix: 'E1',
  meterSerial: 'ABC-1234',
  ...more,
  intervals: series.intervals,
});
const textOf = async (...streams: readonly NemStream[]): Promise<string> =>
  (await written(writeNem12({ created, from: 'ROTUNDA', to: 'RETAILER', streams }))).text;
const linesOf = (text: string): readonly string[] => text.split('\r\n').slice(0, -1);

/** Sydney, over the night clocks go back: 50 half-hours on 5 April. */
const use = wholeDays(aRegister(zone), '2026-04-04', '2026-04-07', (index) => [index * 7, 0]);
const solar = wholeDays(
  aRegister(zone, { id: '2', flow: 'reverse', powerOfTen: -3 }),
  '2026-04-04',
  '2026-04-05',
  () => [1, 0],
);

/** What the flag of a code says when it is read back. */
const readBack = (code: QualityCode): number | undefined => readQualityMethod(qualityMethodOf(code))?.code;

describe('a NEM12 file', () => {
  it('has a header, details, days of market time whatever the zone, and an end', async () => {
    const lines = linesOf(await textOf(streamOf(use)));
    expect(lines[0]).toBe('100,NEM12,202604101304,ROTUNDA,RETAILER');
    expect(lines[1]).toBe('200,6102345678,E1,E1,E1,,ABC-1234,kWh,30,');
    expect(lines.at(-1)).toBe('900');
    const days = lines.filter((line) => line.startsWith('300')).map((line) => line.split(','));
    expect(days.map(([, date]) => date)).toEqual(['20260403', '20260404', '20260405', '20260406']);
    expect(new Set(days.map((fields) => fields.length))).toEqual(new Set([2 + 48 + 5]));
    // Local midnight is 23:00 of the market while summer time lasts.
    expect(days[0]?.slice(47, 51)).toEqual(['0.000', '0.000', '0.007', 'V']);
    expect(lines[3]).toBe('400,1,46,N,,');
    expect(days[1]?.slice(2, 4)).toEqual(['0.014', '0.021']);
    expect(days[1]?.slice(-5)).toEqual(['A', '', '', '20260410130405', '']);
  });

  it('gives a reader every value at its instant, with its direction and serial', async () => {
    const { blocks, errors } = await hear(
      readNem([await textOf(streamOf(use), streamOf(solar, { suffix: 'B1' }))], 'NEM12'),
    );
    expect(errors).toEqual([]);
    expect(blocks[0]?.series).toMatchObject({
      reference: '6102345678',
      register: 'E1',
      unit: 'Wh',
      flow: 'forward',
      serial: 'ABC-1234',
    });
    const read = (register: string) =>
      blocks
        .filter(({ series }) => series.register === register)
        .flatMap(({ intervals, powerOfTen }) =>
          intervals.map((one) => ({ ...one, value: one.value === null ? null : one.value * 10 ** powerOfTen })),
        )
        .filter(({ value }) => value !== null);
    expect(read('E1')).toEqual(use.intervals);
    expect(read('B1')).toEqual(solar.intervals.map((one) => ({ ...one, value: 0.001 })));
    const [, details] = linesOf(await textOf(streamOf(use), streamOf(solar, { suffix: 'B1' })));
    expect(details?.split(',')[2]).toBe('E1B1');
  });

  it('tells a change of quality within a day by 400 records that cover the day, with the code of ESPI as reason', async () => {
    const codes: readonly QualityCode[] = [0, 8, 9, 0];
    const series = wholeDays(aRegister('+10:00'), '2026-01-01', '2026-01-02', (index) => [
      index === 47 ? null : 100,
      codes[Math.floor(index / 12)] ?? 0,
    ]);
    const lines = linesOf(await textOf(streamOf(series)));
    expect(lines.slice(3, -1)).toEqual([
      '400,1,12,A,,',
      '400,13,24,S14,0,ESPI quality 8',
      '400,25,36,S17,0,ESPI quality 9',
      '400,37,47,A,,',
      '400,48,48,N,,',
    ]);
  });

  it('tells the quality of a day in its 300 record where it is one', async () => {
    const series = wholeDays(aRegister('+10:00'), '2026-01-01', '2026-01-03', (index) => [1, index < 48 ? 8 : 0]);
    const days = linesOf(await textOf(streamOf(series))).slice(2, -1);
    expect(days.map((day) => day.split(',').slice(50, 53))).toEqual([
      ['S14', '0', 'ESPI quality 8'],
      ['A', '', ''],
    ]);
  });

  it('writes finer registers in watt-hours, so that no value has more than four decimals', async () => {
    const fine = { ...solar, register: { ...solar.register, powerOfTen: -4 } };
    const lines = linesOf(await textOf(streamOf(fine, { suffix: 'B1' })));
    expect(lines[1]).toContain(',Wh,30,');
    expect(lines[2]).toContain(',0.0001,');
  });

  it('goes out a day at a time', async () => {
    const year = wholeDays(aRegister('+10:00'), '2025-01-01', '2026-01-01', (index) => [index % 1000, 0]);
    const { pieces, longest } = await written(writeNem12({ created, from: 'A', to: 'B', streams: [streamOf(year)] }));
    expect(pieces).toBe(365 + 2);
    expect(longest).toBeLessThan(1000);
  });

  it.each([
    ['a name that is no NMI', streamOf(use, { servicePoint: 'svp_1' }), 'wrong-name'],
    ['a suffix of the other direction', streamOf(use, { suffix: 'B1' }), 'wrong-name'],
    ['a serial that would break the line', streamOf(use, { meterSerial: 'a,b' }), 'wrong-name'],
    ['water', streamOf({ ...use, register: aRegister(zone, { unit: 'L', commodity: 'water' }) }), 'wrong-unit'],
    ['a scale too fine', streamOf({ ...use, register: aRegister(zone, { powerOfTen: -5 }) }), 'wrong-unit'],
    [
      'intervals of seven minutes',
      streamOf({ ...use, register: aRegister(zone, { intervalSeconds: 420 }) }),
      'wrong-interval',
    ],
    [
      'intervals of another length',
      streamOf({ ...use, register: aRegister(zone, { intervalSeconds: 900 }) }),
      'wrong-interval',
    ],
    [
      'an interval off the grid of market time',
      streamOf({ ...use, intervals: [{ start: 600, seconds: 1800, value: 1, quality: 0 }] }),
      'off-the-grid',
    ],
    [
      'a negative value',
      streamOf({ ...use, intervals: [{ start: 0, seconds: 1800, value: -1, quality: 0 }] }),
      'wrong-value',
    ],
    ['intervals out of order', streamOf({ ...use, intervals: use.intervals.toReversed() }), 'out-of-order'],
  ] as const)('does not write %s', async (_what, stream, code) => {
    await expect(textOf(stream)).rejects.toMatchObject({ name: 'NotWritable', code });
  });

  it('does not write a participant with a comma', async () => {
    await expect(written(writeNem12({ created, from: 'A,B', to: 'C', streams: [] }))).rejects.toMatchObject({
      code: 'wrong-name',
    });
  });

  it('gives back values, sums and flags, whatever is exported', async () => {
    const shape = fc.record({
      seconds: fc.constantFrom(300, 900, 1800, 3600),
      powerOfTen: fc.integer({ min: -4, max: 6 }),
      unit: fc.constantFrom('Wh', 'varh'),
    } as const);
    const any = shape.chain(({ seconds, ...more }) =>
      fc.record({
        register: fc.constant(aRegister(zone, { ...more, intervalSeconds: seconds })),
        intervals: someIntervals(seconds, fc.integer({ min: 0, max: 10 ** 9 })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(any, async ({ register, intervals }) => {
        const there = intervals.filter(({ value }) => value !== null);
        const text = await textOf(streamOf({ servicePoint: '', register, intervals }));
        const { blocks, errors } = await hear(readNem([text], 'NEM12'));
        expect(errors.map(({ code }) => code)).toEqual(there.length === 0 ? ['no-data'] : []);
        const read = blocks.flatMap((block) =>
          block.intervals.map((one) => ({ ...one, powerOfTen: block.powerOfTen })),
        );
        const found = read.filter(({ value }) => value !== null);
        expect(found.map(({ start, quality: code }) => [start, code])).toEqual(
          there.map(({ start, quality: code }) => [start, readBack(code)]),
        );
        // In the finest scale of all: a day of nothing but zeros is read in a coarser one than it was measured in.
        const exact = (value: number | null | undefined, power: number): bigint =>
          BigInt(value ?? -1) * 10n ** BigInt(power + 9);
        found.forEach(({ value, powerOfTen }, index) => {
          expect(exact(value, powerOfTen)).toBe(exact(there[index]?.value, register.powerOfTen));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('keeps apart what was measured and what was not, for every code', () => {
    for (const code of Object.values(quality)) {
      const isMeasured = code === 0 || code === 17 || code === 19;
      expect(qualityMethodOf(code) === 'A', `${code}`).toBe(isMeasured);
      expect(readBack(code), `${code}`).toBeDefined();
    }
  });
});
