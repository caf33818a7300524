import { beforeAll, describe, expect, it } from 'vitest';
import { LookAtRegister } from '#functions/insight/look-at-register.ts';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import { listWeatherAreas, putTemperatures } from '#functions/reference/store/temperatures.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const hour = 3600;
const first = '2025-01-06';
const days = 425;
const end = addDays(first, days);
const area = 'region north';

/** °C of a day: its season and its fronts, and six degrees colder in the last four weeks. */
const celsius = (day: number): number =>
  10 - 7 * Math.cos((2 * Math.PI * day) / 365) + 3 * Math.sin(day * 1.7) - (day >= days - 28 ? 6 : 0);
/** Wh of an hour of a home that heats with electricity. */
const valueAt = (day: number, index: number): number =>
  Math.round(250 + 45 * Math.max(0, 15 - celsius(day)) + ((day * 7919 + index * 104_729) % 97));
const blockOf = (day: number) => {
  const date = addDays(first, day);
  const values = Array.from({ length: expectedIntervals(zone, date, hour) }, (_, index) => valueAt(day, index));
  return arrived(aBlock('m1', startOfDate(zone, date), values, { interval: hour }));
};
const from = startOfDate('UTC', first);
const temperatures = {
  from,
  tenths: Array.from({ length: (days + 2) * 24 }, (_, at) => Math.round(celsius(Math.floor(at / 24)) * 10)),
};

describe('the insights of a home that heats', () => {
  let home: Home;
  const supplied = async () => {
    const found = await new SupplyReader(home.profile).of(home.idOf('svp'));
    if (found === undefined) throw new Error('no such point');
    return found;
  };
  const insight = async (kind: string) => {
    const { data } = await new ShowInsights({ profile: home.profile, readings: home.readings }).answer(
      await supplied(),
      undefined,
    );
    return data[0]?.insights.find((one) => one.kind === kind);
  };
  const news = async () => {
    const looked = await new LookAtRegister({ profile: home.profile, readings: home.readings }).at(
      await supplied(),
      'E1',
      true,
    );
    return looked?.insights['significant-rise'];
  };

  beforeAll(async () => {
    home = await openHome({ insights: true, region: 'north' });
    await home.meter('m1', { intervalSeconds: hour });
    await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
    home.clock.set(startOfDate(zone, end) * 1000 + 7_200_000);
    await home.ingest.take(Array.from({ length: days }, (_, day) => blockOf(day)));
    await home.settleAll();
  }, 120_000);

  it('say that no temperatures are known, and tell a rise all the same', async () => {
    expect(await insight('trend')).toMatchObject({
      evidence: { weather: 'not allowed for: no temperatures of this area are known' },
      text: expect.stringMatching(/ The weather is not allowed for: no temperatures of this area are known[.]$/),
    });
    expect(await insight('significant-rise')).toMatchObject({ value: { significant: true, byWeather: false } });
    expect(await news()).toMatchObject({ value: { significant: true } });
  });

  it('say what the weather made expect once temperatures of all areas are known, and tell no rise that it explains', async () => {
    await putTemperatures(home.readings, 'all', temperatures);
    // Reads that may be old are one write behind here.
    await putTemperatures(home.readings, 'region elsewhere', { from, tenths: [1] });
    const trend = await insight('trend');
    expect(Math.abs(Number(trend?.value?.onWeather))).toBeLessThan(0.1);
    expect(trend?.text).toMatch(/ In this weather \d+([.]\d+)? kWh a day were to be expected: use is .+ that[.]$/);
    expect(await insight('significant-rise')).toMatchObject({
      value: { significant: false, byWeather: true },
      text: expect.stringMatching(/; the weather explains it[.]$/),
    });
    expect(await news()).toMatchObject({ value: { significant: false, byWeather: true } });
  });

  it('take the temperatures of the area itself before those of all', async () => {
    const mild = { from, tenths: temperatures.tenths.map(() => 120) };
    await putTemperatures(home.readings, area, mild);
    await putTemperatures(home.readings, 'region elsewhere', { from, tenths: [2] });
    expect(await insight('significant-rise')).toMatchObject({ value: { significant: true, byWeather: false } });
  });

  it('ask for temperatures on a closed day only where a rise would be told: once, or twice where the area has none', async () => {
    const asked: string[] = [];
    const watched: Table = {
      ...home.readings,
      name: home.readings.name,
      get: (...of) => home.readings.get(...of),
      query: (of) => {
        if (of.pk.startsWith('A#')) asked.push(of.pk);
        return home.readings.query(of);
      },
    };
    const look = new LookAtRegister({ profile: home.profile, readings: watched });
    const point = await supplied();
    await look.at(point, 'E1', true);
    await look.at({ ...point, area: 'region unknown' }, 'E1', true);
    expect(asked).toEqual(['A#region north', 'A#region unknown', 'A#all']);
    const from_ = startOfDate(zone, addDays(end, -100));
    const newcomer = { ...point, periods: point.periods.map((one) => ({ ...one, from: from_ })) };
    expect((await look.at(newcomer, 'E1', true))?.insights.trend.enough).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it('make its area known, whose temperatures matter', async () => {
    expect((await listWeatherAreas(home.readings, 10, undefined)).areas).toEqual([{ area, on: addDays(end, -1) }]);
  });
});
