import { plainText } from '#shared/text/words.ts';

/** Which of the first two numbers of 03/04/1985 is the day. */
export type DayOrder = 'day-first' | 'month-first';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const parts = (text: string): readonly string[] =>
  plainText(text)
    .toLowerCase()
    .trim()
    .replace(/[t ]\d{1,2}:\d{2}.*$/, '')
    .split(/[^0-9a-z]+|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/)
    .filter((part) => part !== '' && !['th', 'st', 'nd', 'rd', 'of', 't', 'z'].includes(part));

const monthNumber = (part: string): number | undefined => {
  const place = months.indexOf(part.slice(0, 3));
  return /^[a-z]/.test(part) && place >= 0 ? place + 1 : undefined;
};

/** Two digits of a year mean one up to now: 26 and less this century. */
const pivot = 26;
const fullYear = (part: string): number => {
  const year = Number(part);
  if (part.length > 2) return year;
  return year <= pivot ? 2000 + year : 1900 + year;
};

const written = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;

/** Whether a column writes days or months first, as far as a number over 12 tells; days, where none does. */
export const dayOrderOf = (column: Iterable<string>): DayOrder => {
  let [dayFirst, monthFirst] = [0, 0];
  for (const text of column) {
    const [first = '', second = '', third = ''] = parts(text);
    if (!/^\d{1,2}$/.test(first) || !/^\d{1,2}$/.test(second) || !/^\d{2,4}$/.test(third)) continue;
    if (Number(first) > 12 && Number(second) <= 12) dayFirst += 1;
    if (Number(second) > 12 && Number(first) <= 12) monthFirst += 1;
  }
  return monthFirst > dayFirst ? 'month-first' : 'day-first';
};

/** Dates that programs put where they have none. */
const placeholders: ReadonlySet<string> = new Set(['19000101', '19010101', '19700101', '00010101', '99991231']);

const fromThree = (first: string, second: string, third: string, order: DayOrder): string | undefined => {
  const named = [first, second, third].map(monthNumber);
  if (named[1] !== undefined)
    return first.length > 2
      ? written(Number(first), named[1], Number(third))
      : written(fullYear(third), named[1], Number(first));
  if (named[0] !== undefined) return written(fullYear(third), named[0], Number(second));
  if (![first, second, third].every((part) => /^\d+$/.test(part))) return undefined;
  if (first.length > 2) return written(Number(first), Number(second), Number(third));
  const [day, month] = order === 'day-first' ? [first, second] : [second, first];
  return written(fullYear(third), Number(month), Number(day));
};

const eightDigits = (digits: string): string => {
  const startsWithYear = /^(1[89]|20)/.test(digits);
  const endsWithYear = /(1[89]|20)\d\d$/.test(digits);
  return startsWithYear || !endsWithYear ? digits : `${digits.slice(4)}${digits.slice(2, 4)}${digits.slice(0, 2)}`;
};

const dayInMs = 86_400_000;
/** The day before the first that spreadsheets count, with the leap day of 1900 that they believe in. */
const beforeFirst = Date.UTC(1899, 11, 30);

/** A date as spreadsheets keep it: days since 1899-12-30, five digits from 1927 on. */
const fromSerial = (days: string): string => {
  const date = new Date(beforeFirst + Number(days) * dayInMs);
  return written(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
};

/**
 * A date of birth from any way of writing it: `yyyymmdd`, or `yyyy` where only the year is known. Dates that no calendar has are kept as
 * they are written: a slip of the pen is still near to what was meant. Undefined where there is none.
 */
export const birthDateOf = (raw: string | undefined, order: DayOrder): string | undefined => {
  const [first = '', second, third] = parts(raw ?? '');
  if (second === undefined) {
    if (/^\d{4}$/.test(first)) return first === '0000' ? undefined : first;
    if (/^[1-5]\d{4}$/.test(first)) return fromSerial(first);
    const digits = /^\d{6,8}$/.test(first) ? first : '';
    if (digits.length < 8) return digits === '' ? undefined : digits;
    const date = eightDigits(digits);
    return placeholders.has(date) || /^0+$/.test(date) ? undefined : date;
  }
  if (third === undefined) return [first, second].find((part) => /^\d{4}$/.test(part));
  const date = fromThree(first, second, third, order);
  if (date === undefined || date.length !== 8 || placeholders.has(date) || /^0+$/.test(date)) return undefined;
  return date.endsWith('0000') ? date.slice(0, 4) : date;
};

/** Days since a fixed day, by a calendar of even months: right to a day or two in 40, also for dates no calendar has. */
export const dayNumber = (date: string): number =>
  Math.round(Number(date.slice(0, 4)) * 365.2425 + (Number(date.slice(4, 6)) - 1) * 30.44 + Number(date.slice(6, 8)));
