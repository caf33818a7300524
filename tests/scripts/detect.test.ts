import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Draws } from '#scripts/bench/anomalies/draws.ts';
import { run } from '#tests/cli/far-end.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-detect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

/** Hourly litres about 100, with one of 900 after thirty days. */
const values = (): readonly number[] => {
  const draws = new Draws(3);
  return Array.from({ length: 40 * 24 }, (_, row) =>
    row === 30 * 24 + 5 ? 900 : Math.round(100 + 5 * draws.normal()),
  );
};
const stamp = (row: number) => new Date(Date.UTC(2026, 0, 1, row)).toISOString().slice(0, 19).replace('T', ' ');
const csv = (heading = 'timestamp,value', sign = ',') =>
  [heading, ...values().map((value, row) => `${stamp(row)}${sign}${value}`)].join('\n');

const detect = async (path: string, ...options: readonly string[]) => {
  const scores = join(folder, 'scores.csv');
  const ended = await run(['detect', path, '--format', 'series-csv', '--scores', scores, '--json', ...options]);
  if (ended.code !== 0) return { ...ended, rows: [], summary: {} };
  const [heading, ...rows] = (await readFile(scores, 'utf8')).trim().split('\n');
  expect(heading).toBe('timestamp,value,score,alarm');
  return { ...ended, rows, summary: JSON.parse(ended.out.at(-1) ?? '') };
};

describe('detect', () => {
  it('writes each row with its score, and an alarm where an episode opens', async () => {
    const { rows, summary } = await detect(await file('a.csv', csv()));
    expect(rows).toHaveLength(960);
    expect(rows[0]).toBe(`2026-01-01 00:00:00,${values()[0]},0.0000,0`);
    expect(rows.filter((row) => row.endsWith(',1'))).toEqual([rows[725]]);
    expect(rows[725]).toMatch(/^2026-01-31 05:00:00,900,\d+\.\d{4},1$/);
    expect(summary).toMatchObject({ rows: 960, judged: 960, stepSeconds: 3600, alarms: 1 });
    expect(summary.episodes).toHaveLength(1);
    expect(summary.episodes[0]).toMatchObject({ from: '2026-01-31T05:00:00Z', reason: 'above' });
  });

  it('uses only what came before each row: a file cut short has the same scores', async () => {
    const whole = (await detect(await file('a.csv', csv()))).rows;
    for (const rows of [2, 30, 49, 500, 726]) {
      const cut = csv()
        .split('\n')
        .slice(0, rows + 1)
        .join('\n');
      expect((await detect(await file('cut.csv', cut))).rows).toEqual(whole.slice(0, rows));
    }
  });

  it('finds time and value whatever the columns are called, the delimiter is, and the packing', async () => {
    const plain = (await detect(await file('a.csv', csv()))).rows.map((row) => row.split(',').slice(2));
    const scoresOf = async (text: string | Buffer, ...options: readonly string[]) =>
      (await detect(await file('other.csv', text), ...options)).rows.map((row) => row.split(',').slice(-2));
    expect(await scoresOf(csv('Zeit;Verbrauch', ';'))).toEqual(plain);
    expect(await scoresOf(gzipSync(csv('DateTime,kWh')))).toEqual(plain);
    expect(await scoresOf(csv().split('\n').slice(1).join('\r\n'))).toEqual(plain);
    const wide = csv('x,t,noise,v')
      .split('\n')
      .map((line, row) => (row === 0 ? line : `${row},${line.replace(',', ',7,')}`))
      .join('\n');
    expect(await scoresOf(wide, '--time-column', 't', '--value-column', 'v')).toEqual(plain);
    const unix = ['ts,value', ...values().map((value, row) => `${Date.UTC(2026, 0, 1, row) / 1000},${value}`)].join(
      '\n',
    );
    expect(await scoresOf(unix)).toEqual(plain);
    for (const order of [
      [8, 10, 5, 7],
      [5, 7, 8, 10],
    ] as const) {
      const [from, to, then, end] = order;
      const slashed = values().map((value, row) => {
        const text = stamp(row);
        return `${Number(text.slice(from, to))}/${Number(text.slice(then, end))}/26 ${Number(text.slice(11, 13))}:00,${value}`;
      });
      expect(await scoresOf(['Date,Value', ...slashed].join('\n'))).toEqual(plain);
    }
  });

  it('reads times in the ways in which people and programs write them', async () => {
    const plain = (await detect(await file('a.csv', csv()))).rows.map((row) => row.split(',').slice(-2));
    const names = ['Jan', 'Feb'];
    const ways: readonly ((at: Date) => string)[] = [
      (at) => `${at.getTime() / 1000}.0`,
      (at) => String(at.getTime()),
      (at) => `${at.getTime()}000`,
      (at) => `${at.getTime()}000000`,
      (at) => at.toISOString(),
      (at) => at.toISOString().replace('.000Z', '+00'),
      (at) => at.toISOString().replace('T', ' ').replace('.000Z', ' UTC'),
      (at) => at.toISOString().slice(0, 16).replaceAll(/[-T:]/g, ''),
      (at) => at.toISOString().slice(0, 19).replaceAll(/[-:]/g, ''),
      (at) => `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()} ${at.getUTCHours()}:00`,
      (at) => `${at.getUTCDate()}-${at.getUTCMonth() + 1}-2026 ${at.getUTCHours()}:00`,
      (at) => `${at.getUTCDate()}.${at.getUTCMonth() + 1}.26 ${at.getUTCHours()}:00:00`,
      (at) => `${at.getUTCDate()}-${names[at.getUTCMonth()]}-2026 ${at.getUTCHours()}:00`,
      (at) => `"${names[at.getUTCMonth()]} ${at.getUTCDate()}, 2026 ${at.getUTCHours()}:00"`,
      (at) => `"${at.toUTCString()}"`,
      (at) => {
        const hour = at.getUTCHours();
        return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/2026 ${hour % 12 || 12}:00 ${hour < 12 ? 'AM' : 'PM'}`;
      },
      (at) => `${at.toISOString().slice(0, 10)},${at.toISOString().slice(11, 16)}`,
    ];
    for (const [place, way] of ways.entries()) {
      const heading = place === ways.length - 1 ? 'date,time,value' : 'timestamp,value';
      const lines = values().map((value, row) => `${way(new Date(Date.UTC(2026, 0, 1, row)))},${value}`);
      const { rows, notes } = await detect(await file('b.csv', [heading, ...lines].join('\n')));
      expect([way(new Date(0)), notes, rows.map((row) => row.split(',').slice(-2))]).toEqual([
        way(new Date(0)),
        [],
        plain,
      ]);
    }
  });

  it('takes for the value what holds numbers, and reads them as they are written', async () => {
    const plain = (await detect(await file('a.csv', csv()))).rows.map((row) => row.split(',').slice(-2));
    const written = (heading: string, line: (value: number, at: string, row: number) => string) =>
      [heading, ...values().map((value, row) => line(value, stamp(row), row))].join('\n');
    const ways = [
      written('timestamp,usage_flag,kwh', (value, at) => `${at},A,${value}`),
      written('id,runtime,updated by,timestamp,v', (value, at, row) => `x${row},${row},bob,${at},${value}`),
      written('when,what', (value, at) => `${at},${value}`),
      written('timestamp;value', (value, at) => `${at};${value},0`),
      written('timestamp,value', (value, at) => `${at},"${value}.0"`),
      written('timestamp;value', (value, at) => `${at};${value},00`)
        .split('\n')
        .slice(1)
        .join('\n'),
      `\n\n${written('timestamp;value', (value, at) => `${at};${value}`)}`,
      `Data of one meter\n${written('timestamp,value', (value, at) => `${at},${value}`)}`,
      written('timestamp,value,note', (value, at, row) => `${at},${value},${row === 3 ? 'a 5" pipe' : ''}`),
    ];
    for (const way of ways) {
      const { rows, notes } = await detect(await file('b.csv', way));
      expect([way.slice(0, 60), notes, rows.map((row) => row.split(',').slice(-2))]).toEqual([
        way.slice(0, 60),
        [],
        plain,
      ]);
    }
    const thousands = csv()
      .split('\n')
      .map((line, row) =>
        row === 0 ? line : line.replace(/,(\d+)$/, ',"1,$1,000.00"').replace(/"1,(\d\d),/, '"1,0$1,'),
      )
      .join('\n');
    const { summary } = await detect(await file('c.csv', thousands));
    expect(summary).toMatchObject({ judged: 960, notNumbers: 0, alarms: 1 });
  });

  it('finds the value where the first rows have none', async () => {
    const holes = csv('when,what')
      .split('\n')
      .map((line, row) => (row > 0 && row < 6 ? line.replace(/,\d+$/, ',NaN') : line));
    for (const lines of [holes, holes.slice(1)]) {
      const { rows, summary } = await detect(await file('a.csv', lines.join('\n')));
      expect(rows).toHaveLength(960);
      expect(summary).toMatchObject({ judged: 955, notNumbers: 5, alarms: 1 });
    }
  });

  it('passes over gaps, holes and repeated times, and says how many there were', async () => {
    const lines = csv().split('\n');
    const holed = [
      ...lines.slice(0, 100),
      '2026-01-05 03:30:00,NaN',
      '2026-01-05 03:45:00,',
      'soon,5',
      lines[99],
      ...lines.slice(160),
    ];
    const { rows, summary, notes } = await detect(await file('a.csv', holed.join('\n')));
    expect(rows).toHaveLength(holed.length - 1);
    expect(summary).toMatchObject({ notNumbers: 2, notTimes: 1, repeated: 1, alarms: 1 });
    expect(rows[99]).toBe('2026-01-05 03:30:00,NaN,0.0000,0');
    expect(notes.join('\n')).toContain('2 rows have no number');
  });

  it('takes the step from the series where a few rows lie decades before it, and does not judge those', async () => {
    const [heading = '', ...lines] = csv().split('\n');
    const plain = (await detect(await file('a.csv', csv()))).rows;
    for (const early of [
      ['1970-01-01 00:00:00,5'],
      ['1970-01-01 00:00:00,5', '1970-01-01 00:00:01,5', '1999-12-31 23:59:59,7'],
    ]) {
      const { rows, summary, notes } = await detect(await file('b.csv', [heading, ...early, ...lines].join('\n')));
      expect(rows).toEqual([...early.map((line) => `${line},0.0000,0`), ...plain]);
      expect(summary).toMatchObject({ stepSeconds: 3600, judged: 960, apart: early.length, alarms: 1 });
      expect(notes).toEqual([`${early.length} rows lie far before all others: not judged`]);
    }
    const late = await detect(await file('c.csv', [heading, '2099-01-01 00:00:00,100', ...lines].join('\n')));
    expect(late.rows.slice(1)).toEqual(plain);
    const monthly = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}-01,5`);
    const reread = [...monthly.slice(0, 8), '2026-08-02,5', ...monthly.slice(8)];
    for (const rows of [monthly, reread])
      expect((await detect(await file('d.csv', [heading, ...rows].join('\n')))).notes.at(-1)).toContain(
        'readings come every 2678400 s',
      );
  });

  it('takes a value beyond all that is measured for no number', async () => {
    const lines = csv().split('\n');
    const holed = lines.map((line, row) => (row === 200 ? line.replace(/,.*/, ',3.1e38') : line));
    const without = lines.map((line, row) => (row === 200 ? line.replace(/,.*/, ',') : line));
    const { rows, summary } = await detect(await file('a.csv', holed.join('\n')));
    expect(summary).toMatchObject({ judged: 959, notNumbers: 1, alarms: 1 });
    expect(rows[199]).toMatch(/,3\.1e38,0\.0000,0$/);
    const scores = (all: readonly string[]) => all.map((row) => row.split(',').slice(-2));
    expect(scores(rows)).toEqual(scores((await detect(await file('b.csv', without.join('\n')))).rows));
  });

  it('refuses a file whose rows hold many readings, and says how to choose', async () => {
    const clock = (place: number) => `${String(place >> 1).padStart(2, '0')}:${place % 2 === 0 ? '00' : '30'}`;
    const halves = Array.from({ length: 48 }, (_, place) => place);
    const rows = Array.from(
      { length: 20 },
      (_, day) =>
        `${stamp(day * 24).slice(0, 10)},${halves.map((place) => ((day * 7 + place * 13) % 90) / 10).join(',')}`,
    );
    const wide = (names: readonly string[]) => [`date,${names.join(',')}`, ...rows].join('\n');
    for (const [text, shown] of [
      [wide(halves.map(clock)), '00:00, 00:30, 01:00, …'],
      [wide(halves.map((place) => `kWh ${clock(place)}`)), 'kWh 00:00, kWh 00:30, kWh 01:00, …'],
      [rows.join('\n'), 'column 2, column 3, column 4, …'],
    ] as const) {
      const { code, notes } = await detect(await file('wide.csv', text));
      expect(code).toBe(1);
      expect(notes.at(-1)).toContain(`48 columns may hold the value (${shown}): choose one with --value-column`);
    }
    const path = await file('wide.csv', wide(halves.map(clock)));
    expect((await detect(path, '--value-column', '00:30')).summary).toMatchObject({ judged: 20, stepSeconds: 86_400 });
  });

  it('judges rows that are out of order in order of time', async () => {
    const [heading = '', ...lines] = csv().split('\n');
    const { rows, summary } = await detect(await file('a.csv', [heading, ...lines.toReversed()].join('\n')));
    expect(rows.toReversed()).toEqual((await detect(await file('b.csv', csv()))).rows);
    expect(summary.alarms).toBe(1);
  });

  it('has nothing to tell of a constant, and of one row', async () => {
    const constant = ['timestamp,value', ...values().map((_, row) => `${stamp(row)},45`)].join('\n');
    expect((await detect(await file('a.csv', constant))).summary).toMatchObject({
      judged: 960,
      alarms: 0,
      episodes: [],
    });
    expect((await detect(await file('b.csv', `time,value\n${stamp(0)},45`))).summary).toMatchObject({
      judged: 1,
      stepSeconds: null,
      alarms: 0,
    });
  });

  it.each([
    ['', 'the file is empty'],
    ['timestamp,value', 'no row has both a time and a number'],
    ['a,b\n1,2\n3,4', 'no column holds times: give --time-column'],
    ['timestamp,value\nsoon,5\nlater,6', 'no row has a time that can be read; the first holds "soon"'],
    ['timestamp,value\n2026-01-01 00:00,x\n2026-01-01 01:00,y', 'no row has both a time and a number'],
    [
      `id,time,kwh\n${['a', 'b', 'c'].flatMap((id) => [0, 1, 2].map((row) => `${id},${stamp(row)},1`)).join('\n')}`,
      '9 rows share 3 times: the file holds several series',
    ],
    ['timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 00:00:01,2\n2026-01-01 00:00:02,3', 'every 1 s'],
  ])('says what is wrong with a file that holds no series: %j', async (text, message) => {
    const { code, notes } = await detect(await file('bad.csv', text));
    expect(code).toBe(1);
    expect(notes.at(-1)).toMatch(/^rotunda: .*bad\.csv: /);
    expect(notes.at(-1)).toContain(message);
  });

  it('says which columns there are, which file is missing, and which unit it knows', async () => {
    const path = await file('a.csv', csv());
    expect((await detect(path, '--value-column', 'kwh')).notes.at(-1)).toContain('it has timestamp, value');
    expect((await detect(join(folder, 'none.csv'))).code).toBe(1);
    expect((await detect(path, '--unit', 'acre')).code).toBe(2);
    expect((await detect(path, '--zone', 'Mars/Base')).code).toBe(2);
  });
});
