import { readStamp } from '#functions/imports/rules/stamps.ts';
import { causesOf } from '#functions/insight/rules/causes.ts';
import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import type { Episode } from '#functions/insight/rules/detect/episodes.ts';
import { episodesWithin, eraOf, judgeEra } from '#functions/insight/rules/eras.ts';
import { type Found, notEnough } from '#functions/insight/rules/insight.ts';
import { leaksOf } from '#functions/insight/rules/night-flow.ts';
import { judgeWaterEra, waterEpisodes } from '#functions/insight/rules/water-eras.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import type { Figure, Measurement, Skipped } from '../measurement.ts';
import { isShared, sharedText } from './shared-series.ts';

const set = 'water-daiad-alicante';
const zone = 'Europe/Madrid';
const hour = 3600;
const monthSeconds = (365.25 / 12) * 86_400;
/** A leak that comes back within this time is told as the same. */
const sameLeak = 28 * 86_400;

/** Hourly litres of one home, the hours between reads that lie about an hour apart. */
export interface WaterHome {
  readonly user: string;
  readonly hours: readonly SeriesReading[];
  readonly months: number;
}

interface Read {
  readonly at: number;
  readonly litres: number;
}

const hoursOf = (reads: readonly Read[]): readonly SeriesReading[] => {
  const hours: SeriesReading[] = [];
  for (const [place, read] of reads.entries()) {
    const before = reads[place - 1];
    if (before === undefined || Math.abs(read.at - before.at - hour) > hour / 2) continue;
    const at = Math.round(before.at / hour) * hour;
    if (at > (hours.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) hours.push({ at, value: read.litres - before.litres });
  }
  return hours;
};

/** The homes of the shared register reads of 15 months, or every so many of them. Throws where the set is absent. */
export const waterHomes = (every = 1): readonly WaterHome[] => {
  const homes = new Map<string, Read[] | undefined>();
  for (const part of ['part', 'extended_part']) {
    const lines = sharedText(`${set}/swm_trialA_${part}.csv.gz`).replaceAll('"', '').trim().split('\n').slice(1);
    for (const line of lines) {
      const [user = '', time = '', litres] = line.split(';');
      if (!homes.has(user)) homes.set(user, homes.size % every === 0 ? [] : undefined);
      const reads = homes.get(user);
      if (reads === undefined) continue;
      const stamp = time.replace(/^(\d\d)\/(\d\d)\/(\d{4})/, '$3-$2-$1');
      const at = readStamp(stamp, zone, reads.at(-1)?.at);
      if (typeof at === 'number') reads.push({ at, litres: Number(litres) });
    }
  }
  return [...homes].flatMap(([user, reads]) => {
    if (reads === undefined) return [];
    const hours = hoursOf(reads.sort((left, right) => left.at - right.at || left.litres - right.litres));
    return [{ user, hours, months: ((hours.at(-1)?.at ?? 0) - (hours[0]?.at ?? 0)) / monthSeconds }];
  });
};

const foundAs = <Value>(value: Value): Found<Value> => ({
  enough: true,
  value,
  window: { from: '', to: '' },
  coverage: 1,
  method: '',
  confidence: 1,
  evidence: {},
});

const countOfLeaks = (hours: readonly SeriesReading[]): number => {
  let [count, last] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, to } of leaksOf(hours, hour, zone)) {
    if (from - last > sameLeak) count += 1;
    last = to;
  }
  return count;
};

/** How often a home is told of each kind, over all its time: the causes of all its eras, nobody known to be at home or away. */
export const toldOfWater = ({ hours }: WaterHome, withUnusual: boolean): ReadonlyMap<string, number> => {
  const [first, last] = [hours[0]?.at ?? 0, hours.at(-1)?.at ?? 0];
  const eras = [eraOf(localDateAt(zone, first)), eraOf(localDateAt(zone, last))] as const;
  const all = Array.from({ length: eras[1] - eras[0] + 1 }, (_, place) => eras[0] + place);
  const settings = { step: hour, zone, litres: 1 };
  const presenceAt = () => 'unknown' as const;
  const water = waterEpisodes(all.flatMap((era) => judgeWaterEra({ ...settings, presenceAt }, hours, era)));
  const unusual: readonly Episode[] = withUnusual
    ? episodesWithin(all.flatMap((era) => judgeEra(settings, hours, era)))
    : [];
  const leaks = leaksOf(hours, hour, zone);
  const missing = notEnough('', 0, '');
  const insights = {
    'use-per-day': missing,
    trend: missing,
    'annual-usage': missing,
    'unusual-use': foundAs(unusual),
    'night-flow': foundAs({ leak: 'none' as const, leastPerHour: 0, hours: 0 }),
    'even-flow': foundAs(
      water.filter(
        ({ reason, from }) => reason === 'steady' && !leaks.some((leak) => leak.from <= from && from < leak.to),
      ),
    ),
    'high-flow': foundAs(water.filter(({ reason }) => reason === 'high')),
  };
  const looked = {
    unit: 'L',
    powerOfTen: 0,
    flow: 'forward',
    zone,
    date: addDays(localDateAt(zone, last), 1),
  } as const;
  const counts = new Map<string, number>([['night-flow', countOfLeaks(hours)]]);
  for (const { kind } of causesOf(looked, insights, unusual)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};

const kinds = ['even-flow', 'high-flow', 'night-flow', 'unusual-use'] as const;

/** How often homes with a water meter would be told of something in a month. */
export const waterAlerts: Measurement = {
  name: 'water',
  title: 'What is told of water',
  measure: async (): Promise<readonly Figure[] | Skipped> => {
    if (!isShared(set)) return { skipped: `the data set ${set} is not beside this checkout` };
    const homes = waterHomes();
    const months = homes.reduce((sum, one) => sum + one.months, 0);
    const counts = homes.map((home) => ({ months: home.months, told: toldOfWater(home, true) }));
    const perMonth = (kind: string): number =>
      counts.reduce((sum, { told }) => sum + (told.get(kind) ?? 0), 0) / months;
    const rates = counts.map(({ told, months: own }) => [...told.values()].reduce((sum, one) => sum + one, 0) / own);
    return [
      {
        name: 'water-told',
        what: `insights told of a home in a month (${homes.length} homes)`,
        value: kinds.reduce((sum, kind) => sum + perMonth(kind), 0),
        unit: '',
        goal: { atMost: 1 },
        beside: [{ what: 'of the home that is told most', value: Math.max(...rates), unit: '' }],
        notCounted:
          'whether they are true: nobody labelled these homes; and use while nobody is at home, which is not known',
      },
      ...kinds.map(
        (kind): Figure => ({
          name: `water-${kind}`,
          what: `of these: ${kind}`,
          value: perMonth(kind),
          unit: '',
          notCounted: 'the same',
        }),
      ),
    ];
  },
};
