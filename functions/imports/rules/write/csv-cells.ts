import { visible } from '#shared/vocabulary/plain-text.ts';

/** A cell of a CSV file: text, or a number as plain decimal text. */
export type CsvCell = string | { readonly number: string };

/** A spreadsheet takes a text that begins so for a formula, or skips to what follows. */
const readAsFormula = /^[=+\-@\t\r\n]/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

const writtenCell = (cell: CsvCell): string => {
  if (typeof cell !== 'string') {
    if (!plainNumber.test(cell.number)) throw new RangeError(`no number for a cell: ${cell.number}`);
    return cell.number;
  }
  const shown = visible(cell);
  const safe = readAsFormula.test(cell) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * A line of a CSV file (RFC 4180), with its ending. Texts that a spreadsheet would take for a formula get an apostrophe before
 * them (OWASP, CSV injection); what would steer a terminal stands as its escape.
 */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(writtenCell).join(',')}\r\n`;

/** First character of a file, so that spreadsheets read it as UTF-8. */
export const byteOrderMark = '\ufeff';
