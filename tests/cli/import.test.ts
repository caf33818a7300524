import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './far-end.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};
const mapping = {
  name: 'home',
  reference: { column: 'meter' },
  unit: { constant: 'kWh' },
  time: { columns: ['time'], format: 'YYYY-MM-DD HH:mm', zone: 'Europe/London', interval: 1800 },
  layout: { kind: 'long', values: [{ column: 'value' }] },
};
const rows = 'meter,time,value\nm,2026-01-05 00:00,0.5\nm,2026-01-05 00:30,x\nm,2026-01-05 01:00,0.25\n';
const csv = (path: string, ...more: readonly string[]) => run(['import', path, '--format', 'csv', ...more]);

describe('import', () => {
  it('says what a CSV file holds, packed or not, and every line that was not taken', async () => {
    const how = await file('home.json', JSON.stringify(mapping));
    const plain = await csv(await file('home.csv', rows), '--mapping', how, '--dry-run', '--json');
    expect(plain.code).toBe(4);
    const report = JSON.parse(plain.out[0] ?? '');
    expect(report).toEqual({
      format: 'csv',
      series: [
        {
          namespace: 'csv',
          reference: 'm',
          register: '1',
          unit: 'Wh',
          zone: 'Europe/London',
          powerOfTen: 0,
          count: 2,
          sum: '750',
          first: '2026-01-05T00:00:00.000Z',
          last: '2026-01-05T01:00:00.000Z',
          gaps: 1,
          overlaps: 0,
          quality: { 0: 2 },
        },
      ],
      errors: [{ line: 3, column: 3, code: 'not-a-number', message: 'the value is no decimal; it is left out' }],
      errorCount: 1,
    });
    const zip = await csv(await file('home.zip', `PK\u0003\u0004${rows}`), '--mapping', how, '--dry-run');
    expect([zip.code, zip.notes.join('\n')]).toEqual([
      3,
      expect.stringContaining('is packed as ZIP, which is not read'),
    ]);
    const packed = await csv(await file('home.csv.gz', gzipSync(rows)), '--mapping', how, '--dry-run', '--json');
    expect(packed.out).toEqual(plain.out);
  });

  it('says that an import would stop where month and day look swapped', async () => {
    const days = Array.from({ length: 12 }, (_, day) => `m,2026-${String(day + 1).padStart(2, '0')}-03 00:00,1`);
    const how = await file('home.json', JSON.stringify(mapping));
    const told = await csv(
      await file('swapped.csv', ['meter,time,value', ...days].join('\n')),
      '--mapping',
      how,
      '--dry-run',
    );
    expect([told.code, told.notes.join('\n')]).toEqual([
      0,
      expect.stringContaining('an import of it stops unless it is forced: 11 times the date goes on by a month'),
    ]);
  });

  it('writes all that was not taken to a file', async () => {
    const how = await file('home.json', JSON.stringify(mapping));
    const bad = ['meter,time,value', ...Array.from({ length: 1500 }, (_, at) => `m,never,${at}`)].join('\n');
    const errors = join(folder, 'errors.csv');
    const told = await csv(await file('bad.csv', bad), '--mapping', how, '--dry-run', '--errors', errors);
    expect(told.code).toBe(3);
    expect(told.notes.join('\n')).toContain('1480 more');
    const written = (await readFile(errors, 'utf8')).trim().split('\r\n');
    expect(written).toHaveLength(1501);
    expect(written[0]).toBe('line,column,code,message');
    expect(written[1500]).toBe('1501,2,not-a-time,"""never"" is no time YYYY-MM-DD HH:mm; the row is left out"');
  });

  it('takes a mapping of the project by its name', async () => {
    const text = 'DateTime,Consumption kWh,Off-peak,Mid-peak,On-peak\n11/25/2011 01:00:00,0.39,1,0,0\n';
    const told = await csv(await file('home.csv', text), '--mapping', 'ontario-tou-home', '--dry-run');
    expect(told).toMatchObject({ code: 0, notes: [] });
    expect(told.out[0]).toContain('openmv:ontario-home 1: 1 intervals, 390 Wh');
  });

  it('says what in a mapping cannot be right', async () => {
    const path = await file('home.csv', rows);
    const wrong = await file(
      'wrong.json',
      JSON.stringify({ ...mapping, zone: 1, time: { ...mapping.time, zone: '?' } }),
    );
    const told = await csv(path, '--mapping', wrong, '--dry-run');
    expect(told.code).toBe(2);
    expect(told.notes.join('\n')).toContain('/time/zone: is no IANA zone and no offset such as +10:00');
    expect((await csv(path, '--mapping', await file('no.json', '{'), '--dry-run')).notes.join()).toContain(
      'is no JSON',
    );
    expect((await csv(path, '--mapping', 'none-such', '--dry-run')).notes.join()).toContain('cannot be read');
    expect((await csv(path, '--dry-run')).notes.join()).toContain('--propose');
    expect((await csv(path, '--mapping', wrong)).notes.join()).toContain('/time/zone');
  });

  it('proposes a mapping that is not used before a person has looked at it', async () => {
    const path = await file('home.csv', rows.replace('x', '0.1'));
    const proposed = await csv(path, '--propose');
    expect(proposed.code).toBe(0);
    expect(proposed.notes.join('\n')).toContain('time.zone');
    const text = proposed.out.join('\n');
    const as = await file('proposed.json', text);
    expect((await csv(path, '--mapping', as, '--dry-run')).code).toBe(2);
    const looked = { ...JSON.parse(text), unit: { constant: 'kWh' } };
    const right = await file(
      'right.json',
      JSON.stringify({ ...looked, time: { ...looked.time, zone: 'Europe/London' } }),
    );
    const read = await csv(path, '--mapping', right, '--dry-run');
    expect(read.code).toBe(0);
    expect(read.out[0]).toContain('csv:m 1: 3 intervals, 850 Wh');
  });

  it('refuses files that are none: packed and cut off, hostile, empty, a folder', async () => {
    const whole = gzipSync(Buffer.from('100,NEM12,202601010000,A,B\n'.repeat(5000)));
    const cut = await run(['import', await file('cut.gz', whole.subarray(0, 80)), '--format', 'nem12', '--dry-run']);
    expect(cut.code).toBe(1);
    expect(cut.notes.join()).toContain('cannot be read: unexpected end of file');
    const hostile = await file('x.xml', '<!DOCTYPE f [<!ENTITY a "b">]><f/>');
    const refused = await run(['import', hostile, '--format', 'espi', '--dry-run']);
    expect(refused.code).toBe(3);
    expect(refused.notes[0]).toMatch(/^line 1, column \d+: document-type/);
    expect((await run(['import', await file('e.csv', ''), '--format', 'nem13', '--dry-run'])).code).toBe(3);
    const point = await file('point.xml', '<UsagePoint xmlns="http://naesb.org/espi"><status>1</status></UsagePoint>');
    const empty = await run(['import', point, '--format', 'espi', '--dry-run']);
    expect(empty.code).toBe(3);
    expect(empty.notes[0]).toBe('line 1, column 1: no-data: the file holds no readings');
    const none = await run(['import', folder, '--format', 'espi', '--dry-run']);
    expect([none.code, none.notes.join().includes('cannot be read')]).toEqual([2, true]);
  });
});
