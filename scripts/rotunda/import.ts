import { Command, Option } from 'commander';
import { type ImportOptions, importFile, importFormats } from './import/import-file.ts';
import type { Terminal } from './terminal.ts';

/** `rotunda import`: what a file of meter data holds, read by the rules that an import uses; needs no running system. */
export const importCommand = (terminal: Terminal): Command =>
  new Command('import')
    .description('read a file of meter data and say what it holds: its series, and every line that was not taken')
    .argument('<file>', 'the file, packed with gzip or not')
    .addOption(new Option('--format <format>', 'format of the file').choices(importFormats).makeOptionMandatory())
    .option(
      '--mapping <file>',
      'how a CSV file is laid out: a mapping of the project by its name, or a JSON file (docs/import.md)',
    )
    .addOption(
      new Option(
        '--propose',
        'print a mapping for a CSV file, guessed from its beginning; nothing is read by it',
      ).conflicts(['mapping', 'dryRun']),
    )
    .option('--errors <file>', 'where to write all that was not taken, as CSV: line, column, code, message')
    .option('--dry-run', 'read and report; nothing is stored')
    .option('--json', 'answer as JSON')
    .action((path: string, options: ImportOptions) => importFile(path, options, terminal));
