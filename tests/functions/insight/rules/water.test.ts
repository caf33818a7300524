import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from '#functions/insight/rules/causes.ts';
import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import { eraOf } from '#functions/insight/rules/eras.ts';
import { headlineOf } from '#functions/insight/rules/headlines.ts';
import { type PointGround, pointInsights } from '#functions/insight/rules/point-insights.ts';
import { judgeWaterEra, waterEpisodes } from '#functions/insight/rules/water-eras.ts';
import { makesHours, WaterHours } from '#functions/insight/rules/water-hours.ts';
import { waterInsights } from '#functions/insight/rules/water-insights.ts';
import { headlineFigures } from '#shared/vocabulary/headline-figures.ts';
import type { Flow } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';

const zone = 'Europe/London';
const date = '2026-05-25';
const hour = 3600;
const nobodyKnows = { home: [], away: [] };
const at = (day: string, hours: number): number => startOfDate(zone, day) + hours * hour;

/** Litres of an hour of an ordinary home: nothing at night, showers and meals by day, no hour like another. */
const usual = (day: number, of: number): number =>
  of < 6 || of > 22 ? 0 : 4 + ((day * 7 + of * 13 + ((of * of) % 11) * 5) % 61);
/** Hours of the weeks before a date, each as it is said, else as usual. */
const hoursBefore = (
  days: number,
  said: (date: string, of: number) => number | undefined = () => undefined,
): readonly SeriesReading[] =>
  Array.from({ length: days * 24 }, (_, place) => {
    const [day, of] = [Math.floor(place / 24), place % 24];
    const local = addDays(date, day - days);
    return { at: at(local, of), value: said(local, of) ?? usual(day, of) };
  });
const ground = (readings: readonly SeriesReading[], more: Partial<PointGround> = {}) => ({
  unit: 'L' as const,
  powerOfTen: 0,
  commodity: 'water' as const,
  flow: 'forward' as Flow,
  zone,
  step: hour,
  date,
  days: [],
  readings,
  expected: { now: 28 * 24, before: 28 * 24 },
  supply: { connected: true, nothingExpected: false },
  presence: nobodyKnows,
  ...more,
});
const told = (one: PointGround) =>
  causesOf({ ...one, date: one.date }, pointInsights(one, []), []).map(({ kind, from, to, headline }) => ({
    kind,
    from,
    to,
    headline,
  }));

describe('water of a home, hour by hour', () => {
  it('tells nothing of an ordinary home', () => {
    expect(told(ground(hoursBefore(84)))).toEqual([]);
  });

  it('tells of water that runs for six hours at more than it ever did so long, once, for as long as it goes on', () => {
    const night = (litres: number) => (day: string, of: number) =>
      day === '2026-05-20' && of >= 0 && of < 9 ? litres : undefined;
    expect(told(ground(hoursBefore(84, night(150))))).toEqual([
      {
        kind: 'even-flow',
        from: at('2026-05-20', 0),
        to: at('2026-05-20', 9),
        headline: 'Water ran hour after hour, up to 150 litres in one',
      },
    ]);
    const short = (day: string, of: number) => (day === '2026-05-20' && of >= 1 && of < 6 ? 150 : undefined);
    expect(told(ground(hoursBefore(84, short)))).toEqual([]);
    expect(told(ground(hoursBefore(84, night(8))))).toEqual([]);
  });

  it('tells nothing of it where that is the way of the home, or its ways are not known yet', () => {
    const often = (_: string, of: number) => (of >= 0 && of < 8 ? 150 : undefined);
    expect(told(ground(hoursBefore(84, often)))).toEqual([]);
    const first = (day: string, of: number) => (day === '2026-05-20' && of < 8 ? 150 : undefined);
    expect(told(ground(hoursBefore(10, first)))).toEqual([]);
  });

  it('tells an hour far above those of eight weeks, and not one that is known from before', () => {
    const burst = (day: string, of: number) => (day === '2026-05-21' && of === 18 ? 410 : undefined);
    expect(told(ground(hoursBefore(84, burst)))).toMatchObject([
      { kind: 'high-flow', headline: 'Unusually much water in an hour, 410 litres' },
    ]);
    const pool = (_: string, of: number) => (of === 18 ? 410 : undefined);
    expect(told(ground(hoursBefore(84, pool)))).toEqual([]);
  });

  it('tells a high hour not where somebody is known to be at home', () => {
    const readings = hoursBefore(84, (day, of) => (day === '2026-05-21' && of === 18 ? 410 : undefined));
    const home = [{ from: at('2026-05-21', 8), to: at('2026-05-22', 0) }];
    expect(told(ground(readings, { presence: { home, away: [] } }))).toEqual([]);
  });

  it('tells use while nobody is at home, as that alone, where it is known that nobody is', () => {
    const readings = hoursBefore(84, (day, of) =>
      day === '2026-05-21' ? (of === 18 ? 410 : 0) : day === '2026-05-22' ? 0 : undefined,
    );
    const away = [{ from: at('2026-05-21', 0), to: at('2026-05-23', 0) }];
    const one = ground(readings, { presence: { home: [], away } });
    expect(told(one)).toMatchObject([
      { kind: 'away-flow', headline: '410 litres of water used while nobody was at home' },
    ]);
    expect(waterInsights(ground(readings))['away-flow']).toMatchObject({
      enough: false,
      missing: 'not enough data: whether somebody is at home is not known',
    });
  });

  it('tells a leak as a leak: the hours with which it began are the same cause', () => {
    const leak = (day: string) => (day >= '2026-05-22' ? 9 : undefined);
    expect(told(ground(hoursBefore(84, leak)))).toMatchObject([{ kind: 'night-flow' }]);
    const mended = (day: string) => (day >= '2026-05-15' && day < '2026-05-18' ? 9 : undefined);
    expect(told(ground(hoursBefore(84, mended)))).toEqual([]);
    const brief = (day: string, of: number) => (day === '2026-05-23' && of < 20 ? 150 : undefined);
    expect(told(ground(hoursBefore(84, brief)))).toMatchObject([{ kind: 'even-flow' }]);
  });

  it('tells a register that runs back not at all, nor what only brings it back', () => {
    const back = (day: string, of: number) => {
      if (day !== '2026-05-21') return undefined;
      return of === 10 ? -500 : of === 11 ? 520 : undefined;
    };
    expect(told(ground(hoursBefore(84, back)))).toEqual([]);
  });

  it('is not judged, and says why, where steps are no hours, counts too coarse, or no volume is counted', () => {
    const missing = (more: Partial<PointGround>) => {
      const found = waterInsights(ground(hoursBefore(84), more));
      return (['even-flow', 'high-flow', 'away-flow'] as const).map((kind) => {
        const one = found[kind];
        return one.enough ? 'judged' : one.missing.replace('not enough data: ', '');
      });
    };
    const hours = 'readings of whole hours are needed, or of parts of an hour';
    expect(missing({ step: 86_400 })).toEqual([hours, hours, hours]);
    expect(missing({ unit: 'm3', powerOfTen: -2 })).toEqual([
      'judged',
      'judged',
      'whether somebody is at home is not known',
    ]);
    expect(missing({ unit: 'therm' })[0]).toBe('the register does not count a volume');
    expect(missing({ readings: [] })[1]).toBe('nothing was read in the last four weeks');
  });

  it('tells a leak so small that in a quarter of an hour it seldom moves the register', () => {
    const quarters = hoursBefore(84, (day) => (day >= '2026-05-22' ? 2 : undefined)).flatMap(({ at: from, value }) =>
      [0, 1, 2, 3].map((part) => ({
        at: from + part * 900,
        value: Math.floor(value / 4) + (part < value % 4 ? 1 : 0),
      })),
    );
    expect(told(ground(quarters, { step: 900, expected: { now: 28 * 96, before: 28 * 96 } }))).toMatchObject([
      { kind: 'night-flow', headline: expect.stringMatching(/^Water has run for 7. hours without a pause$/) },
    ]);
  });

  it('tells no leak where days are read: that each was used says nothing of its nights', () => {
    const days = Array.from({ length: 84 }, (_, day) => ({ at: at(addDays(date, day - 84), 0), value: 300 + day }));
    const daily = ground(days, { step: 86_400, expected: { now: 28, before: 28 } });
    expect(told(daily)).toEqual([]);
    expect(waterInsights(daily)['night-flow']).toMatchObject({
      enough: false,
      missing: 'not enough data: readings of whole hours are needed, or of parts of an hour',
    });
  });

  it('tells nothing of somebody who comes back to a home in which nobody was, but what nobody uses for hours', () => {
    const back = (litres: number) =>
      hoursBefore(84, (day, of) => (day < '2026-05-21' ? 0 : of > 7 && of < 21 ? litres + of : 0));
    expect(told(ground(back(20)))).toEqual([]);
    expect(told(ground(back(90)))).toMatchObject([{ kind: 'even-flow' }]);
  });

  it('tells of a hose that runs all day once, its last part of an hour too', () => {
    const hose = (day: string, of: number) =>
      day === '2026-05-21' && of >= 8 && of < 18 ? (of < 17 ? 500 : 140) : undefined;
    expect(told(ground(hoursBefore(84, hose)))).toMatchObject([{ kind: 'high-flow' }]);
  });

  it('is the same in quarters of an hour as in hours', () => {
    const said = (day: string, of: number) => (day === '2026-05-21' && of === 18 ? 412 : undefined);
    const hours = hoursBefore(84, said);
    const quarters = hours.flatMap(({ at: from, value }) =>
      [0, 1, 2, 3].map((part) => ({
        at: from + part * 900,
        value: Math.floor(value / 4) + (part < value % 4 ? 1 : 0),
      })),
    );
    expect(told(ground(quarters, { step: 900, expected: { now: 28 * 96, before: 28 * 96 } }))).toEqual(
      told(ground(hours)),
    );
  });
});

describe('hours of readings', () => {
  it('are those of the local clock, also where zones are half an hour off, and are none where a reading is missing', () => {
    const india = new WaterHours(1800, 'Asia/Kolkata');
    const start = Date.parse('2026-05-20T00:00:00+05:30') / 1000;
    const values = [3, 4, 5, 6, 7, 8];
    const hours = values.flatMap((value, place) =>
      place === 3 ? [] : (india.add({ at: start + place * 1800, value }) ?? []),
    );
    expect(hours.map(({ at: from, value }) => [(from - start) / hour, value])).toEqual([
      [0, 7],
      [2, 15],
    ]);
    expect([60, 900, 1800, 3600, 420, 7200, 86_400].map(makesHours)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('an era of water', () => {
  const settings = { step: hour, zone, litres: 1, presenceAt: () => 'unknown' as const };
  it('says the same of its days whatever came after them, and whatever lay before what it knows', () => {
    const era = eraOf('2026-05-10');
    const first = era * 28 * 86_400;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 88 * 24 - 1 }), fc.integer({ min: 150, max: 900 })), {
          maxLength: 12,
        }),
        fc.integer({ min: 1, max: 24 * 20 }),
        (bursts, back) => {
          const whole = Array.from({ length: 88 * 24 }, (_, place) => ({
            at: first + (place - 60 * 24) * hour,
            value: bursts.find(([where]) => where === place)?.[1] ?? usual(Math.floor(place / 24), place % 24),
          }));
          const all = judgeWaterEra(settings, whole, era);
          const until = whole.slice(0, whole.length - back);
          const last = until.at(-1)?.at ?? 0;
          const high = (alerts: typeof all) => alerts.filter(({ reason }) => reason === 'high');
          expect(high(judgeWaterEra(settings, until, era))).toEqual(high(all).filter(({ from }) => from <= last));
          const other = whole.map((one, place) => (place < 24 * 3 ? { ...one, value: 700 } : one));
          expect(judgeWaterEra(settings, other, era)).toEqual(all);
          expect(
            judgeWaterEra(
              settings,
              whole.flatMap((one) => [one, one]),
              era,
            ),
          ).toEqual(all);
          const episodes = waterEpisodes(all);
          for (const reason of ['steady', 'high'] as const) {
            const own = episodes.filter((one) => one.reason === reason);
            own.slice(1).forEach((one, place) => {
              expect(one.from - (own[place]?.to ?? 0)).toBeGreaterThan(72 * hour);
            });
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a headline', () => {
  it('is made again from the numbers that a view keeps of it', () => {
    for (const cause of causesOf(
      { unit: 'L', powerOfTen: 0, flow: 'forward', zone, date },
      pointInsights(ground(hoursBefore(84, (day) => (day >= '2026-05-22' ? 9 : undefined))), []),
      [],
    )) {
      expect(cause.headline).toMatch(/ 7[0-9] hours/);
      expect(headlineOf(cause.kind, headlineFigures(cause.kind, cause.value))).toBe(cause.headline);
    }
    const rise = headlineFigures('significant-rise', { onYear: 0.2345, unit: 'Wh', powerOfTen: 0 });
    expect(rise?.figures).toEqual([2345]);
    expect(headlineOf('significant-rise', rise)).toBe('Use rose 23 % on the year');
    expect(headlineOf('dead-meter', headlineFigures('dead-meter', { hours: 49, unit: 'Wh' }))).toBe(
      'The meter counts nothing',
    );
  });
});
