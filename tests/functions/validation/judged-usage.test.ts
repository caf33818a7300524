import { describe, expect, it } from 'vitest';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { readUsage } from '#functions/usage/store/usage-view.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { type Home, openMeteredHome, placeFor } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const usual = (index: number): number => 100 + ((index * 37) % 90);
const dayTotal = Array.from({ length: 48 }, (_, index) => usual(index)).reduce((sum, value) => sum + value, 0);

const dayOf = (
  date: string,
  valueAt: (index: number) => number | null,
  more: { revision?: number; quality?: [number, 0 | 14][] } = {},
) => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  // What replaces a day is the head end's.
  return arrived(aBlock('m1', startOfDate(zone, date), values, more), { headEnd: more.revision !== undefined });
};

const measuredHome = async (...records: readonly ReturnType<typeof dayOf>[]): Promise<Home> => {
  const home = await openMeteredHome();
  await home.ingest.take(records);
  await home.settleAll();
  return home;
};

const shown = (home: Home, date: string, resolution: 'interval' | 'day') =>
  new ShowUsage({ profile: home.profile, readings: home.readings }).answer({
    servicePoint: home.idOf('svp'),
    from: date,
    to: addDays(date, 1),
    resolution,
    limit: 100,
  });
const inView = async (home: Home) => {
  const summary = (await readUsage(home.profile, placeFor(home, 'ana')))?.summary;
  return { day: summary?.days[0], month: summary?.months[0] };
};

describe('usage', () => {
  it('shows a questionable value, and leaves it out of every total', async () => {
    const home = await measuredHome(dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index))));
    const intervals = await shown(home, '2026-05-04', 'interval');
    expect(intervals.data[10]).toMatchObject({ value: 9000, quality: 10 });
    expect(intervals.total).toMatchObject({ value: dayTotal - usual(10), count: 48, missing: 0 });
    const [day] = (await shown(home, '2026-05-04', 'day')).data;
    expect(day).toMatchObject({ value: dayTotal - usual(10), quality: 13, count: 48 });
    expect(await inView(home)).toMatchObject({ day: dayTotal - usual(10), month: { value: dayTotal - usual(10) } });
  });

  it('counts it again once a better reading came', async () => {
    const home = await measuredHome(dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index))));
    await home.ingest.take([dayOf('2026-05-04', usual, { revision: 1 })]);
    await home.settleAll();
    expect((await shown(home, '2026-05-04', 'day')).data).toMatchObject([{ value: dayTotal, quality: 0 }]);
    expect(await inView(home)).toMatchObject({ day: dayTotal, month: { value: dayTotal } });
  });

  it('counts estimates, and says what part they are', async () => {
    const home = await measuredHome(dayOf('2026-05-04', (index) => (index === 10 ? null : usual(index))));
    const line = Math.round((usual(9) + usual(11)) / 2);
    const [day] = (await shown(home, '2026-05-04', 'day')).data;
    expect(day).toMatchObject({ value: dayTotal - usual(10) + line, count: 48, estimatedShare: 0.0208 });
    expect(await inView(home)).toMatchObject({ month: { value: dayTotal - usual(10) + line, estimatedHundredths: 3 } });
  });

  it('counts raw values once their day was judged and nothing questions them', async () => {
    const home = await measuredHome();
    const [start, raw] = [startOfDate(zone, '2026-05-04'), { quality: [[0, 14]] as [number, 14][] }];
    await home.ingest.take([arrived(aBlock('m1', start, [50, 60], raw))]);
    await home.settleAll();
    expect((await shown(home, '2026-05-04', 'day')).data).toMatchObject([{ value: null, quality: 14, count: 2 }]);
    await home.ingest.take([dayOf('2026-05-05', usual)]);
    await home.settleAll();
    expect((await shown(home, '2026-05-04', 'day')).data).toMatchObject([{ value: 110, quality: 17, count: 2 }]);
    expect(await inView(home)).toMatchObject({ month: { value: 110 + dayTotal } });
  });
});
