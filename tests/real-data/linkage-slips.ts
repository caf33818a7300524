import type { PersonField, PersonRow } from '#functions/duplicates/rules/person-columns.ts';
import { drawn } from '#tests/support/made-up-customers.ts';
import { type LabelledFile, only } from './linkage-files.ts';

const pick = <T>(all: readonly T[], next: () => number): T => {
  const item = all[Math.floor(all.length * next())];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
};

/** How often a slip meets each field, in parts; about as in the published files. */
const slipsOf: Readonly<Partial<Record<PersonField, number>>> = {
  given: 14,
  family: 16,
  number: 8,
  street: 14,
  line2: 12,
  town: 14,
  postcode: 8,
  state: 6,
  birthDate: 9,
  nationalId: 6,
};
const slippery = (Object.entries(slipsOf) as readonly [PersonField, number][]).flatMap(([field, parts]) =>
  Array<PersonField>(parts).fill(field),
);

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** One slip of the pen, the ear or the form in a value. */
const slipped = (text: string, others: readonly string[], next: () => number): string => {
  const at = Math.floor(next() * text.length);
  const sign = /^\d+$/.test(text) ? String(Math.floor(next() * 10)) : pick(Array.from(letters), next);
  const kind = next();
  if (kind < 0.2) return text.slice(0, at) + sign + text.slice(at);
  if (kind < 0.4) return text.slice(0, at) + text.slice(at + 1);
  if (kind < 0.6) return text.slice(0, at) + sign + text.slice(at + 1);
  if (kind < 0.75) return `${text.slice(0, at)}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`;
  if (kind < 0.82) return text.includes(' ') ? text.replace(' ', '') : `${text.slice(0, at)} ${text.slice(at)}`.trim();
  return kind < 0.94 ? '' : pick(others, next);
};

const crossed = (row: PersonRow, next: () => number): PersonRow =>
  next() < 0.5
    ? { ...row, given: row.family ?? '', family: row.given ?? '' }
    : { ...row, street: row.line2 ?? '', line2: row.street ?? '' };

/** A record typed once more: one to `most` slips, at most two in a field, sometimes names or address lines in each other's place. */
const typedAgain = (
  row: PersonRow,
  values: (field: PersonField) => readonly string[],
  most: number,
  next: () => number,
): PersonRow => {
  const copy: Record<string, string> = { ...row };
  const slips = new Map<PersonField, number>();
  for (let left = 1 + Math.floor(next() * most); left > 0; left -= 1) {
    const field = pick(slippery, next);
    const value = copy[field] ?? '';
    const made = slips.get(field) ?? 0;
    if (value === '' || made > 1) continue;
    slips.set(field, made + 1);
    copy[field] = slipped(value, values(field), next);
  }
  return next() < 0.06 ? crossed(copy, next) : copy;
};

const valuesIn = (file: LabelledFile): ((field: PersonField) => readonly string[]) => {
  const known = new Map<PersonField, readonly string[]>();
  return (field) => {
    const values = known.get(field) ?? file.rows.flatMap((row) => (row[field] ? [row[field]] : []));
    known.set(field, values);
    return values;
  };
};

const originals = (file: LabelledFile, count: number): LabelledFile => {
  const some = only(file, (id) => id.endsWith('-org'));
  return { rows: some.rows.slice(0, count), ids: some.ids.slice(0, count), labels: some.labels.slice(0, count) };
};

/** One file: of each original none to five more records, most of them few. As febrl3 is made. */
export const withSeveralDuplicates = (file: LabelledFile, count: number, seed: number): LabelledFile => {
  const [next, values, first] = [drawn(seed), valuesIn(file), originals(file, count)];
  const doubles = first.rows.flatMap((row, place) => {
    const more = pick([0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 5], next);
    const label = first.labels[place] ?? '';
    return Array.from({ length: more }, (_, n) => ({
      row: typedAgain(row, values, 5, next),
      id: `${label}-dup-${n}`,
      label,
    }));
  });
  return {
    rows: [...first.rows, ...doubles.map(({ row }) => row)],
    ids: [...first.ids, ...doubles.map(({ id }) => id)],
    labels: [...first.labels, ...doubles.map(({ label }) => label)],
  };
};

/** Two files: each original once in each, the second time with slips. As febrl4 is made. */
export const inTwoFiles = (
  file: LabelledFile,
  count: number,
  seed: number,
): { readonly first: LabelledFile; readonly second: LabelledFile } => {
  const [next, values, first] = [drawn(seed), valuesIn(file), originals(file, count)];
  const order = first.rows.map((_, place) => ({ place, by: next() })).sort((a, b) => a.by - b.by);
  const take = <T>(all: readonly T[]): readonly T[] => order.flatMap(({ place }) => all[place] ?? []);
  const labels = take(first.labels);
  return {
    first,
    second: {
      rows: take(first.rows).map((row) => typedAgain(row, values, 5, next)),
      ids: labels.map((label) => `${label}-dup-0`),
      labels,
    },
  };
};
