import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';

const folder = fileURLToPath(new URL('../../functions/imports/rules/csv/mappings/', import.meta.url));

/** A mapping of the project by its name. Throws where it is none. */
export const mappingOf = (name: string): CsvMapping =>
  CsvMapping.parse(JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')));
