import type { CsvRow } from '#cli/csv-rows.ts';
import { instantIn, isDateAlone, isTimeOfDay } from './series-times.ts';
import { numberIn, thousandsOf } from './series-values.ts';

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

/** Where a file has what. */
export interface Places {
  readonly time: number;
  /** The time of day, where the column of the time holds dates alone. */
  readonly clock: number | undefined;
  readonly value: number;
  /** Whether the first row holds names rather than a reading. */
  readonly headed: boolean;
}

/** Names of columns, the plainest first. */
const timeHeadings = [/^(timestamp|time|datetime|date|start|ts)$/i, /(time|date|stamp)/i] as const;
const valueHeadings = [
  /^(v|val|value|values|reading|usage|consumption|consume|kwh|wh|l|litres|energy)$/i,
  /(value|kwh|usage|temp|celsius|fahrenheit)/i,
] as const;

/** So many columns of values alike are a row of readings, or of several series. */
const manyValues = 3;
const shownNames = 3;

/** Rows that are looked at to tell columns from one another. */
const sampleRows = 50;

const named = (header: CsvRow, column: string): number => {
  const place = header.indexOf(column);
  if (place < 0) throw new NoSeries(`the file has no column "${column}"; it has ${header.join(', ')}`);
  return place;
};

/** Where time and value stand: as told, else by the first row's names and what the rows below hold, else by what they hold alone. */
export const placesOf = (rows: readonly CsvRow[], { zone, timeColumn, valueColumn }: SeriesColumns): Places => {
  const [first = []] = rows;
  const isTime = (text: string): boolean =>
    [true, false].some((dayFirst) => instantIn(text, zone, undefined, dayFirst) !== undefined);
  const headed = !first.some(isTime);
  const sample = headed ? rows.slice(1, sampleRows + 1) : rows.slice(0, sampleRows);
  const width = Math.max(first.length, ...sample.map((row) => row.length));
  const places = Array.from({ length: width }, (_, place) => place);
  const cells = (place: number): readonly string[] => sample.flatMap((row) => row[place] || []);
  const holdsTimes = (place: number): boolean => cells(place).some(isTime);
  const holdsNumbers = (place: number): boolean => {
    const texts = cells(place);
    const thousands = thousandsOf(texts);
    return texts.some((text) => numberIn(text, thousands) !== undefined);
  };
  /** Whether most of what stands there are numbers that are no times. */
  const holdsReadings = (place: number): boolean => {
    const texts = cells(place);
    const thousands = thousandsOf(texts);
    const numbers = texts.filter((text) => numberIn(text, thousands) !== undefined && !isTime(text));
    return numbers.length > texts.length / 2;
  };
  /** Refuses a file in which many columns are as good as the one that was found: called alike, or all of them by no name. */
  const checkAlone = (value: number, time: number): void => {
    const heading = headed ? valueHeadings.find((one) => one.test(first[value] ?? '')) : undefined;
    const alike = places.filter(
      (place) => place !== time && (heading?.test(first[place] ?? '') ?? true) && holdsReadings(place),
    );
    if (alike.length < manyValues) return;
    const names = alike.slice(0, shownNames).map((place) => (headed ? (first[place] ?? '') : `column ${place + 1}`));
    throw new NoSeries(
      `${alike.length} columns may hold the value (${names.join(', ')}, …): choose one with --value-column or, where each row holds several readings, turn the file into one reading a row`,
    );
  };
  /** By name among those that hold such things, by what they hold, by name whatever they hold. */
  const find = (headings: readonly RegExp[], holds: (place: number) => boolean, not: number): number => {
    const free = places.filter((place) => place !== not);
    const called = headings.flatMap((heading) =>
      headed ? free.filter((place) => heading.test(first[place] ?? '')) : [],
    );
    return called.find(holds) ?? free.find(holds) ?? called[0] ?? -1;
  };
  const time = timeColumn === undefined ? find(timeHeadings, holdsTimes, -1) : named(first, timeColumn);
  const value = valueColumn === undefined ? find(valueHeadings, holdsNumbers, time) : named(first, valueColumn);
  if (time < 0) throw new NoSeries('no column holds times: give --time-column');
  if (value < 0) throw new NoSeries('no column beside the times holds numbers: give --value-column');
  if (valueColumn === undefined) checkAlone(value, time);
  const dates = cells(time);
  const clock =
    timeColumn === undefined && dates.length > 0 && dates.every(isDateAlone)
      ? places.find((place) => place !== time && place !== value && cells(place).some(isTimeOfDay))
      : undefined;
  return { time, clock, value, headed };
};
