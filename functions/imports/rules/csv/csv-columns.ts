import type { CsvMapping } from './mapping.ts';

/** Where the cells of a row are, by place from 0. */
export interface CsvColumns {
  readonly reference?: number;
  readonly register?: number;
  readonly unit?: number;
  readonly time: readonly number[];
  /** Places of the values of a long layout, in the order of the mapping; of a wide one, that of the first interval. */
  readonly values: readonly number[];
  readonly quality?: number;
  readonly complete?: number;
  readonly tiers: readonly (readonly [place: number, tier: number])[];
}

/** Names that a mapping speaks of, in the order of the mapping. */
const namedIn = (mapping: CsvMapping): readonly string[] => {
  const { reference, register, unit, time, layout, quality, complete, tiers } = mapping;
  const named = [reference, register, unit, quality, complete].flatMap((one) =>
    one !== undefined && 'column' in one ? [one.column] : [],
  );
  const values = layout.kind === 'wide' ? [layout.first] : layout.values.map(({ column }) => column);
  return [...named, ...time.columns, ...values, ...Object.keys(tiers ?? {})];
};

/** What a header lacks, as messages; none where the mapping fits it. */
const lackingOf = (header: readonly string[], mapping: CsvMapping): readonly string[] => {
  const lacking: string[] = [];
  for (const name of new Set(namedIn(mapping).map((one) => one.trim()))) {
    const count = header.filter((column) => column === name).length;
    if (count === 0) lacking.push(`the header has no column "${name}"`);
    if (count > 1) lacking.push(`the header has the column "${name}" ${count} times`);
  }
  if (mapping.layout.kind === 'wide') {
    const first = header.indexOf(mapping.layout.first.trim());
    const { count } = mapping.layout;
    if (first >= 0 && header.length < first + count)
      lacking.push(`the header has ${header.length - first} columns from "${mapping.layout.first}" on, not ${count}`);
  }
  return lacking;
};

/** Finds the columns of a mapping in a header; messages where it does not fit. */
export const findColumns = (header: readonly string[], mapping: CsvMapping): CsvColumns | readonly string[] => {
  const names = header.map((name) => name.trim());
  const lacking = lackingOf(names, mapping);
  if (lacking.length > 0) return lacking;
  const place = (name: string): number => names.indexOf(name.trim());
  const { reference, register, unit, time, layout, quality, complete, tiers } = mapping;
  return {
    ...('column' in reference ? { reference: place(reference.column) } : {}),
    ...('column' in register ? { register: place(register.column) } : {}),
    ...('column' in unit ? { unit: place(unit.column) } : {}),
    time: time.columns.map(place),
    values: layout.kind === 'wide' ? [place(layout.first)] : layout.values.map(({ column }) => place(column)),
    ...(quality === undefined ? {} : { quality: place(quality.column) }),
    ...(complete === undefined ? {} : { complete: place(complete.column) }),
    tiers: Object.entries(tiers ?? {}).map(([column, tier]) => [place(column), tier]),
  };
};
