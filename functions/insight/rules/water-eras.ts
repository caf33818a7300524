import { episodeSeconds, type SeriesReading } from './detect/detect.ts';
import { eraDays, knownDays, localDay } from './eras.ts';
import { steadyHours, type WaterReason } from './water-alerts.ts';
import { secondsOfHour, type WatchedHour, type WaterSettings, WaterWatch } from './water-watch.ts';

/** What is told of water; that a register runs back is an exception of its readings (docs/vee.md). */
export type ToldWater = Exclude<WaterReason, 'negative'>;

/** Hours of water that belong together, in the scale of the register. */
export interface WaterEpisode {
  readonly reason: ToldWater;
  /** Unix seconds: start of its first hour, and end of its last. */
  readonly from: number;
  readonly to: number;
  readonly hours: number;
  /** The highest of them, and their sum. */
  readonly most: number;
  readonly total: number;
}

/** Hours that are told, the day on which the first of them was, and whether none of that reason lies less than three days before. */
export type WaterAlert = WaterEpisode & { readonly day: number; readonly opens: boolean };

/** The gravest first: an hour is told for one reason. */
const gravest: readonly ToldWater[] = ['away', 'high', 'steady'];

/** Place of the gravest of some reasons; beyond all where none of them is told. */
const gravestOf = (reasons: WatchedHour['reasons']): number => {
  const place = gravest.findIndex((name) => reasons.includes(name));
  return place < 0 ? gravest.length : place;
};

const episodeOf = (reason: ToldWater, hours: readonly WatchedHour[]): WaterEpisode => {
  const values = hours.map(({ value }) => value);
  const [first, last] = [hours[0]?.at ?? 0, hours.at(-1)?.at ?? 0];
  const total = values.reduce((sum, value) => sum + value, 0);
  return { reason, from: first, to: last + secondsOfHour, hours: hours.length, most: Math.max(...values), total };
};

const joined = <Episode extends WaterEpisode>(one: Episode, next: WaterEpisode): Episode => ({
  ...one,
  to: next.to,
  hours: one.hours + next.hours,
  most: Math.max(one.most, next.most),
  total: one.total + next.total,
});

const isNear = (one: WaterEpisode | undefined, next: WaterEpisode): boolean =>
  one !== undefined && next.from - one.to <= episodeSeconds;

/** The alerts of hours, which ascend. */
export const waterAlerts = (hours: readonly WatchedHour[]): readonly WaterAlert[] => {
  const alerts: WaterAlert[] = [];
  for (const [place, one] of hours.entries()) {
    const reason = gravest[gravestOf(one.reasons)];
    if (reason === undefined) continue;
    const before = alerts.findLast((other) => other.reason === reason);
    // A steady flow is known at the end of its first hours; those that were told are not told twice.
    const first = reason === 'steady' ? place + 1 - steadyHours : place;
    const own = hours.slice(Math.max(0, first), place + 1).filter(({ at }) => before === undefined || at >= before.to);
    const told = episodeOf(reason, own);
    const opens = !isNear(before, told);
    // What begins with hours that are told for a graver reason is the same cause.
    if (opens && own.some(({ reasons }) => gravestOf(reasons) < gravest.indexOf(reason))) continue;
    alerts.push({ ...told, day: one.day, opens });
  }
  return alerts;
};

/**
 * Alerts of an era. Like those of the detector they depend on the readings of the era and of the 56 days before it alone
 * (`eras.ts`). `readings` ascend and may lie beyond; of two with one instant the first counts.
 */
export const judgeWaterEra = (
  settings: WaterSettings,
  readings: readonly SeriesReading[],
  era: number,
): readonly WaterAlert[] => {
  const watch = new WaterWatch(settings);
  const first = era * eraDays;
  const hours: WatchedHour[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    const day = localDay(settings.zone, reading.at);
    if (day < first - knownDays || day >= first + eraDays || reading.at <= last) continue;
    last = reading.at;
    const hour = watch.take(reading);
    if (hour !== undefined) hours.push(hour);
  }
  return waterAlerts(hours).filter(({ day }) => day >= first);
};

/**
 * Episodes of the alerts of one era or of some that follow each other, by their beginning. One that goes on from before them is not
 * among them: it began, and was told, in an era before.
 */
export const waterEpisodes = (alerts: readonly WaterAlert[]): readonly WaterEpisode[] =>
  gravest
    .flatMap((reason) => {
      const found: WaterAlert[] = [];
      for (const alert of alerts.filter((one) => one.reason === reason)) {
        const open = found.at(-1);
        if (open !== undefined && isNear(open, alert)) found[found.length - 1] = joined(open, alert);
        else found.push(alert);
      }
      return found[0]?.opens === false ? found.slice(1) : found;
    })
    .map(({ day: _, opens: __, ...episode }) => episode)
    .sort((left, right) => left.from - right.from);
