import { type Command, Option } from 'commander';
import type { ImportOptions } from '#cli/import/import-options.ts';
import { ImportFormat, Purpose } from '#shared/vocabulary/statuses.ts';
import { connectedCommand, type Options } from './command.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { undoImport } from './import/bring-file.ts';
import type { ImportAsker } from './import/import-api.ts';
import { importFile } from './import/import-file.ts';
import type { Terminal } from './terminal.ts';

/** `rotunda import undo ID`: take back what a file brought. */
const undoCommand = (terminal: Terminal): Command =>
  connectedCommand('undo', 'take out what an import brought and nobody has written over since')
    .argument('<id>', 'id of the import, imp_…')
    .requiredOption('--reason <text>', 'why; it stands with the import')
    .addOption(
      new Option('--role <role>', 'staff who take back what a program imported, in its place').choices(['supervisor']),
    )
    .addOption(new Option('--purpose <purpose>', 'what for, with --role').choices(Purpose.options))
    .action((id: string, options: Options<ImportAsker & { readonly reason: string }>) =>
      undoImport(id, options, terminal),
    );

/** `rotunda import`: a file of meter data into the running system; with `--dry-run` only what it holds, without a system. */
export const importCommand = (terminal: Terminal): Command =>
  connectedCommand(
    'import',
    'import a file of meter data; stopped or repeated, it goes on where it was, and the same file twice changes nothing',
  )
    .enablePositionalOptions()
    .argument('<file>', 'the file, packed with gzip or not')
    .addOption(new Option('--format <format>', 'format of the file').choices(ImportFormat.options))
    .option(
      '--mapping <file>',
      'how a CSV file is laid out: a mapping of the project by its name, or a JSON file (docs/import.md)',
    )
    .option('--create-missing', 'make unknown references premises, service points and meters')
    .option('--force', 'import a file though its dates look as if month and day were swapped')
    .addOption(
      new Option(
        '--propose',
        'print a mapping for a CSV file, guessed from its beginning; nothing is read by it',
      ).conflicts(['mapping', 'dryRun', 'createMissing']),
    )
    .option('--errors <file>', 'where to write all that was not taken, as CSV: line, column, code, message')
    .option('--dry-run', 'read and report its series and every line that is not taken; nothing is stored')
    .action((path: string, { format, ...options }: Options<Omit<ImportOptions, 'format'> & Partial<ImportOptions>>) => {
      // Asked for here: commander would ask `import undo` for it too.
      if (format === undefined)
        throw new CommandFailure(
          exitCodes.wrongUse,
          `say what the file is: --format ${ImportFormat.options.join(', ')}`,
        );
      return importFile(path, { ...options, format }, terminal);
    })
    .addCommand(undoCommand(terminal));
