import type { Chunks, SeriesEvent, SeriesEvents } from '#functions/imports/rules/interval-series.ts';
import { sourceError } from '#functions/imports/rules/interval-series.ts';
import { findColumns } from './csv-columns.ts';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { CsvRows } from './csv-rows.ts';
import type { CsvMapping } from './mapping.ts';

const faultMessages = {
  'line-too-long': 'the line is longer than a row can be; it is left out',
  'open-quote': 'a quote is not closed; the line is left out',
} as const;

/** The state of a file: before its header, and after. */
class CsvFile {
  readonly #mapping: CsvMapping;
  #rows: CsvRows | undefined;
  isRefused = false;
  #last = 1;

  constructor(mapping: CsvMapping) {
    this.#mapping = mapping;
  }

  *take(record: CsvRecord): Generator<SeriesEvent, void, undefined> {
    const { line, fault, fields } = record;
    this.#last = line;
    if (fault !== undefined) return yield sourceError(line, 1, fault, faultMessages[fault]);
    if (this.#rows === undefined) {
      yield* this.#begin(this.#mapping.header ?? fields, line);
      if (this.#mapping.header === undefined) return;
    }
    if (this.#rows === undefined) return;
    yield* this.#rows.take(record);
    if (!this.#rows.isFull) return;
    this.isRefused = true;
    yield sourceError(line, 1, 'too-much-to-hold', 'the file names too many series or states; it is not read on');
  }

  *#begin(header: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    const columns = findColumns(header, this.#mapping);
    if ('time' in columns) {
      this.#rows = new CsvRows(this.#mapping, columns);
      return;
    }
    this.isRefused = true;
    for (const message of columns) yield sourceError(line, 1, 'wrong-header', `${message}; the file is not read`);
  }

  *end(): Generator<SeriesEvent, void, undefined> {
    if (this.#rows === undefined) yield sourceError(1, 1, 'empty-file', 'the file is empty');
    else {
      yield* this.#rows.end(this.#last);
      if (this.#rows.count === 0) yield sourceError(this.#last, 1, 'no-data', 'the file holds no row');
    }
  }
}

/**
 * Reads a CSV file of meter data by a mapping, row by row. A row that cannot be right is left out and told with its line and
 * field; the others stand. Rows of one series are taken in the order of the file.
 */
export async function* readCsv(chunks: Chunks, mapping: CsvMapping): SeriesEvents {
  const file = new CsvFile(mapping);
  for await (const record of csvRecords(chunks, mapping.delimiter)) {
    yield* file.take(record);
    if (file.isRefused) return;
  }
  yield* file.end();
}
