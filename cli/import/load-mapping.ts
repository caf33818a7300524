import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';

const ours = fileURLToPath(new URL('../../functions/imports/rules/csv/mappings/', import.meta.url));

/** The text of a mapping: one of the project by its name alone, else a file. */
const textOf = async (mapping: string): Promise<string> => {
  const path = /^[a-z0-9-]+$/.test(mapping) ? `${ours}${mapping}.json` : mapping;
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new CommandFailure(exitCodes.wrongUse, `the mapping ${mapping} cannot be read`);
  }
};

const parse = (text: string, mapping: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure(exitCodes.wrongUse, `the mapping ${mapping} is no JSON`);
  }
};

/** Loads a mapping file. Throws CommandFailure, with the path of everything in it that cannot be right. */
export const loadMapping = async (mapping: string): Promise<CsvMapping> => {
  const read = CsvMapping.safeParse(parse(await textOf(mapping), mapping));
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `  /${path.join('/')}: ${message}`);
  throw new CommandFailure(exitCodes.wrongUse, [`the mapping ${mapping} cannot be used:`, ...faults].join('\n'));
};
