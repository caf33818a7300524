import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { openFile } from './open-file.ts';

export type CsvRow = readonly string[];

/** A comma comes last: where a line has as many of another sign, it may be one of decimals. */
const delimiters = [';', '\t', '|', ','] as const;

/** The delimiter that a header holds most of, outside quotes; a comma where it holds none. */
const delimiterOf = (header: string): string => {
  const plain = header.replace(/"[^"]*"/g, '');
  if (!delimiters.some((sign) => plain.includes(sign))) return ',';
  const counts = delimiters.map((sign) => plain.split(sign).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
};

/** Headers are looked at so far, in bytes. */
const longestHeader = 65_536;

/** The first line that is not blank; undefined where its end has not come yet. */
const firstLine = (beginning: Buffer): string | undefined => /^\s*(\S.*?)[\r\n]/.exec(beginning.toString('utf8'))?.[1];

/** What a stream begins with, to the end of its first line that is not blank. */
const beginningOf = async (chunks: AsyncIterator<Buffer>): Promise<Buffer> => {
  let beginning = Buffer.alloc(0);
  while (firstLine(beginning) === undefined && beginning.length < longestHeader) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    beginning = Buffer.concat([beginning, value]);
  }
  return beginning;
};

async function* withBeginning(beginning: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield beginning;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Bytes of the longest row that is read. */
const longestRow = 1_048_576;

/**
 * The rows of a CSV file, packed or not, with their lines from 1; its delimiter is the one of `, ; tab |` the header holds most of.
 * @param options `looseQuotes`: a quote within a cell is a letter like any other
 */
export async function* csvRows(
  path: string,
  options: { readonly looseQuotes?: boolean } = {},
): AsyncGenerator<{ readonly row: CsvRow; readonly line: number }> {
  const chunks = (await openFile(path))[Symbol.asyncIterator]();
  const beginning = await beginningOf(chunks);
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(firstLine(beginning) ?? beginning.toString('utf8').trimStart()),
    info: true,
    max_record_size: longestRow,
    relax_column_count: true,
    relax_quotes: options.looseQuotes === true,
    skip_empty_lines: true,
    trim: true,
  });
  // Errors of any stream end the iteration below.
  pipeline(Readable.from(withBeginning(beginning, chunks)), parser, () => {});
  for await (const { record, info } of parser) yield { row: record, line: info.lines };
}
