import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { matchRecords } from '#functions/duplicates/rules/match-records.ts';
import { fieldOfHeading, type PersonField, type PersonRow } from '#functions/duplicates/rules/person-columns.ts';
import { drawn } from '#tests/support/made-up-customers.ts';

const folder = fileURLToPath(new URL('../../../shared/data/linkage/', import.meta.url));
export const linkagePresent = existsSync(`${folder}febrl1.csv`);

/** A file of records, and for each the person it is of. */
export interface LabelledFile {
  readonly rows: readonly PersonRow[];
  readonly ids: readonly string[];
  readonly labels: readonly string[];
}

const personOf = (header: readonly string[], cells: readonly string[]): PersonRow =>
  Object.fromEntries(
    header.flatMap((heading, place) => {
      const field = fieldOfHeading(heading);
      return field === undefined ? [] : [[field, cells[place] ?? '']];
    }),
  );

const read = (name: string, labelOf: (cells: readonly string[]) => string): LabelledFile => {
  const [header = [], ...lines] = readFileSync(`${folder}${name}`, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim()));
  return {
    rows: lines.map((cells) => personOf(header, cells)),
    ids: lines.map(([id = '']) => id),
    labels: lines.map(labelOf),
  };
};

/** `rec-223-org` and `rec-223-dup-0` are one person. */
const febrlLabel = ([id = '']: readonly string[]): string => id.split('-').slice(0, 2).join('-');

export const readFebrl = (name: 'febrl1.csv' | 'febrl2.csv'): LabelledFile => read(name, febrlLabel);
export const readSplink = (): LabelledFile => read('splink_fake_1000.csv', (cells) => cells.at(-1) ?? '');

export const without = (file: LabelledFile, ...fields: readonly PersonField[]): LabelledFile => ({
  ...file,
  rows: file.rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => !fields.some((some) => some === field))),
  ),
});

export const only = (file: LabelledFile, keep: (id: string) => boolean): LabelledFile => {
  const places = [...file.ids.keys()].filter((place) => keep(file.ids[place] ?? ''));
  const take = <T>(all: readonly T[]): readonly T[] => places.flatMap((place) => all[place] ?? []);
  return { rows: take(file.rows), ids: take(file.ids), labels: take(file.labels) };
};

const pick = <T>(all: readonly T[], next: () => number): T => {
  const item = all[Math.floor(all.length * next())];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
};
const two = (value: number): string => String(value).padStart(2, '0');

/** Adds people to the homes of others: most share the family name, 3 % are juniors of one name, 2 % twins of one birthday. */
export const withHouseholdMembers = (file: LabelledFile, count: number, seed: number): LabelledFile => {
  const next = drawn(seed);
  const known = (field: PersonField): readonly string[] => file.rows.flatMap((row) => (row[field] ? [row[field]] : []));
  const [givens, families] = [known('given'), known('family')];
  const hosts = file.rows.filter(({ given, family, street, birthDate }) => given && family && street && birthDate);
  const members = Array.from({ length: count }, (): PersonRow => {
    const host = pick(hosts, next);
    const draw = next();
    const [junior, twin] = [draw < 0.03, draw >= 0.03 && draw < 0.05];
    const born =
      Number(host.birthDate?.slice(0, 4)) + (junior ? 20 + Math.floor(next() * 20) : Math.floor(next() * 60) - 30);
    const birthDate = `${Math.min(1999, Math.max(1900, born))}${two(1 + Math.floor(next() * 12))}${two(1 + Math.floor(next() * 28))}`;
    return {
      ...host,
      given: junior ? (host.given ?? '') : pick(givens, next),
      family: junior || twin || next() < 0.75 ? (host.family ?? '') : pick(families, next),
      birthDate: twin ? (host.birthDate ?? '') : birthDate,
      nationalId: String(1_000_000 + Math.floor(next() * 8_999_999)),
    };
  });
  const names = members.map((_, place) => `member-${place}`);
  return { rows: [...file.rows, ...members], ids: [...file.ids, ...names], labels: [...file.labels, ...names] };
};

/** How well a file, or two, were matched, in shares from 0 to 1. */
export interface Figures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Of the pairs that are nearly sure (P from 0.999) those that are wrong. */
  readonly falseOfSure: number;
  readonly links: number;
}

export const measure = (first: LabelledFile, second?: LabelledFile): Figures => {
  const { pairs } = matchRecords(first.rows, second?.rows);
  const other = second ?? first;
  const isTrue = ({ left, right }: { left: number; right: number }): boolean =>
    first.labels[left] === other.labels[right];
  const links = pairs.filter(({ linked }) => linked);
  const hits = links.filter(isTrue).length;
  const there = first.labels.reduce(
    (sum, label, left) =>
      sum + other.labels.filter((some, right) => some === label && (second !== undefined || left < right)).length,
    0,
  );
  const sure = pairs.filter(({ probability }) => probability >= 0.999);
  return {
    precision: hits / links.length,
    recall: hits / there,
    f1: (2 * hits) / (links.length + there),
    falseOfSure: sure.filter((pair) => !isTrue(pair)).length / sure.length,
    links: links.length,
  };
};
