import { describe, expect, it } from 'vitest';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';
import { proposeMapping } from '#functions/imports/rules/csv/propose-mapping.ts';

const notesOf = (lines: readonly string[]): string => proposeMapping(lines).notes.join('\n');

describe('a proposed mapping', () => {
  it('finds meter, time, interval, value, unit and the comma of decimals', () => {
    const { mapping } = proposeMapping([
      'Meter Id;Zeit;Usage kWh',
      'a;31.12.2025 23:15;0,25',
      'a;31.12.2025 23:30;0,5',
      'a;31.12.2025 23:45;1,5',
    ]);
    expect(mapping).toMatchObject({
      delimiter: ';',
      decimal: ',',
      reference: { column: 'Meter Id' },
      unit: { constant: 'kWh' },
      time: { columns: ['Zeit'], format: 'DD.MM.YYYY HH:mm', zone: '?', interval: 900 },
      layout: { kind: 'long', values: [{ column: 'Usage kWh' }] },
    });
  });

  it('finds a day in columns, beside a number that is none of them', () => {
    const header = ['NMI', 'DATE', 'serial', ...Array.from({ length: 48 }, (_, at) => `t${at}`)].join(',');
    const row = (day: string): string => ['1', day, '77', ...new Array<string>(48).fill('0.1')].join(',');
    expect(proposeMapping([header, row('13/07/2026'), row('14/07/2026')]).mapping).toMatchObject({
      time: { columns: ['DATE'], format: 'DD/MM/YYYY', interval: 1800 },
      layout: { kind: 'wide', first: 't0', count: 48 },
    });
  });

  it('joins a date and a time of the clock that stand apart', () => {
    expect(
      proposeMapping(['meter,Date,n,Start,kWh', 'm,2026-01-05,1,00:00,1', 'm,2026-01-05,2,01:00,1']).mapping,
    ).toMatchObject({ time: { columns: ['Date', 'Start'], format: 'YYYY-MM-DD HH:mm', interval: 3600 } });
  });

  it('says where day and month may be either, where numbers stand elsewhere, and where values only grow', () => {
    expect(notesOf(['id,t,kWh,cost', 'm,01/02/2026 00:00,1,2', 'm,01/02/2026 00:30,1,2'])).toContain(
      'and MM/DD/YYYY HH:mm as well',
    );
    expect(notesOf(['id,t,kWh,cost', 'm,13/02/2026 00:00,1,2', 'm,13/02/2026 00:30,1,2'])).toContain('"cost"');
    const growing = Array.from({ length: 30 }, (_, at) => `m,2026-01-05 ${String(at % 24).padStart(2, '0')}:00,${at}`);
    expect(notesOf(['id,t,reading', ...growing])).toContain('state of a register');
  });

  it('sees rows that go back in time', () => {
    const { mapping } = proposeMapping(['id,t,kWh', 'm,2026-01-05T01:00:00Z,1', 'm,2026-01-05T00:00:00Z,1']);
    expect(mapping).toMatchObject({ time: { order: 'descending', zone: '+00:00', interval: 3600 } });
  });

  it.each([
    ['what it cannot tell', ['a,b', 'x,y']],
    ['nothing', []],
    ['a header alone', ['meter,time,value']],
    ['no CSV', ['<xml/>', '"', '\u0000']],
  ])('is never a mapping that can be used where a file shows %s', (_, lines) => {
    const { mapping, notes } = proposeMapping(lines);
    expect(CsvMapping.safeParse(mapping).success).toBe(false);
    expect(notes.length).toBeGreaterThan(0);
  });
});
