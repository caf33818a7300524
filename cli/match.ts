import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type MatchedPair, matchRecords } from '#functions/duplicates/rules/match-records.ts';
import {
  fieldOfHeading,
  isPersonField,
  type PersonField,
  personFields,
} from '#functions/duplicates/rules/person-columns.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { accuracyOf } from './match/accuracy.ts';
import { type PersonFile, readPersonFile } from './match/person-file.ts';
import { findCommand, trainCommand } from './match/stored-customers.ts';
import type { Terminal } from './terminal.ts';

interface MatchOptions {
  readonly idColumn?: string;
  readonly map?: ReadonlyMap<string, PersonField>;
  readonly truth?: string;
  readonly pairs?: string;
  readonly json?: boolean;
}

/** `field=column,…` as columns with their fields. */
const mapOf = (text: string): ReadonlyMap<string, PersonField> =>
  new Map(
    text.split(',').map((entry) => {
      const at = entry.indexOf('=');
      const name = entry.slice(0, Math.max(0, at)).trim();
      const field = isPersonField(name) ? name : fieldOfHeading(name);
      if (at < 0 || field === undefined)
        throw new InvalidArgumentError(`field=column, and a field is one of ${personFields.join(', ')}`);
      return [entry.slice(at + 1).trim(), field] as const;
    }),
  );

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const pairLines = (pairs: readonly MatchedPair[], left: PersonFile, right: PersonFile): string =>
  [
    'left,right,probability,band,linked',
    ...pairs.map((pair) =>
      [
        cell(left.ids[pair.left] ?? ''),
        cell(right.ids[pair.right] ?? ''),
        pair.probability.toFixed(6),
        pair.band,
        String(pair.linked),
      ].join(','),
    ),
  ].join('\n');

const describeColumns = (path: string, { columns, ignored }: PersonFile): string => {
  const known = [...columns].map(([column, field]) => (column === field ? column : `${column} as ${field}`));
  return `${path}: compared ${known.join(', ')}${ignored.length === 0 ? '' : `; not compared ${ignored.join(', ')}`}`;
};

const read = async (path: string, options: MatchOptions): Promise<PersonFile> => {
  try {
    return await readPersonFile(path, { ...options, map: options.map ?? new Map() });
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure(exitCodes.failed, `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
};

const percent = (share: number | null): string => (share === null ? 'none' : share.toFixed(4));

const match = async (
  first: string,
  second: string | undefined,
  options: MatchOptions,
  terminal: Terminal,
): Promise<void> => {
  const started = performance.now();
  const left = await read(first, options);
  const right = second === undefined ? undefined : await read(second, options);
  terminal.note(describeColumns(first, left));
  if (second !== undefined && right !== undefined) terminal.note(describeColumns(second, right));
  const result = matchRecords(left.rows, right?.rows);
  if (options.pairs !== undefined) await writeFile(options.pairs, `${pairLines(result.pairs, left, right ?? left)}\n`);
  const links = result.pairs.filter(({ linked }) => linked);
  const summary = {
    records: left.rows.length + (right?.rows.length ?? 0),
    candidates: result.candidates,
    linked: links.length,
    clusters: result.clusters.length,
    seconds: Math.round(performance.now() - started) / 1000,
  };
  const accuracy = options.truth === undefined ? undefined : accuracyOf(links, left.truth, right?.truth);
  if (options.json) {
    terminal.out(JSON.stringify({ ...summary, ...accuracy }));
    return;
  }
  terminal.out(`${summary.records} records, ${summary.candidates} pairs compared in ${summary.seconds} s`);
  terminal.out(`${summary.linked} pairs linked, ${summary.clusters} persons with more than one record`);
  if (accuracy !== undefined)
    terminal.out(
      `precision ${percent(accuracy.precision)}, recall ${percent(accuracy.recall)}, F1 ${percent(accuracy.f1)}`,
    );
};

/** `rotunda match`: finds records of one person in files, with no running system. */
export const matchCommand = (terminal: Terminal): Command =>
  new Command('match')
    // What stands behind `train` and `find` is theirs.
    .enablePositionalOptions()
    .description('find records of one person, in one file or between two; needs no running system')
    .argument('<a>', 'file of persons, .gz or not')
    .argument('[b]', 'second file: only pairs between the two are looked for')
    .addOption(new Option('--format <format>', 'format of the files').choices(['csv']).default('csv'))
    .option('--id-column <column>', 'column with the id of a row, never compared (else its number from 1)')
    .option('--map <field=column,…>', 'what columns hold whose heading does not tell', mapOf)
    .option('--truth <column>', 'column equal in records of one person, never compared: measures precision and recall')
    .option('--pairs <file>', 'where to write the pairs: left, right, probability, band, linked')
    .option('--json', 'print one summary object last')
    .action((a: string, b: string | undefined, options: MatchOptions) => match(a, b, options, terminal))
    .addCommand(trainCommand(terminal))
    .addCommand(findCommand(terminal));
