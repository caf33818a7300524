import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, madeUpCustomers } from '#tests/support/made-up-customers.ts';
import { run } from './far-end.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-match-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Cells {
  readonly [column: string]: string;
}

const { rows, truth } = madeUpCustomers(130, 0.3, 43);
const customers: readonly Cells[] = rows.map((row, place) => ({
  account: `A-${place}`,
  ...row,
  who: truth[place] ?? '',
}));

/** Headings as exports have them. */
const plain = {
  account: 'account id',
  given: 'first_name',
  family: 'surname',
  birthDate: 'dob',
  phone: 'mobile',
  email: 'email',
  number: 'street_number',
  street: 'address_1',
  town: 'suburb',
  postcode: 'postcode',
} as const;
type Headings = Readonly<Record<string, string>>;

const written = (some: readonly Cells[], headings: Headings, delimiter = ',', end = '\n'): string => {
  const cell = (text: string): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = some.map((row) =>
    Object.keys(headings)
      .map((column) => cell(row[column] ?? ''))
      .join(delimiter),
  );
  return [Object.values(headings).map(cell).join(delimiter), ...lines, ''].join(end);
};

/** Which accounts a file has as one person. */
const linkedIn = async (text: string | Buffer): Promise<readonly string[]> => {
  const [path, pairs] = [join(folder, 'some.csv'), join(folder, 'pairs.csv')];
  await writeFile(path, text);
  const { code, notes } = await run(['match', path, '--id-column', 'account id', '--pairs', pairs]);
  expect({ code, notes: notes.filter((note) => !note.includes('compared')) }).toEqual({ code: 0, notes: [] });
  const [, ...lines] = (await readFile(pairs, 'utf8')).trimEnd().split('\n');
  return lines
    .filter((line) => line.endsWith(',true'))
    .map((line) => line.split(',').slice(0, 2).sort().join(' '))
    .sort();
};

const dated = (change: (year: string, month: string, day: string) => string): readonly Cells[] =>
  customers.map((row) => {
    const [year, month, day] = (row.birthDate ?? '').split('-');
    // A slip may have left no whole date.
    const isWhole = /^\d{4}-\d\d-\d\d$/.test(row.birthDate ?? '');
    return { ...row, birthDate: isWhole ? change(year ?? '', month ?? '', day ?? '') : '' };
  });
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

describe('a file of customers, however it is written', { timeout: 60_000 }, () => {
  let usual: readonly string[];
  let whole: readonly string[];
  beforeAll(async () => {
    usual = await linkedIn(written(customers, plain));
    whole = await linkedIn(
      written(
        dated((...parts) => parts.join('-')),
        plain,
      ),
    );
    expect(usual.length).toBeGreaterThan(40);
  }, 60_000);

  it.each<readonly [string, () => string | Buffer]>([
    ['with semicolons', () => written(customers, plain, ';')],
    ['with tabs', () => written(customers, plain, '\t')],
    ['with bars', () => written(customers, plain, '|')],
    ['with a byte order mark and lines of Windows', () => `\uFEFF${written(customers, plain, ',', '\r\n')}`],
    ['in UTF-16', () => Buffer.from(`\uFEFF${written(customers, plain)}`, 'utf16le')],
    [
      'in capitals',
      () =>
        written(
          customers.map(({ account = '', ...row }) => ({
            account,
            ...Object.fromEntries(Object.entries(row).map(([column, text]) => [column, text.toUpperCase()])),
          })),
          plain,
        ),
    ],
    [
      'under other headings, its columns in another order',
      () =>
        written(customers, {
          postcode: 'Post Code',
          town: 'Town/City',
          street: 'Address Line 1',
          number: 'House No.',
          email: 'Primary E-mail',
          phone: 'Contact Number',
          birthDate: 'Date of Birth',
          family: 'LastName',
          given: 'Forename',
          account: 'account id',
          who: 'Tariff code',
        }),
    ],
    [
      'with street and number in a cell of two lines',
      () => {
        const { number: _number, ...headings } = plain;
        return written(
          customers.map((row) => ({ ...row, street: `${row.number}\n${row.street}`.trim() })),
          headings,
        );
      },
    ],
  ])('%s, has the same persons', async (_how, text) => {
    expect(await linkedIn(text())).toEqual(usual);
  });

  it.each<readonly [string, (year: string, month: string, day: string) => string]>([
    ['day first', (year, month, day) => `${day}/${month}/${year}`],
    ['month first', (year, month, day) => `${month}/${day}/${year}`],
    ['in words', (year, month, day) => `${Number(day)} ${monthNames[Number(month) - 1]} ${year}`],
    ['with a time', (year, month, day) => `${year}-${month}-${day}T00:00:00Z`],
    [
      'as a spreadsheet counts',
      (year, month, day) => `${Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000 + 25_569}`,
    ],
  ])('with its dates %s, has the same persons', async (_how, change) => {
    expect(await linkedIn(written(dated(change), plain))).toEqual(whole);
  });

  it('with other ids, in another order of rows, has the same persons', async () => {
    const next = drawn(6);
    const turned = customers
      .map((row, place) => ({ row, place, by: next() }))
      .sort((a, b) => a.by - b.by)
      .map(({ row, place }, at) => ({ ...row, account: `Z-${at}`, was: `A-${place}` }));
    const names = new Map(turned.map(({ account, was }) => [account, was]));
    const again = await linkedIn(written(turned, plain));
    const renamed = again.map((pair) =>
      pair
        .split(' ')
        .map((name) => names.get(name) ?? '')
        .sort()
        .join(' '),
    );
    expect(renamed.sort()).toEqual(usual);
  });
});
