import { type CsvRow, csvRows } from '#cli/csv-rows.ts';
import { NoSeries, placesOf, type SeriesColumns } from './series-columns.ts';
import { instantIn, isDayFirst } from './series-times.ts';
import { numberIn, thousandsOf } from './series-values.ts';

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

interface ReadRow {
  readonly row: CsvRow;
  readonly line: number;
}

/** The rows without a title or a remark above them, which stands in one cell where the others have several. */
const withoutTitle = (rows: readonly ReadRow[]): readonly ReadRow[] => {
  const begins = rows.findIndex(({ row }) => row.length > 1);
  return begins < 0 ? rows : rows.slice(begins);
};

/** Reads a file of one series in the order of its rows. Throws NoSeries. */
export const readSeriesFile = async (path: string, columns: SeriesColumns): Promise<readonly SeriesRow[]> => {
  const read: ReadRow[] = [];
  for await (const one of csvRows(path, { looseQuotes: true })) read.push(one);
  if (read.length === 0) throw new NoSeries('the file is empty');
  const whole = withoutTitle(read);
  const { time, clock, value, headed } = placesOf(
    whole.map(({ row }) => row),
    columns,
  );
  const rows = whole.slice(headed ? 1 : 0);
  const stampOf = (row: CsvRow): string =>
    [row[time] ?? '', clock === undefined ? '' : (row[clock] ?? '')].join(' ').trim();
  const dayFirst = isDayFirst(rows.map(({ row }) => row[time] ?? ''));
  const thousands = thousandsOf(rows.map(({ row }) => row[value] ?? ''));
  let previous: number | undefined;
  return rows.map(({ row, line }) => {
    const [timestamp, text] = [stampOf(row), row[value] ?? ''];
    const at = instantIn(timestamp, columns.zone, previous, dayFirst);
    previous = at ?? previous;
    return { line, timestamp, text, at, value: numberIn(text, thousands) };
  });
};
