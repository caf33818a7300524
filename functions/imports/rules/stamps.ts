import { offsetAt } from '#shared/vocabulary/zones.ts';

const written =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?\s?(?:(Z|z)|([+-])(\d{2}):?(\d{2}))?$/;

export type StampFault = 'not-a-time' | 'no-such-local-time';

/** Days of `YYYY-MM-DD` are checked, so that 2026-02-30 is no time. */
const civilSeconds = (year: number, month: number, day: number, time: number): number | undefined => {
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? midnight / 1000 + time : undefined;
};

/** Instants whose local time in the zone is this one (seconds of the clock on the wall): none, one or two, ascending. */
export const instantsOfLocal = (zone: string, local: number): readonly number[] => {
  const [before, after] = [offsetAt(zone, local - 86_400), offsetAt(zone, local + 86_400)];
  if (before === after) return [local - before];
  return [before, after]
    .map((offset) => local - offset)
    .filter((instant) => offsetAt(zone, instant) === local - instant)
    .sort((left, right) => left - right);
};

/**
 * Reads a time of a file: ISO date and time, by `T` or a blank; 24:00 is the next midnight. One with an offset or Z is that
 * instant, whatever the zone. A local time that comes twice (clocks go back) is the second one where the row before it in the
 * file was at or past the first.
 */
export const readStamp = (text: string, zone: string, previous: number | undefined): number | StampFault => {
  const match = written.exec(text.trim());
  if (match === null) return 'not-a-time';
  const [, year, month, day, hour, minute, second = '0', utc, sign, offsetHours, offsetMinutes] = match;
  const time = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (Number(minute) > 59 || Number(second) > 59 || time > 86_400) return 'not-a-time';
  const local = civilSeconds(Number(year), Number(month), Number(day), time);
  if (local === undefined) return 'not-a-time';
  if (utc !== undefined) return local;
  if (sign !== undefined) {
    const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
    return sign === '-' ? local + offset : local - offset;
  }
  const [first, second_] = instantsOfLocal(zone, local);
  if (first === undefined) return 'no-such-local-time';
  return second_ !== undefined && previous !== undefined && previous >= first ? second_ : first;
};
