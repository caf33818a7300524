import { statSync } from 'node:fs';
import type { ConnectionOptions } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { openFile } from '#cli/open-file.ts';
import type { Terminal } from '#cli/terminal.ts';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import type { SeriesEvents, SourceError } from '#functions/imports/rules/interval-series.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { SeriesSummaries, type SeriesSummary } from '#functions/imports/rules/summarise-series.ts';
import { SwappedDatesLook, swappedInWords } from '#functions/imports/rules/swapped-dates.ts';
import { visibleLine } from '#shared/vocabulary/plain-text.ts';
import type { ImportFormat } from '#shared/vocabulary/statuses.ts';
import { bringFile } from './bring-file.ts';
import { ErrorsFile } from './errors-file.ts';
import type { ImportOptions } from './import-options.ts';
import { loadMapping } from './load-mapping.ts';
import { propose } from './propose.ts';

/** Errors that are kept whole; more are counted. */
const errorsKept = 1000;

interface Report {
  readonly format: ImportFormat;
  readonly series: readonly SeriesSummary[];
  readonly errors: readonly SourceError[];
  readonly errorCount: number;
  /** What makes an import of the file stop that is not forced. */
  readonly warnings?: readonly string[];
}

const csvEvents = async (path: string, mapping: string | undefined): Promise<SeriesEvents> => {
  if (mapping === undefined)
    throw new CommandFailure(exitCodes.wrongUse, 'a CSV file needs --mapping (--propose prints one to begin with)');
  const loaded = await loadMapping(mapping);
  return readCsv(await openFile(path), loaded);
};

const eventsOf = async (path: string, { format, mapping }: ImportOptions): Promise<SeriesEvents> => {
  if (format === 'csv') return csvEvents(path, mapping);
  if (mapping !== undefined) throw new CommandFailure(exitCodes.wrongUse, '--mapping goes with --format csv');
  const bytes = await openFile(path);
  if (format === 'espi') return readEspi(bytes);
  return readNem(bytes, format === 'nem12' ? 'NEM12' : 'NEM13');
};

const readReport = async (
  events: SeriesEvents,
  format: ImportFormat,
  file: ErrorsFile | undefined,
): Promise<Report> => {
  const summaries = new SeriesSummaries();
  const dates = new SwappedDatesLook();
  const errors: SourceError[] = [];
  let errorCount = 0;
  for await (const { block, error } of events) {
    if (block !== undefined) {
      summaries.add(block);
      if (format === 'csv') dates.add(block);
      continue;
    }
    errorCount += 1;
    if (errors.length < errorsKept) errors.push(error);
    await file?.add(error);
  }
  const swapped = dates.found();
  const warnings = swapped === undefined ? {} : { warnings: [swappedInWords(swapped)] };
  return { format, series: summaries.result(), errors, errorCount, ...warnings };
};

/** Reads the file once; all its errors go to the errors file, if there is one. */
const report = async (path: string, options: ImportOptions): Promise<Report> => {
  const events = await eventsOf(path, options);
  const file = options.errors === undefined ? undefined : await ErrorsFile.create(options.errors);
  try {
    return await readReport(events, options.format, file);
  } catch (cause) {
    // A packed file that is cut off, a folder, a disk that fails: no fault of a line.
    throw new CommandFailure(
      exitCodes.failed,
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  } finally {
    await file?.close();
  }
};

const lineOf = (series: SeriesSummary): string => {
  const { namespace, reference, register, unit, count, sum, first, last, gaps, overlaps, reads = 0 } = series;
  const span = first === null ? 'no value' : `${first} to ${last}`;
  const told = reads === 0 ? '' : `, ${reads} register reads`;
  return `${namespace}:${reference} ${register}: ${count} intervals, ${sum} ${unit}, ${span}, ${gaps} gaps, ${overlaps} overlaps${told}`;
};

const show = ({ series, errors, errorCount, warnings = [] }: Report, terminal: Terminal): void => {
  for (const one of series) terminal.out(visibleLine(lineOf(one)));
  for (const { line, column, code, message } of errors.slice(0, 20))
    terminal.note(`line ${line}, column ${column}: ${code}: ${message}`);
  for (const warning of warnings) terminal.note(`an import of it stops unless it is forced: ${warning}`);
  if (errorCount > 20) terminal.note(`… and ${errorCount - 20} more (--errors writes all to a file)`);
};

/** Imports a file, or (dry run) reads it and reports its series and faults. Throws CommandFailure: refused where nothing was read, partly done where not all was. */
export const importFile = async (
  path: string,
  options: ImportOptions & ConnectionOptions,
  terminal: Terminal,
): Promise<void> => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false)
    throw new CommandFailure(exitCodes.wrongUse, `${path} cannot be read`);
  if (options.propose === true) {
    if (options.format !== 'csv')
      throw new CommandFailure(
        exitCodes.wrongUse,
        '--propose goes with --format csv: other formats say how they are laid out',
      );
    return propose(path, terminal);
  }
  if (options.dryRun !== true) return bringFile(path, options, terminal);
  const read = await report(path, options);
  if (options.json) terminal.out(JSON.stringify(read));
  else show(read, terminal);
  if (read.errorCount === 0) return;
  if (read.series.length === 0) throw new CommandFailure(exitCodes.refused, `${path} was refused: nothing was read`);
  const parts = read.errorCount === 1 ? '1 part of the file was' : `${read.errorCount} parts of the file were`;
  throw new CommandFailure(exitCodes.partlyDone, `${parts} not taken as written`);
};
