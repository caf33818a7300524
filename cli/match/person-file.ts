import { csvRows } from '#cli/csv-rows.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { fieldOfHeading, type PersonField, type PersonRow } from '#functions/duplicates/rules/person-columns.ts';

/** A file of persons as `rotunda match` reads it. */
export interface PersonFile {
  readonly rows: readonly PersonRow[];
  /** What the caller calls each row: the id column, else its number from 1. */
  readonly ids: readonly string[];
  /** The truth column of each row; empty where there is none. */
  readonly truth: readonly string[];
  /** Which columns were read as what. */
  readonly columns: ReadonlyMap<string, PersonField>;
  /** Columns that are not compared. */
  readonly ignored: readonly string[];
}

export interface PersonFileOptions {
  readonly idColumn?: string;
  readonly truth?: string;
  /** Fields of columns whose heading does not tell. */
  readonly map: ReadonlyMap<string, PersonField>;
}

interface Layout {
  readonly fields: readonly (PersonField | undefined)[];
  readonly id: number;
  readonly truth: number;
}

const placeOf = (header: readonly string[], path: string, column: string | undefined): number => {
  if (column === undefined) return -1;
  const place = header.indexOf(column);
  if (place < 0)
    throw new CommandFailure(exitCodes.wrongUse, `${path} has no column "${column}"; it has ${header.join(', ')}`);
  return place;
};

/** What tells one person from another; a file needs one of them at least. */
const telling: ReadonlySet<PersonField> = new Set([
  'name',
  'given',
  'family',
  'birthDate',
  'nationalId',
  'phone',
  'email',
]);

const layoutOf = (header: readonly string[], path: string, options: PersonFileOptions): Layout => {
  const id = placeOf(header, path, options.idColumn);
  const truth = placeOf(header, path, options.truth);
  for (const column of options.map.keys()) placeOf(header, path, column);
  const fields = header.map((heading, place) =>
    place === id || place === truth ? undefined : (options.map.get(heading) ?? fieldOfHeading(heading)),
  );
  if (!fields.some((field) => field !== undefined && telling.has(field)))
    throw new CommandFailure(
      exitCodes.wrongUse,
      `no column of ${path} is known to hold a name, date of birth, identifier, phone or e-mail; --map says which does`,
    );
  return { fields, id, truth };
};

/** Cells of a row by field; of several columns of one field the first that holds something, of address lines all. */
const personOf = (row: readonly string[], fields: Layout['fields']): PersonRow => {
  const person: Partial<Record<PersonField, string>> = {};
  for (const [place, field] of fields.entries()) {
    const cell = row[place] ?? '';
    if (field === undefined || cell === '') continue;
    const known = person[field];
    if (known === undefined) person[field] = cell;
    else if (field === 'address') person[field] = `${known}, ${cell}`;
  }
  return person;
};

/** Reads a CSV file of persons. Throws CommandFailure where it cannot be one. */
export const readPersonFile = async (path: string, options: PersonFileOptions): Promise<PersonFile> => {
  const [rows, ids, truth]: [PersonRow[], string[], string[]] = [[], [], []];
  let header: readonly string[] | undefined;
  let layout: Layout | undefined;
  for await (const { row } of csvRows(path)) {
    if (layout === undefined) {
      header = row;
      layout = layoutOf(row, path, options);
      continue;
    }
    rows.push(personOf(row, layout.fields));
    ids.push((layout.id < 0 ? undefined : row[layout.id]) ?? String(rows.length));
    truth.push(row[layout.truth] ?? '');
  }
  if (header === undefined || layout === undefined) throw new CommandFailure(exitCodes.failed, `${path} is empty`);
  const { fields } = layout;
  const columns = new Map(
    header.flatMap((heading, place) => {
      const field = fields[place];
      return field === undefined ? [] : [[heading, field] as const];
    }),
  );
  return { rows, ids, truth, columns, ignored: header.filter((_, place) => fields[place] === undefined) };
};
