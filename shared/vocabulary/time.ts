import { offsetAt, spanAt } from './zones.ts';

/**
 * Local days and months. Instants are Unix seconds, dates `YYYY-MM-DD`, months `YYYY-MM`; every range is half-open. A day
 * lasts from its first instant to the first instant of the next, so it has 23, 23.5, 24, 24.5 or 25 hours, whatever the zone.
 */

const daySeconds = 86_400;
const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Dates that are kept with their day numbers: some decades of them. */
const mostDates = 50_000;
const dateTexts = new Map<number, string>();
const dayNumbers = new Map<string, number>();

/** Date of a day number (days since 1970-01-01). */
const dateOfDay = (day: number): string => {
  const known = dateTexts.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * daySeconds * 1000).toISOString().slice(0, 10);
  if (dateTexts.size > mostDates) dateTexts.clear();
  dateTexts.set(day, date);
  return date;
};

/** Days since 1970-01-01 of a date. Throws RangeError where it is none. */
const dayOf = (date: string): number => {
  const known = dayNumbers.get(date);
  if (known !== undefined) return known;
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  if (date.length !== 10 || Number.isNaN(milliseconds)) throw new RangeError(`not a date: ${date}`);
  const day = milliseconds / 1000 / daySeconds;
  if (dayNumbers.size > mostDates) dayNumbers.clear();
  dayNumbers.set(date, day);
  return day;
};

/** The date so many days later (earlier where negative). */
export const addDays = (date: string, days: number): string => dateOfDay(dayOf(date) + days);

/** Days from one date to another, negative where it lies before. */
export const daysBetween = (from: string, to: string): number => dayOf(to) - dayOf(from);

/** Local date of an instant. */
export const localDateAt = (zone: string, instant: number): string =>
  dateOfDay(Math.floor((instant + offsetAt(zone, instant)) / daySeconds));

/** Local month of an instant, `YYYY-MM`. */
export const localMonthAt = (zone: string, instant: number): string => localDateAt(zone, instant).slice(0, 7);

const firstInstantOfDay = (zone: string, day: number): number => {
  const local = day * daySeconds;
  let span = spanAt(zone, local - daySeconds);
  // Offsets are within 15 hours, so the day's first instant lies in this span or one soon after.
  for (;;) {
    const candidate = Math.max(span.from, local - span.offset);
    if (candidate < span.to) return candidate;
    span = spanAt(zone, span.to);
  }
};

/** First instant of a local date (after midnight where a change of clocks skips midnight). */
export const startOfDate = (zone: string, date: string): number => firstInstantOfDay(zone, dayOf(date));

/** First instant of the local date after that of `instant`. */
export const nextMidnight = (zone: string, instant: number): number => {
  const day = Math.floor((instant + offsetAt(zone, instant)) / daySeconds);
  const next = firstInstantOfDay(zone, day + 1);
  return next > instant ? next : firstInstantOfDay(zone, day + 2);
};

/** First instant of the local date of `instant`. */
export const midnightBefore = (zone: string, instant: number): number =>
  firstInstantOfDay(zone, Math.floor((instant + offsetAt(zone, instant)) / daySeconds));

/** The month so many months later (earlier where negative). */
export const addMonths = (month: string, months: number): string => {
  const count = monthNumber(month) + months;
  return monthOfNumber(count);
};

/** Months since year 0, for arithmetic. */
export const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
export const monthOfNumber = (count: number): string =>
  `${String(Math.floor(count / 12)).padStart(4, '0')}-${two((count % 12) + 1)}`;

/** First instant of a local month. */
export const startOfMonth = (zone: string, month: string): number => startOfDate(zone, `${month}-01`);

/** Seconds of a local day. */
export const dayLength = (zone: string, date: string): number => {
  const day = dayOf(date);
  return firstInstantOfDay(zone, day + 1) - firstInstantOfDay(zone, day);
};

/**
 * Intervals that begin in a local day, counted from its first instant: 46, 48 or 50 half-hours (Lord Howe 47 or 49). Where a
 * change of 30 minutes cuts an hour, the cut hour counts.
 */
export const expectedIntervals = (zone: string, date: string, intervalSeconds: number): number =>
  Math.ceil(dayLength(zone, date) / intervalSeconds);

/** One local day: its date and its instants, half-open. */
export interface LocalDay {
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

/** The local days that meet [from, to), each whole, in order. */
export function* localDays(zone: string, from: number, to: number): Generator<LocalDay> {
  if (from >= to) return;
  let day = Math.floor((from + offsetAt(zone, from)) / daySeconds);
  for (let start = firstInstantOfDay(zone, day); start < to; day += 1) {
    const end = firstInstantOfDay(zone, day + 1);
    if (end > from && end > start) yield { date: dateOfDay(day), from: start, to: end };
    start = end;
  }
}

/** Unix seconds of an RFC 3339 instant; parts of a second are cut. Throws RangeError. */
export const secondsOf = (instant: string): number => {
  const milliseconds = Date.parse(instant);
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${instant}`);
  return Math.floor(milliseconds / 1000);
};

/** RFC 3339 of Unix seconds, in UTC. */
export const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
