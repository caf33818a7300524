import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { openFile } from '#cli/open-file.ts';
import type { Terminal } from '#cli/terminal.ts';
import { proposeMapping } from '#functions/imports/rules/csv/propose-mapping.ts';
import { sourceLines } from '#functions/imports/rules/source-lines.ts';

/** Lines that a proposal is made from. */
const beginning = 500;

/** Prints a mapping for a CSV file, guessed from its beginning, and what is to be looked at; reads nothing by it. */
export const propose = async (path: string, terminal: Terminal): Promise<void> => {
  const lines: string[] = [];
  for await (const { text } of sourceLines(await openFile(path))) {
    lines.push(text);
    if (lines.length >= beginning) break;
  }
  if (lines.length < 2) throw new CommandFailure(exitCodes.refused, `${path} has no rows to propose a mapping from`);
  const { mapping, notes } = proposeMapping(lines);
  terminal.out(JSON.stringify(mapping, null, 2));
  for (const note of notes) terminal.note(note);
};
