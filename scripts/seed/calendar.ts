import { addDays, addMonths, daysBetween, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { randomOf } from './random.ts';

/** Half-hours, in seconds. */
export const halfHour = 1800;

/** What the seeded utility is made from; the same options give the same facts and blocks, byte for byte. */
export interface StoryOptions {
  /** Name of the seed: every draw depends on it. */
  readonly seed: string;
  readonly customers: number;
  readonly months: number;
  /** Local date the story leads up to: it ends as this day begins, so that today gives whole days only. */
  readonly until: string;
  readonly zone: string;
  readonly currency: string;
}

/** One local day of the story, and the weather all customers share. */
export interface StoryDay {
  readonly date: string;
  /** First instant, Unix seconds. */
  readonly from: number;
  /** Half-hours of the day: 46, 48 or 50 (47 or 49 where clocks change by half an hour). */
  readonly intervals: number;
  /** Index of its first half-hour in a load. */
  readonly first: number;
  readonly weekend: boolean;
  /** 0 at midsummer to 256 at midwinter. */
  readonly winter: number;
  /** Mean temperature outside, tenths of °C. */
  readonly temperature: number;
  /** Tenths of a degree below 15.5 °C, never negative: what heating must make up. */
  readonly cold: number;
  /** Share of a clear sky's sun that comes through, 0 to 256. */
  readonly sun: number;
  /** Local half-hour of the clock (0 to 47) at each half-hour. */
  readonly slots: Uint8Array;
  /** Wh per half-hour of one kilowatt peak of panels under a clear sky. */
  readonly clearSky: Uint16Array;
}

export interface StoryCalendar {
  readonly zone: string;
  readonly firstDate: string;
  /** First local date that is no longer told. */
  readonly endDate: string;
  /** Unix seconds, half-open. */
  readonly from: number;
  readonly to: number;
  readonly days: readonly StoryDay[];
  /** Half-hours of the whole story. */
  readonly intervals: number;
}

const turn = 2 * Math.PI;

/** Fraction of the year since midwinter, 0 to 1. */
const sinceMidwinter = (date: string, southern: boolean): number => {
  const day = daysBetween(`${date.slice(0, 4)}-01-01`, date);
  const shifted = (day + 11 - 3 + (southern ? 182 : 0)) / 365;
  return shifted - Math.floor(shifted);
};

const slotsOf = (zone: string, from: number, intervals: number): Uint8Array => {
  const slots = new Uint8Array(intervals);
  for (let at = 0; at < intervals; at += 1) {
    const instant = from + at * halfHour;
    slots[at] = Math.floor((((instant + offsetAt(zone, instant)) % 86_400) + 86_400) / halfHour) % 48;
  }
  return slots;
};

/** Sun of a clear day on one kilowatt peak: a rounded hill between sunrise and sunset, higher and longer in summer. */
const clearSkyOf = (slots: Uint8Array, summer: number, clocksAhead: number): Uint16Array => {
  const halfDay = 3.9 + 4.4 * summer;
  const noon = 12.1 + clocksAhead;
  const peak = 135 + 265 * summer;
  return Uint16Array.from(slots, (slot) => {
    const hour = slot / 2 + 0.25;
    const part = (hour - (noon - halfDay)) / (2 * halfDay);
    if (part <= 0 || part >= 1) return 0;
    return Math.round(peak * Math.sin(Math.PI * part) ** 1.4);
  });
};

/** The days of the story with their clocks, season and weather. Throws RangeError for an unknown zone or date. */
export const calendarOf = (options: StoryOptions): StoryCalendar => {
  const { zone, until } = options;
  const month = addMonths(until.slice(0, 7), -options.months);
  const sameDay = addDays(`${month}-01`, Number(until.slice(8, 10)) - 1);
  // The 31st of a month without one becomes the first of the next.
  const firstDate = sameDay.slice(0, 7) === month ? sameDay : `${addMonths(month, 1)}-01`;
  const year = firstDate.slice(0, 4);
  const january = offsetAt(zone, startOfDate(zone, `${year}-01-15`));
  const july = offsetAt(zone, startOfDate(zone, `${year}-07-15`));
  const southern = january > july || /^(Australia|Antarctica)\//.test(zone);
  const standard = Math.min(january, july);
  const weather = randomOf(options.seed, 'weather');
  const days: StoryDay[] = [];
  let first = 0;
  let drift = 0;
  for (let date = firstDate; date < until; date = addDays(date, 1)) {
    const from = startOfDate(zone, date);
    const intervals = expectedIntervals(zone, date, halfHour);
    const cosine = Math.cos(turn * sinceMidwinter(date, southern));
    drift = Math.trunc((drift * 7) / 10) + weather.between(-22, 22);
    const temperature = Math.round(104 - 72 * cosine) + drift;
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const slots = slotsOf(zone, from, intervals);
    days.push({
      date,
      from,
      intervals,
      first,
      weekend: weekday === 0 || weekday === 6,
      winter: Math.round(128 + 128 * cosine),
      temperature,
      cold: Math.max(0, 155 - temperature),
      sun: Math.min(256, 70 + weather.below(150) + weather.below(60)),
      slots,
      clearSky: clearSkyOf(slots, (1 - cosine) / 2, (offsetAt(zone, from + 43_200) - standard) / 3600),
    });
    first += intervals;
  }
  return {
    zone,
    firstDate,
    endDate: until,
    from: startOfDate(zone, firstDate),
    to: startOfDate(zone, until),
    days,
    intervals: first,
  };
};

/** Index of a date's day in the story; negative or past the end where it is not told. */
export const dayIndex = (calendar: StoryCalendar, date: string): number => daysBetween(calendar.firstDate, date);

/** Unix seconds of a local date and seconds after its first instant. */
export const instantOn = (calendar: StoryCalendar, date: string, seconds: number): number =>
  startOfDate(calendar.zone, date) + seconds;
