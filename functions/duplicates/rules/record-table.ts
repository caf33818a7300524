import { type ComparedField, comparedFields, type PersonValues } from './person-values.ts';
import { type Value, ValueTable } from './value-table.ts';

/** Fields whose values may stand in each other's place share one table. */
const tableOf: Readonly<Partial<Record<ComparedField, ComparedField>>> = { family: 'given', line2: 'street' };

/** The values of one field: of each record its number, -1 where none. */
export interface Column {
  readonly numbers: Int32Array;
  readonly table: ValueTable;
  /** How many records have each value, by its number. */
  readonly counts: Uint32Array;
  /** Records with a value. */
  readonly present: number;
}

/** Records in an order that their content alone decides, so that nothing depends on the order of rows. */
export interface RecordTable {
  readonly size: number;
  /** Place of each record among the rows it was made of. */
  readonly rows: readonly number[];
  /** The file of each record: 0 or 1; 0 everywhere where there is one file. */
  readonly sides: Uint8Array;
  readonly twoFiles: boolean;
  readonly columns: ReadonlyMap<ComparedField, Column>;
}

const contentOf = (values: PersonValues, side: number): string =>
  JSON.stringify([...comparedFields.map((field) => values[field] ?? null), side]);

const columnOf = (texts: readonly (string | undefined)[], table: ValueTable): Column => {
  const numbers = Int32Array.from(texts, (text) => table.numberOf(text));
  const counts = new Uint32Array(table.values.length);
  let present = 0;
  for (const number of numbers) {
    if (number < 0) continue;
    counts[number] = (counts[number] ?? 0) + 1;
    present += 1;
  }
  return { numbers, table, counts, present };
};

/** Takes the records of one or two files together; `second` undefined means one file. */
export const tableOfRecords = (
  first: readonly PersonValues[],
  second: readonly PersonValues[] | undefined,
): RecordTable => {
  const entries = [
    ...first.map((values) => ({ values, side: 0 })),
    ...(second ?? []).map((values) => ({ values, side: 1 })),
  ]
    .map((entry, row) => ({ ...entry, row, content: contentOf(entry.values, entry.side) }))
    .sort((left, right) =>
      left.content === right.content ? left.row - right.row : left.content < right.content ? -1 : 1,
    );
  const tables = new Map<ComparedField, ValueTable>();
  const columns = new Map<ComparedField, Column>();
  for (const field of comparedFields) {
    const home = tableOf[field] ?? field;
    const table = tables.get(home) ?? new ValueTable();
    tables.set(home, table);
    const column = columnOf(
      entries.map(({ values }) => values[field]),
      table,
    );
    if (column.present > 0) columns.set(field, column);
  }
  return {
    size: entries.length,
    rows: entries.map(({ row }) => row),
    sides: Uint8Array.from(entries, ({ side }) => side),
    twoFiles: second !== undefined,
    columns,
  };
};

/** The value of a record in a column; undefined where none. */
export const valueAt = (column: Column | undefined, record: number): Value | undefined => {
  const number = column?.numbers[record] ?? -1;
  return column === undefined || number < 0 ? undefined : column.table.value(number);
};

/** Whether two records may be one person at all: those of two files only across them. */
export const mayPair = (table: RecordTable, left: number, right: number): boolean =>
  !table.twoFiles || table.sides[left] !== table.sides[right];

/** How many pairs there are in all. */
export const allPairs = (table: RecordTable): number => {
  if (!table.twoFiles) return (table.size * (table.size - 1)) / 2;
  const second = table.sides.reduce((sum, side) => sum + side, 0);
  return second * (table.size - second);
};
