import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IntervalCsvOptions, readIntervalCsv } from '#cli/feed/interval-csv.ts';
import { inSendOrder } from '#cli/feed/send-order.ts';
import { inRegister, powerOfTenFor } from '#cli/feed/units.ts';
import { decimalText, readDecimal, roundHalfEven, timesPowerOfTen } from '#functions/imports/rules/decimals.ts';
import { readStamp } from '#functions/imports/rules/stamps.ts';

describe('a decimal of a file', () => {
  it.each([
    ['0.141', { coefficient: 141, scale: 3 }],
    ['.5', { coefficient: 5, scale: 1 }],
    ['12.', { coefficient: 12, scale: 0 }],
    ['-0.0900', { coefficient: -9, scale: 2 }],
    ['1.2e-3', { coefficient: 12, scale: 4 }],
    ['1.5E3', { coefficient: 1500, scale: 0 }],
    ['0.48200000000000004', 'too-many-digits'],
    ['9007199254740993', 'too-many-digits'],
    ['1,5', 'not-a-number'],
    ['', 'not-a-number'],
    ['.', 'not-a-number'],
    ['NaN', 'not-a-number'],
    ['0x1F', 'not-a-number'],
    ['1 234', 'not-a-number'],
  ])('%s is read as it stands', (text, expected) => {
    expect(readDecimal(text)).toEqual(expected);
  });

  it('comes back exactly from the register, whatever its digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(6), (value, places) => {
        const decimal = readDecimal(decimalText(value, -places));
        if (typeof decimal === 'string') throw new Error(decimal);
        expect(timesPowerOfTen(decimal, places)).toBe(value);
        if (decimal.scale > 0) expect(timesPowerOfTen(decimal, decimal.scale - 1)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['0.125', 2, '0.12'],
    ['0.135', 2, '0.14'],
    ['-0.125', 2, '-0.12'],
    ['0.1251', 2, '0.13'],
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['0.996', 2, '1'],
    ['0.1', 2, '0.1'],
  ])('%s to %i decimals is %s, halves going to the even neighbour', (text, decimals, expected) => {
    const decimal = readDecimal(text);
    if (typeof decimal === 'string') throw new Error(decimal);
    const rounded = roundHalfEven(decimal, decimals);
    expect(decimalText(rounded.coefficient, -rounded.scale)).toBe(expected);
  });
});

describe('a time of a file', () => {
  const at = (text: string, zone: string, previous?: number) => {
    const instant = readStamp(text, zone, previous);
    return typeof instant === 'string' ? instant : new Date(instant * 1000).toISOString();
  };

  it.each([
    ['2012-02-10 08:00:00', '+10:00', '2012-02-09T22:00:00.000Z'],
    ['2012-02-10T08:00', 'Australia/Sydney', '2012-02-09T21:00:00.000Z'],
    ['2012-02-10T08:00:00Z', '+10:00', '2012-02-10T08:00:00.000Z'],
    ['2012-02-10T08:00:00.000+05:30', 'UTC', '2012-02-10T02:30:00.000Z'],
    ['2012-02-10 24:00', 'UTC', '2012-02-11T00:00:00.000Z'],
    ['2026-03-29 01:30', 'Europe/London', 'no-such-local-time'],
    ['2026-02-30 00:00', 'UTC', 'not-a-time'],
    ['2026-02-10 24:01', 'UTC', 'not-a-time'],
    ['10/02/2026 08:00', 'UTC', 'not-a-time'],
    ['2026-02-10', 'UTC', 'not-a-time'],
  ])('%s in %s', (text, zone, expected) => {
    expect(at(text, zone)).toBe(expected);
  });

  it('that comes twice when clocks go back is the second one after the first', () => {
    const [before, past] = ['2026-10-24T23:30:00Z', '2026-10-25T00:30:00Z'].map((text) => Date.parse(text) / 1000);
    expect(at('2026-10-25 01:00', 'Europe/London', before)).toBe('2026-10-25T00:00:00.000Z');
    expect(at('2026-10-25 01:00', 'Europe/London', past)).toBe('2026-10-25T01:00:00.000Z');
  });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-feed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const options: IntervalCsvOptions = {
  meterColumn: 'id',
  timeColumn: 'at',
  valueColumn: 'kwh',
  zone: '+10:00',
  stamp: 'start',
};
let files = 0;
const fileOf = async (text: string | Buffer, ending = 'csv'): Promise<string> => {
  files += 1;
  const path = join(folder, `${files}.${ending}`);
  await writeFile(path, text);
  return path;
};
const startOf = (text: string): number => Date.parse(`${text}+10:00`) / 1000;

describe('a file of intervals', () => {
  it('is read by meter, in order of time, with repeated rows counted and the first kept', async () => {
    const path = await fileOf(
      'at,id,kwh\n2026-03-01 00:30,A,0.2\n2026-03-01 00:00,A,0.1\n2026-03-01 00:00,B,7\n2026-03-01 00:30,A,0.20\n2026-03-01 00:30,A,0.3\n',
    );
    const file = await readIntervalCsv(path, options);
    expect(file).toMatchObject({ rows: 5, repeated: 2, differing: 1, intervalSeconds: 1800, faults: [] });
    expect(file.meters).toEqual([
      {
        meter: 'A',
        readings: [
          { start: startOf('2026-03-01T00:00'), value: { coefficient: 1, scale: 1 } },
          { start: startOf('2026-03-01T00:30'), value: { coefficient: 2, scale: 1 } },
        ],
      },
      { meter: 'B', readings: [{ start: startOf('2026-03-01T00:00'), value: { coefficient: 7, scale: 0 } }] },
    ]);
  });

  it('is read the same with a byte order mark, semicolons, quotes, CRLF and gzip', async () => {
    const plain = await readIntervalCsv(
      await fileOf('id,at,kwh\nA,2026-03-01 00:00,0.1\nA,2026-03-01 00:30,0.2\n'),
      options,
    );
    const dressed = '\ufeff"id";"at";"kwh"\r\n"A";"2026-03-01 00:00";"0.1"\r\nA;2026-03-01 00:30;0.2\r\n\r\n';
    expect(await readIntervalCsv(await fileOf(gzipSync(dressed), 'csv.gz'), options)).toEqual(plain);
  });

  it('names each row it leaves out: line, column and why', async () => {
    const path = await fileOf(
      'id,at,kwh\nA,2026-03-01 00:00,x\n,2026-03-01 00:00,1\nA,yesterday,1\nA,2026-03-01 00:30\nA,2026-03-01 01:00,\nA,2026-03-01 01:30,1\n',
    );
    const file = await readIntervalCsv(path, { ...options, intervalSeconds: 1800 });
    expect(file.faults).toEqual([
      { line: 2, column: 'kwh', code: 'not-a-number' },
      { line: 3, column: 'id', code: 'no-meter' },
      { line: 4, column: 'at', code: 'not-a-time' },
      { line: 5, column: 'kwh', code: 'no-cell' },
    ]);
    expect(file).toMatchObject({ rows: 6, empty: 1 });
    expect(file.meters[0]?.readings.length).toBe(1);
  });

  it('moves times that mark the end of an interval to its start', async () => {
    const path = await fileOf('id,at,kwh\nA,2026-03-01 00:30,1\nA,2026-03-01 01:00,2\n');
    const file = await readIntervalCsv(path, { ...options, stamp: 'end' });
    expect(file.meters[0]?.readings.map(({ start }) => start)).toEqual([
      startOf('2026-03-01T00:00'),
      startOf('2026-03-01T00:30'),
    ]);
  });

  it('counts what it rounds, and rounds nothing unless it is told to', async () => {
    const path = await fileOf('id,at,kwh\nA,2026-03-01 00:00,0.12345\nA,2026-03-01 00:30,0.5\n');
    expect((await readIntervalCsv(path, options)).rounded).toBe(0);
    const rounded = await readIntervalCsv(path, { ...options, decimals: 3 });
    expect(rounded.rounded).toBe(1);
    expect(rounded.meters[0]?.readings[0]?.value).toEqual({ coefficient: 123, scale: 3 });
  });

  it('cannot be read without its columns, without rows, or cut short in gzip', async () => {
    await expect(readIntervalCsv(await fileOf('a,b,c\n1,2,3\n'), options)).rejects.toThrow('no column "id"');
    await expect(readIntervalCsv(await fileOf(''), options)).rejects.toThrow('empty');
    await expect(readIntervalCsv(await fileOf('id,at,kwh\nA,2026-03-01 00:00,1\n'), options)).rejects.toThrow(
      '--interval',
    );
    const cut = gzipSync('id,at,kwh\nA,2026-03-01 00:00,1\n').subarray(0, 30);
    await expect(readIntervalCsv(await fileOf(cut, 'gz'), options)).rejects.toThrow();
    await expect(readIntervalCsv(join(folder, 'none.csv'), options)).rejects.toThrow('ENOENT');
  });
});

describe('the scale of a register', () => {
  const meterOf = (...texts: string[]) => ({
    meter: 'A',
    readings: texts.map((text, index) => {
      const value = readDecimal(text);
      if (typeof value === 'string') throw new Error(value);
      return { start: index, value };
    }),
  });

  it('is watt-hours for kilowatt-hours of three decimals, and finer only where the file is', () => {
    expect(powerOfTenFor('kWh', meterOf('0.141', '2'))).toBe(0);
    expect(powerOfTenFor('kWh', meterOf('0.141', '0.12345'))).toBe(-2);
    expect(powerOfTenFor('m3', meterOf('1.234'))).toBe(-3);
    expect(powerOfTenFor('Wh', meterOf('5'))).toBe(0);
  });

  it('takes a value exactly or not at all', () => {
    expect(inRegister('kWh', 0, { coefficient: 141, scale: 3 })).toBe(141);
    expect(inRegister('kWh', -2, { coefficient: 141, scale: 3 })).toBe(14_100);
    expect(inRegister('kWh', 0, { coefficient: 12_345, scale: 5 })).toBeUndefined();
    expect(inRegister('MWh', 0, { coefficient: 1, scale: 0 })).toBe(1_000_000);
  });
});

describe('the order of sending', () => {
  const messages = Array.from({ length: 1000 }, (_, index) => index);

  it('is that of the file unless it is shuffled, and the same for the same seed', () => {
    expect(inSendOrder(messages, { order: 'file', duplicate: 0, seed: 1 })).toEqual(messages);
    const shuffled = inSendOrder(messages, { order: 'shuffled', duplicate: 0.1, seed: 7 });
    expect(shuffled).toEqual(inSendOrder(messages, { order: 'shuffled', duplicate: 0.1, seed: 7 }));
    expect(shuffled).not.toEqual(inSendOrder(messages, { order: 'shuffled', duplicate: 0.1, seed: 8 }));
  });

  it('sends every message, and about the share asked for twice', () => {
    const shuffled = inSendOrder(messages, { order: 'shuffled', duplicate: 0.1, seed: 7 });
    expect(new Set(shuffled).size).toBe(1000);
    expect(shuffled.length).toBeGreaterThan(1060);
    expect(shuffled.length).toBeLessThan(1140);
    expect(inSendOrder(messages, { order: 'file', duplicate: 1, seed: 1 }).length).toBe(2000);
  });
});
