import type { Chunks } from '#functions/imports/rules/interval-series.ts';
import { longestLine, type SourceLine, sourceLines } from '#functions/imports/rules/source-lines.ts';

/** One record of a CSV file (RFC 4180), fields without blanks around them; `line` is that of its beginning, from 1. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
  /** Why the fields are not to be used. */
  readonly fault?: 'line-too-long' | 'open-quote';
}

/** Lines that one record may have within quotes. */
const mostLines = 20;

/** Fields of a record; undefined where a quote is not closed. A quote counts only where a field begins with it. */
export const fieldsOf = (text: string, delimiter: string): readonly string[] | undefined => {
  if (!text.includes('"')) return text.split(delimiter).map((field) => field.trim());
  const fields: string[] = [];
  let from = 0;
  while (from <= text.length) {
    const begin = from + (/^[ ]*/.exec(text.slice(from, from + 64))?.[0].length ?? 0);
    let field = '';
    if (text[begin] === '"') {
      let at = begin + 1;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) return undefined;
        field += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
        at += 1;
      }
      from = at;
    }
    const next = text.indexOf(delimiter, from);
    field += text.slice(from, next < 0 ? text.length : next);
    fields.push(field.trim());
    from = next < 0 ? text.length + 1 : next + delimiter.length;
  }
  return fields;
};

/** Joins the lines of a record whose quotes hold line breaks, and parts it into fields. */
class RecordJoiner {
  readonly #delimiter: string;
  #lines: SourceLine[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  *take(next: SourceLine): Generator<CsvRecord, void, undefined> {
    this.#lines.push(next);
    yield* this.#join(false);
  }

  *end(): Generator<CsvRecord, void, undefined> {
    yield* this.#join(true);
  }

  *#join(last: boolean): Generator<CsvRecord, void, undefined> {
    while (this.#lines.length > 0) {
      const [first] = this.#lines;
      if (first === undefined) return;
      const text = this.#lines.map((line) => line.text).join('\n');
      const isCut = this.#lines.some(({ tooLong }) => tooLong) || text.length > longestLine;
      const fields = isCut ? undefined : fieldsOf(text, this.#delimiter);
      if (fields !== undefined) {
        this.#lines = [];
        yield { fields, line: first.line };
        return;
      }
      if (!isCut && !last && this.#lines.length < mostLines) return;
      // The quote was none: the line is left out, and those after it are read for themselves.
      const rest = this.#lines.slice(1);
      yield { fields: [], line: first.line, fault: first.tooLong ? 'line-too-long' : 'open-quote' };
      this.#lines = [];
      for (const line of rest) yield* this.take(line);
    }
  }
}

/** The records of a CSV file; empty lines are left out. */
export async function* csvRecords(chunks: Chunks, delimiter: string): AsyncGenerator<CsvRecord, void, undefined> {
  const joiner = new RecordJoiner(delimiter);
  for await (const line of sourceLines(chunks))
    for (const record of joiner.take(line)) if (record.fault !== undefined || record.fields.some(Boolean)) yield record;
  for (const record of joiner.end()) if (record.fault !== undefined || record.fields.some(Boolean)) yield record;
}
