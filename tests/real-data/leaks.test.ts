import { describe, expect, it } from 'vitest';
import { judgeFile } from '#cli/detect/judge-file.ts';
import { freshWater, judgeWaterHour } from '#functions/insight/rules/water-alerts.ts';
import { isShared, secondsOf, sharedText } from '#scripts/bench/anomalies/shared-series.ts';
import { toldOfWater, waterHomes } from '#scripts/bench/anomalies/water-homes.ts';
import type { Presence } from '#shared/vocabulary/statuses.ts';

const set = 'water-leak-scenarios';
const present = isShared(set);
if (!present) console.log(`skipped: the data set ${set} is not beside this checkout`);

/** Three hours within 2 litres of each other: ordinary homes have them twice a month, and they tell of nothing that is broken. */
const similar = 'anomalous_consume_similar_ACS';
const files = [
  'anomalous_consume_negative_ACN',
  'anomalous_high_consume_week_AHCW',
  'normal_consume_first_day_NCFD',
  'normal_consume_week_NCW',
  'normal_high_consume_is_at_home_NHCIAH',
] as const;

interface Record {
  readonly userId: number;
  readonly time: string;
  readonly consume: number;
  readonly isAtHome: string;
  readonly isAnomalous: number;
}

const presences: Readonly<Partial<{ [letter: string]: Presence }>> = { Y: 'home', N: 'away' };

/** Rows of the records at which an alert should go out, and at which ours does. The files hold several homes. */
const alertsOf = (file: string): { readonly due: readonly number[]; readonly raised: readonly number[] } => {
  const records: readonly Record[] = JSON.parse(sharedText(`${set}/${file}.json`));
  const homes = new Map<number, typeof freshWater>();
  const raised = records.flatMap(({ userId, time, consume, isAtHome }, row) => {
    const at = secondsOf(time);
    const judged = judgeWaterHour(homes.get(userId) ?? freshWater, {
      at,
      day: Math.floor(at / 86_400),
      litres: consume,
      presence: presences[isAtHome] ?? 'unknown',
    });
    homes.set(userId, judged.state);
    return judged.reasons.length > 0 ? [row] : [];
  });
  return { due: records.flatMap(({ isAnomalous }, row) => (isAnomalous === 1 ? [row] : [])), raised };
};

/** Hours of each home of a file, as `rotunda detect` reads them. */
const seriesOf = (file: string) => {
  const records: readonly Record[] = JSON.parse(sharedText(`${set}/${file}.json`));
  return [...new Set(records.map(({ userId }) => userId))].map((home) => {
    const own = records.filter(({ userId }) => userId === home);
    const rows = own.map(({ time, consume }, place) => ({
      line: place + 2,
      timestamp: time,
      text: String(consume),
      at: secondsOf(time),
      value: consume,
    }));
    return { rows, due: own.flatMap(({ isAnomalous }, row) => (isAnomalous === 1 ? [row] : [])) };
  });
};

describe.skipIf(!present)('rotunda detect', () => {
  it.each(files.filter((file) => file !== 'normal_high_consume_is_at_home_NHCIAH'))(
    'tells of litres at the hours at which the running system would, nobody being known to be at home: %s',
    (file) => {
      for (const { rows, due } of seriesOf(file)) {
        const { judged, hourly } = judgeFile(rows, { zone: '+00:00', litres: 1 });
        expect(hourly).toBe(true);
        expect(judged.flatMap((one, row) => ((one?.hour?.reasons.length ?? 0) > 0 ? [row] : []))).toEqual(due);
      }
    },
  );

  it('tells of water that never stopped for a day once, where it did', () => {
    const litres = (hour: number): number => (hour < 30 || hour > 100 ? (hour * 7) % 24 : 9 + ((hour * 11) % 37));
    const rows = Array.from({ length: 200 }, (_, hour) => {
      const at = secondsOf('2026-05-01T00:00:00Z') + hour * 3600;
      return { line: hour + 2, timestamp: String(at), text: String(litres(hour)), at, value: litres(hour) };
    });
    const { judged } = judgeFile(rows, { zone: '+00:00', litres: 1 });
    const told = judged.flatMap((one, row) => (one?.hour?.reasons.includes('endless') ? [row] : []));
    expect(told).toHaveLength(1);
    expect(rows.slice((told[0] ?? 0) - 23, (told[0] ?? 0) + 1).every(({ value }) => value > 0)).toBe(true);
  });

  it('tells nothing hour by hour of what is no water, or whose steps are no hours', () => {
    const [{ rows } = { rows: [] }] = seriesOf(similar);
    expect(judgeFile(rows, { zone: '+00:00', wattHours: 1 }).hourly).toBe(false);
    const days = rows.map((row, place) => ({ ...row, at: place * 86_400 }));
    expect(judgeFile(days, { zone: '+00:00', litres: 1 }).hourly).toBe(false);
  });
});

const homes = 'water-daiad-alicante';
describe.skipIf(!isShared(homes))('homes with a water meter', () => {
  it('are told of what their hours say every other month or so', () => {
    let [told, months] = [0, 0];
    for (const home of waterHomes(12)) {
      months += home.months;
      for (const count of toldOfWater(home, false).values()) told += count;
    }
    expect(months).toBeGreaterThan(40);
    expect(told / months).toBeGreaterThan(0.1);
    expect(told / months).toBeLessThan(0.5);
  }, 120_000);
});

describe.skipIf(!present)('alerts of water', () => {
  it.each(files)('go out at the hours they should, and at no others: %s', (file) => {
    const { due, raised } = alertsOf(file);
    expect(raised).toEqual(due);
  });

  it('are ten of the thirteen in all: of hours that are merely alike nothing is told', () => {
    expect(files.flatMap((file) => alertsOf(file).due)).toHaveLength(10);
    expect(alertsOf(similar)).toMatchObject({ due: [3, 15, 31], raised: [] });
  });
});
