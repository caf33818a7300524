import { type CsvRow, csvRows } from '#scripts/rotunda/csv-rows.ts';
import { readStamp } from '#shared/domain/formats/stamps.ts';

/** A file that holds no series: no such column, nothing in it. */
export class NoSeries extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoSeries';
  }
}

export interface SeriesColumns {
  /** IANA zone or fixed offset in which times without an offset are read. */
  readonly zone: string;
  readonly timeColumn?: string | undefined;
  readonly valueColumn?: string | undefined;
}

/** A row as it was written, with what could be read of it. */
export interface SeriesRow {
  readonly line: number;
  readonly timestamp: string;
  readonly text: string;
  /** Unix seconds; undefined where the text is no time. */
  readonly at: number | undefined;
  /** Undefined where the text is no finite number. */
  readonly value: number | undefined;
}

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

const numberIn = (text: string): number | undefined => {
  if (!decimal.test(text)) return undefined;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
};

/** Unix seconds or milliseconds of this century and the last, as whole numbers. */
const unixTime = /^\d{9,10}(?:\d{3})?$/;
const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const fraction = /(:\d{2})\.\d+/;

/** `25/11/2011 01:00:00`, `11/25/11 1:00`: day and month in either order, years of this century by two digits. */
const slashed = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?:[ T](\d{1,2})(:\d{2}.*))?$/;

/** Whether slashed dates have the day first: told by numbers over 12, days first where there are none. */
const isDayFirst = (texts: Iterable<string>): boolean => {
  for (const text of texts) {
    const match = slashed.exec(text);
    if (match === null) continue;
    if (Number(match[1]) > 12) return true;
    if (Number(match[2]) > 12) return false;
  }
  return true;
};

const isoOf = (text: string, dayFirst: boolean): string => {
  const match = slashed.exec(text);
  if (match === null) return dateOnly.test(text) ? `${text}T00:00` : text.replaceAll('/', '-');
  const [, first = '', second = '', year = '', hour = '0', rest = ':00'] = match;
  const [day, month] = dayFirst ? [first, second] : [second, first];
  return `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${hour.padStart(2, '0')}${rest}`;
};

const instantIn = (text: string, zone: string, previous: number | undefined, dayFirst = true): number | undefined => {
  if (unixTime.test(text)) return Number(text.length > 10 ? text.slice(0, -3) : text);
  const at = readStamp(isoOf(text, dayFirst).replace(fraction, '$1'), zone, previous);
  return typeof at === 'string' ? undefined : at;
};

const timeHeading = /^(timestamp|time|datetime|date|start|ts|.*(time|date|stamp).*)$/i;
const valueHeading = /^(value|values|reading|usage|consumption|consume|kwh|wh|l|litres|energy|.*(value|kwh|usage).*)$/i;

interface Places {
  readonly time: number;
  readonly value: number;
  /** Whether the first row holds names rather than a reading. */
  readonly headed: boolean;
}

const named = (header: CsvRow, column: string): number => {
  const place = header.indexOf(column);
  if (place < 0) throw new NoSeries(`the file has no column "${column}"; it has ${header.join(', ')}`);
  return place;
};

/** Where time and value stand: as told, else by the first row's names, else by what the first two rows hold. */
const placesOf = (first: CsvRow, second: CsvRow | undefined, columns: SeriesColumns): Places => {
  const isTime = (text: string | undefined): boolean =>
    text !== undefined && (slashed.test(text) || instantIn(text, columns.zone, undefined) !== undefined);
  const headed = !first.some(isTime);
  const sample = headed ? (second ?? []) : first;
  const byHeading = (pattern: RegExp, not: number): number =>
    headed ? first.findIndex((name, place) => place !== not && pattern.test(name)) : -1;
  const byContent = (fits: (text: string) => boolean, not: number): number =>
    sample.findIndex((text, place) => place !== not && fits(text));
  const found = (heading: number, content: () => number): number => (heading >= 0 ? heading : content());
  const time =
    columns.timeColumn === undefined
      ? found(byHeading(timeHeading, -1), () => byContent(isTime, -1))
      : named(first, columns.timeColumn);
  const value =
    columns.valueColumn === undefined
      ? found(byHeading(valueHeading, time), () => byContent((text) => numberIn(text) !== undefined, time))
      : named(first, columns.valueColumn);
  if (time < 0) throw new NoSeries('no column holds times: give --time-column');
  if (value < 0) throw new NoSeries('no column beside the times holds numbers: give --value-column');
  return { time, value, headed };
};

/** Reads a file of one series in the order of its rows. Throws NoSeries. */
export const readSeriesFile = async (path: string, columns: SeriesColumns): Promise<readonly SeriesRow[]> => {
  const read: { readonly row: CsvRow; readonly line: number }[] = [];
  for await (const one of csvRows(path)) read.push(one);
  const [first, second] = read;
  if (first === undefined) throw new NoSeries('the file is empty');
  const { time, value, headed } = placesOf(first.row, second?.row, columns);
  const rows = read.slice(headed ? 1 : 0);
  const dayFirst = isDayFirst(rows.map(({ row }) => row[time] ?? ''));
  let previous: number | undefined;
  return rows.map(({ row, line }) => {
    const timestamp = row[time] ?? '';
    const text = row[value] ?? '';
    const at = instantIn(timestamp, columns.zone, previous, dayFirst);
    previous = at ?? previous;
    return { line, timestamp, text, at, value: numberIn(text) };
  });
};
