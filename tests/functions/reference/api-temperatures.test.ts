import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temperatureOperations } from '#functions/reference/api-temperatures.ts';
import { mostHours, weatherRoutes } from '#functions/reference/contract/weather.ts';
import { putTemperatures, readTemperatures, weatherAreaItem } from '#functions/reference/store/temperatures.ts';
import { newId } from '#shared/runtime/identify.ts';
import { temperaturesKey } from '#shared/table/keys.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Table } from '#shared/table/table.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { type Home, openHome } from '#tests/support/supplied-home.ts';

const everythingIn = async ({ profile, readings }: Home) => {
  const keysOf = async (table: Table): Promise<readonly string[]> =>
    (await table.scan({ consistent: true })).items
      .map(({ pk, sk, version }) => [pk, sk, table.name === 'profile' ? (version ?? '') : ''].join(' ').trim())
      .sort();
  return { profile: await keysOf(profile), readings: await keysOf(readings) };
};

const machine = operationRequest({ kind: 'machine', id: 'weather', scopes: ['weather:write'], sources: ['weather'] });
/** A request about an area, with an audit entry of its own. */
const of = (id: string) => ({ ...machine, params: { id }, audit: { ...machine.audit, id: newId() } });
const hourly = (start: string, ...celsiusTenths: readonly (number | null)[]) => ({
  start,
  intervalSeconds: 3600 as const,
  celsiusTenths: [...celsiusTenths],
});

let store: LevelStore;
let operations: ReturnType<typeof temperatureOperations>;
beforeEach(async () => {
  store = await openLevelStore({ clock: { now: () => 0 } });
  operations = temperatureOperations({ readings: store.table('readings') });
});
afterEach(() => store.close());

const put = async (
  id: string,
  body: ReturnType<typeof hourly> | Parameters<typeof operations.putTemperatures>[0]['body'],
) => (await operations.putTemperatures({ ...of(id), query: {}, body })).body;
const held = async (id: string, from: string, to: string) =>
  (await operations.readTemperatures({ ...of(id), query: { from, to }, body: undefined })).body.celsiusTenths;
const versionOf = async (month: string) =>
  (await store.table('readings').get(temperaturesKey('region NORTH-03', month), { consistent: true }))?.version;

describe('temperatures of an area', () => {
  const area = 'region:NORTH-03';

  it('are held by the hour, over the end of a month, and read back with what is not known', async () => {
    expect(await put(area, hourly('2026-01-31T22:00:00Z', 83, null, -12, 5))).toEqual({
      area,
      from: '2026-01-31T22:00:00.000Z',
      to: '2026-02-01T02:00:00.000Z',
      intervalSeconds: 3600,
      celsiusTenths: [83, null, -12, 5],
      known: 3,
    });
    expect(await held(area, '2026-01-31T21:00:00Z', '2026-02-01T03:00:00Z')).toEqual([null, 83, null, -12, 5, null]);
    expect(await held('region:SOUTH-01', '2026-01-31T21:00:00Z', '2026-01-31T23:00:00Z')).toEqual([null, null]);
  });

  it('are replaced by a later put of the same hours, which leaves the others; null takes one away', async () => {
    await put(area, hourly('2026-01-10T00:00:00Z', 1, 2, 3, 4));
    await put(area, hourly('2026-01-10T01:00:00Z', 20, null));
    expect(await held(area, '2026-01-10T00:00:00Z', '2026-01-10T04:00:00Z')).toEqual([1, 20, null, 4]);
  });

  it('are written once, however often the same is put', async () => {
    for (let time = 0; time < 3; time += 1) await put(area, hourly('2026-01-10T00:00:00Z', 1, 2, 3));
    expect(await versionOf('2026-01')).toBe(1);
    await put(area, hourly('2026-01-10T02:00:00Z', 4));
    expect(await versionOf('2026-01')).toBe(2);
  });

  it('of days are held for each of their hours', async () => {
    const start = '2026-03-28T00:00:00Z';
    await put(area, { start, intervalSeconds: 86_400, celsiusTenths: [51, 64] });
    expect(await held(area, '2026-03-28T23:00:00Z', '2026-03-29T01:00:00Z')).toEqual([51, 64]);
  });

  it('lose nothing where two put different hours of a month at the same time', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, day) => put(area, hourly(`2026-01-1${day}T00:00:00Z`, day, day))));
    const all = await readTemperatures(
      store.table('readings'),
      'region NORTH-03',
      { from: secondsOf('2026-01-10T00:00:00Z'), to: secondsOf('2026-01-16T00:00:00Z') },
      true,
    );
    expect(all.tenths.filter((one) => one !== null)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it('take less than a kilobyte a month', async () => {
    const celsiusTenths = Array.from({ length: 744 }, (_, hour) => Math.round(40 + 50 * Math.sin(hour / 3.8)));
    await put(area, { start: '2026-01-01T00:00:00Z', intervalSeconds: 3600, celsiusTenths });
    const item = await store.table('readings').get(temperaturesKey('region NORTH-03', '2026-01'), { consistent: true });
    expect(item?.b).toBeInstanceOf(Uint8Array);
    expect(item?.b instanceof Uint8Array ? item.b.length : 0).toBeLessThan(1000);
  });

  it.each(['north', 'region:', 'postcode:LS14'])('of what names no area are refused: %s', async (name) => {
    await expect(put(name, hourly('2026-01-10T00:00:00Z', 1))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'path.invalid',
      errors: [{ pointer: '/path/id' }],
    });
  });
});

describe('what is kept of the weather', () => {
  it('is no news to anybody who follows readings', async () => {
    const home = await openHome({ insights: true });
    await home.settleAll();
    const before = await everythingIn(home);
    const from = secondsOf('2026-01-10T00:00:00Z');
    await putTemperatures(home.readings, 'region NORTH-03', { from, tenths: [1, 2, 3] });
    await home.readings.batchPut([weatherAreaItem({ area: 'region NORTH-03', on: '2026-01-10' })]);
    await home.settleAll();
    const after = await everythingIn(home);
    expect(after.profile).toEqual(before.profile);
    expect(after.readings.filter((key) => !before.readings.includes(key))).toEqual([
      'A#region NORTH-03 T#202601',
      'AREAS region NORTH-03',
    ]);
  });
});

describe('the areas whose temperatures matter', () => {
  it('are listed by the names that the routes take, page by page', async () => {
    const areas = ['postcode GB LS14', 'region NORTH-03', 'region SOUTH-01'];
    await store.table('readings').batchPut(areas.map((area) => weatherAreaItem({ area, on: '2026-01-10' })));
    const first = (await operations.listWeatherAreas({ ...machine, query: { limit: 2 }, body: undefined })).body;
    expect(first.data).toEqual([
      { area: 'postcode:GB LS14', lastTold: '2026-01-10' },
      { area: 'region:NORTH-03', lastTold: '2026-01-10' },
    ]);
    const query = { limit: 2, cursor: first.next ?? '' };
    const second = (await operations.listWeatherAreas({ ...machine, query, body: undefined })).body;
    expect(second).toEqual({ data: [{ area: 'region:SOUTH-01', lastTold: '2026-01-10' }], next: null });
  });
});

describe('a body of temperatures', () => {
  const schema = weatherRoutes.find(({ operationId }) => operationId === 'putTemperatures');
  const pathsOf = (body: unknown): readonly string[] => {
    if (schema === undefined || !('body' in schema)) throw new Error('no such route');
    return schema.body.safeParse(body).error?.issues.map(({ path }) => path.join('/')) ?? [];
  };

  it.each([
    ['that begins within an hour', { start: '2026-01-10T00:30:00Z', celsiusTenths: [1] }, 'start'],
    ['of another century', { start: '1999-12-31T00:00:00Z', celsiusTenths: [1] }, 'start'],
    ['colder than anywhere on earth', { start: '2026-01-10T00:00:00Z', celsiusTenths: [1, -901] }, 'celsiusTenths/1'],
    ['in parts of a tenth', { start: '2026-01-10T00:00:00Z', celsiusTenths: [8.35] }, 'celsiusTenths/0'],
    [
      'of another interval',
      { start: '2026-01-10T00:00:00Z', intervalSeconds: 1800, celsiusTenths: [1] },
      'intervalSeconds',
    ],
    ['of nothing', { start: '2026-01-10T00:00:00Z', celsiusTenths: [] }, 'celsiusTenths'],
    [
      'of too many hours',
      { start: '2026-01-10T00:00:00Z', celsiusTenths: Array(mostHours + 1).fill(1) },
      'celsiusTenths',
    ],
    [
      'of too many days',
      { start: '2026-01-10T00:00:00Z', intervalSeconds: 86_400, celsiusTenths: Array(421).fill(1) },
      'celsiusTenths',
    ],
  ])('%s is refused, and the field named', (_what, body, path) => {
    expect(pathsOf(body)).toContain(path);
  });

  it('of 420 days is taken', () => {
    expect(pathsOf({ start: '2026-01-10T00:00:00Z', celsiusTenths: Array(mostHours).fill(83) })).toEqual([]);
  });
});
