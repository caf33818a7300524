import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

export type CsvRow = readonly string[];

/** The rows of a CSV file, `.gz` or not, with their lines from 1; the delimiter is the one of `, ; tab` that the header holds most of. */
export async function* csvRows(path: string): AsyncGenerator<{ readonly row: CsvRow; readonly line: number }> {
  const source = createReadStream(path);
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // Errors of any of them end the iteration below.
  const done = (): void => {};
  if (path.endsWith('.gz')) pipeline(source, createGunzip(), parser, done);
  else pipeline(source, parser, done);
  for await (const { record, info } of parser) yield { row: record, line: info.lines };
}
