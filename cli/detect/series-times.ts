import { readStamp } from '#functions/imports/rules/stamps.ts';

/** Times of a file in the ways in which people and programs write them. */

/** Unix seconds, with or without a fraction, and milli-, micro- or nanoseconds, of this century and the last. */
const unixTime = /^(\d{9,10})(?:\.\d+|\d{3}|\d{6}|\d{9})?$/;
/** `20261128`, `202611280930`, `20261128T093000Z`. */
const compact = /^((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?([01]\d|2[0-4])([0-5]\d)([0-5]\d)?(z)?)?$/i;

const separated = '(?:[T ,]+(.*))?$';
const yearFirst = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${separated}`, 'i');
/** Day and month in either order; years of this century by two digits. */
const numbered = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})${separated}`, 'i');
const dayNamed = new RegExp(`^(\\d{1,2})[-/. ]([a-z]{3})[a-z]*\\.?[-/., ]+(\\d{4}|\\d{2})${separated}`, 'i');
const monthNamed = new RegExp(`^([a-z]{3})[a-z]*\\.? (\\d{1,2}),? (\\d{4})${separated}`, 'i');
const weekday = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i;
const clock =
  /^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*([ap])?(?:\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const two = (text: string | number): string => String(text).padStart(2, '0');
const year = (text: string): string => text.padStart(4, '20');

const monthOf = (name: string): string => two(months.indexOf(name.toLowerCase()) + 1);

/** A date as `YYYY-MM-DD` and what is written behind it. */
const dateOf = (text: string, dayFirst: boolean): readonly [date: string, rest: string] | undefined => {
  const iso = yearFirst.exec(text);
  if (iso !== null) return [`${iso[1]}-${two(iso[2] ?? '')}-${two(iso[3] ?? '')}`, iso[4] ?? ''];
  const numbers = numbered.exec(text);
  if (numbers !== null) {
    const [, first = '', second = '', of = '', rest = ''] = numbers;
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return [`${year(of)}-${two(month)}-${two(day)}`, rest];
  }
  const named = dayNamed.exec(text);
  if (named !== null)
    return [`${year(named[3] ?? '')}-${monthOf(named[2] ?? '')}-${two(named[1] ?? '')}`, named[4] ?? ''];
  const month = monthNamed.exec(text);
  return month === null ? undefined : [`${month[3]}-${monthOf(month[1] ?? '')}-${two(month[2] ?? '')}`, month[4] ?? ''];
};

/** A time of day as `HH:MM:SS` with its offset; undefined where it is none. */
const clockOf = (text: string): string | undefined => {
  if (text === '') return '00:00:00';
  const match = clock.exec(text);
  if (match === null) return undefined;
  const [, hour = '', minute = '00', second = '00', half, offset = ''] = match;
  const written = Number(hour);
  if (half !== undefined && (written < 1 || written > 12)) return undefined;
  const hours = half === undefined ? written : (written % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const shift = /^(?:z|utc|gmt)$/i.test(offset) ? 'Z' : offset.length === 3 ? `${offset}:00` : offset;
  return `${two(hours)}:${minute}:${second}${shift}`;
};

/** Whether dates of numbers have the day first: told by numbers over 12, days first where there are none. */
export const isDayFirst = (texts: Iterable<string>): boolean => {
  for (const text of texts) {
    const match = numbered.exec(text);
    if (match === null) continue;
    if (Number(match[1]) > 12) return true;
    if (Number(match[2]) > 12) return false;
  }
  return true;
};

/**
 * The instant of a time in Unix seconds, fractions cut off; undefined where the text is none.
 * @param zone in which times without an offset are read
 * @param previous instant of the row before, which tells the first from the second of an hour that comes twice
 */
export const instantIn = (
  text: string,
  zone: string,
  previous: number | undefined,
  dayFirst: boolean,
): number | undefined => {
  const packed = compact.exec(text);
  const unix = packed === null ? unixTime.exec(text) : null;
  if (unix !== null) return Number(unix[1]);
  const [, ofYear = '', month = '', day = '', hour = '00', minute = '00', second = '00', utc = ''] = packed ?? [];
  const found = packed === null ? dateOf(text.replace(weekday, ''), dayFirst) : undefined;
  const time = found === undefined ? undefined : clockOf(found[1].trim());
  if (packed === null && (found === undefined || time === undefined)) return undefined;
  const iso =
    found === undefined ? `${ofYear}-${month}-${day} ${hour}:${minute}:${second}${utc}` : `${found[0]} ${time}`;
  const at = readStamp(iso, zone, previous);
  return typeof at === 'string' ? undefined : at;
};

/** Whether a text is a time of day without a date. */
export const isTimeOfDay = (text: string): boolean => text.includes(':') && clockOf(text) !== undefined;

/** Whether a text is a date without a time of day. */
export const isDateAlone = (text: string): boolean => dateOf(text.replace(weekday, ''), true)?.[1] === '';
