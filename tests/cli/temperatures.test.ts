import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mostHours } from '#functions/reference/contract/weather.ts';
import { FarEnd, run } from './far-end.ts';

const Body = z.object({ start: z.string(), celsiusTenths: z.array(z.int().nullable()) });

let far: FarEnd;
let folder: string;
beforeEach(async () => {
  far = new FarEnd();
  await far.start();
  folder = mkdtempSync(join(tmpdir(), 'rotunda-temperatures-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await far.stop();
});

const area = 'region:NORTH-03';
const route = `PUT /v1/weather-areas/${encodeURIComponent(area)}/temperatures`;
const held = { area, from: '2026-01-10T00:00:00.000Z', to: '2026-01-10T03:00:00.000Z', known: 2 };
const fileOf = (...lines: readonly string[]): string => {
  const path = join(folder, 'temperatures.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
const rotunda = (path: string, ...args: readonly string[]) =>
  run(['temperatures', path, '--area', area, ...args, '--url', far.url]);
const puts = () => far.seen.filter(({ method }) => method === 'PUT').map(({ body }) => Body.parse(JSON.parse(body)));

describe('temperatures from a file', () => {
  it('are put by the hour, in tenths, with null for an hour of which nothing is said', async () => {
    far.answer(route, { body: held });
    const path = fileOf('time,tempC', '2026-01-10T00:00:00Z,8.34', '2026-01-10T02:00:00Z,-1.26');
    const ended = await rotunda(path);
    expect(ended.code).toBe(0);
    expect(ended.out).toEqual([`${area}: 2 hours from ${held.from} to ${held.to} are held`]);
    expect(far.seen.at(-1)).toMatchObject({ authorization: 'Bearer token-for-weather' });
    expect(puts()).toEqual([{ start: '2026-01-10T00:00:00.000Z', celsiusTenths: [83, null, -13] }]);
    const { out } = await rotunda(path, '--json');
    expect(JSON.parse(out[0] ?? '')).toEqual({ area, from: held.from, to: held.to, hours: 2, rows: 2, unread: 0 });
  });

  it('are means where a file has more than one for an hour, in the zone that is given, and Celsius from Fahrenheit', async () => {
    far.answer(route, { body: held });
    const path = fileOf('dt,tempF', '2026-01-10 00:00,50', '2026-01-10 00:30,32', '2026-01-10 01:00,23');
    await rotunda(path, '--unit', 'F', '--zone', '-06:00');
    expect(puts()).toEqual([{ start: '2026-01-10T06:00:00.000Z', celsiusTenths: [50, -50] }]);
  });

  it('of a file with one a day stand for 24 hours each', async () => {
    far.answer(route, { body: held });
    await rotunda(fileOf('date,temp', '2026-01-10,5', '2026-01-11,6', '2026-01-12,7'));
    const [body] = puts();
    expect(body?.celsiusTenths).toEqual([50, 60, 70].flatMap((tenths) => Array(24).fill(tenths)));
  });

  it('of more than 420 days are put in parts that follow one another', async () => {
    far.answer(route, { body: held });
    const from = Date.parse('2025-01-01T00:00:00Z');
    const lines = Array.from({ length: mostHours + 5 }, (_, hour) =>
      [new Date(from + hour * 3_600_000).toISOString(), hour % 30].join(','),
    );
    await rotunda(fileOf('time,tempC', ...lines));
    expect(puts().map(({ celsiusTenths }) => celsiusTenths.length)).toEqual([mostHours, 5]);
    expect(Date.parse(puts()[1]?.start ?? '') - from).toBe(mostHours * 3_600_000);
  });

  it('that cannot be read are counted, and a file without any ends with one line', async () => {
    far.answer(route, { body: held });
    const some = await rotunda(fileOf('time,tempC', '2026-01-10T00:00:00Z,8', '2026-01-10T01:00:00Z,nan', 'later,9'));
    expect([some.code, some.notes]).toEqual([0, ['2 rows have no time or no temperature that can be read']]);
    const none = await rotunda(fileOf('time,tempC', '2026-01-10T00:00:00Z,nan', 'later,9'));
    expect(none.code).toBe(1);
    expect(none.notes.join(' ')).toContain('no row has a time and a temperature');
  });

  it('that the system refuses end with what it said', async () => {
    const errors = [{ pointer: '/path/id', code: 'field.invalid-value', message: 'must be all' }];
    far.answer(route, { status: 422, body: { title: 'No', status: 422, detail: 'No.', code: 'path.invalid', errors } });
    const ended = await rotunda(fileOf('time,tempC', '2026-01-10T00:00:00Z,8'));
    expect(ended.code).toBe(1);
    expect(ended.notes.join(' ')).toContain('path.invalid');
  });
});

const shared = new URL('../../../shared/data/uk-household/uk-tempC-sample-0.csv.gz', import.meta.url).pathname;
describe.skipIf(!existsSync(shared))('the temperatures of a home in Britain', () => {
  it('are read as they are: hourly, by the column that is named for them', async () => {
    far.answer(route, { body: held });
    expect((await rotunda(shared)).code).toBe(0);
    const all = puts().flatMap(({ celsiusTenths }) => celsiusTenths);
    expect(puts()[0]?.start).toBe('2020-04-01T01:00:00.000Z');
    expect(all[0]).toBe(52);
    const known = all.filter((one) => one !== null);
    expect(known.length).toBeGreaterThan(23_000);
    expect(Math.min(...known)).toBeGreaterThan(-150);
    expect(Math.max(...known)).toBeLessThan(450);
  });
});
