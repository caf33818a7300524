import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '#scripts/check/project-files.ts';

/** Where a block that no test types stands, and why nobody here can. */
export interface NotTyped {
  readonly page: string;
  /** How the block begins; absent, all blocks of the page are meant. */
  readonly begins?: string;
  readonly why: string;
}

const onAws = 'needs an AWS account; tests/project/runbooks.test.ts holds its commands and flags to exist';

/** All that stands in a page to be typed and is not typed by a test. */
export const notTyped: readonly NotTyped[] = [
  {
    page: 'README.md',
    begins: 'npm ci && npm start',
    why: 'installs; what it starts is the system the pages are typed at',
  },
  { page: 'README.md', begins: 'npm ci && npm test', why: 'runs this very test' },
  { page: 'README.md', begins: '(cd docs && npx cdk bootstrap', why: onAws },
  { page: 'CONTRIBUTING.md', begins: 'npm ci', why: 'takes an hour; its scripts are held to exist here' },
  { page: 'docs/bench.md', begins: 'npm run bench', why: 'takes minutes; its names are held to exist here' },
  { page: 'docs/commands.md', why: 'says how commands are called; they are held to exist here' },
  { page: 'docs/deploy.md', why: onAws },
  { page: 'docs/rehearsal.md', why: onAws },
  { page: 'docs/runbooks/*', why: onAws },
  { page: 'docs/vee.md', begins: 'needed    = historyFor', why: 'is code to read' },
];

/** Whether an entry of the list means a block. */
export const means = (one: NotTyped, { page, text }: { readonly page: string; readonly text: string }): boolean =>
  (one.page.endsWith('*') ? page.startsWith(one.page.slice(0, -1)) : page === one.page) &&
  (one.begins === undefined || text.trimStart().startsWith(one.begins));

const halfHours = (days: number): readonly string[] =>
  Array.from({ length: days * 48 }, (_, index) => {
    const at = new Date(Date.parse('2026-01-01T00:00:00Z') + index * 1_800_000).toISOString();
    return `${at},${index === days * 40 ? 9 : (0.1 + ((index * 7) % 11) / 100).toFixed(2)}`;
  });

const people = [
  ['1', 'Amos', 'Tern', '1957-03-11', '4 Quay Street', 'amos@example.com'],
  ['2', 'Amos', 'Tern', '1957-03-11', '4 Quay St', 'amos@example.com'],
  ['3', 'Nora', 'Quill', '1986-04-11', '9 Gorse Hill', 'nora@example.com'],
];
const peopleFile = (heading: string): string =>
  [heading, ...people.map((one) => one.join(','))].map((line) => `${line}\n`).join('');

/** Files that pages speak of by a name of the reader's own, made here so that the command can be typed as it stands. */
const files: Readonly<Record<string, () => string | Uint8Array>> = {
  'load.csv': () => ['time,kWh', ...halfHours(30), ''].join('\n'),
  'usage.csv': () => ['time,kWh', ...halfHours(2), ''].join('\n'),
  // The homes of the page are other ones, and its file has a day that is left out.
  'nem12.csv': () =>
    readFileSync(join(projectRoot, 'docs/import/two-homes.csv'), 'utf8')
      .replaceAll('610200000', '610300000')
      .split('\n')
      .filter((_, line) => line !== 6)
      .join('\n'),
  'temperatures.csv.gz': () =>
    gzipSync(
      [
        'time,temperature',
        ...Array.from(
          { length: 48 },
          (_, hour) =>
            `${new Date(Date.parse('2026-11-20T00:00:00Z') + hour * 3_600_000).toISOString()},${8 + (hour % 5)}`,
        ),
        '',
      ].join('\n'),
    ),
  'customers.csv': () => peopleFile('ref,given_name,surname,dob,address_1,email'),
  'billing.csv': () => peopleFile('person,vorname,nachname,dob,address_1,email'),
  'crm.csv': () => peopleFile('person,vorname,nachname,dob,address_1,email'),
};

/** Somebody whom a page looks for by a name of its own: Ms Olivia Smyth of 12 Quay Street, made of the customer of the first call. */
const smyth = (): string =>
  readFileSync(join(projectRoot, 'docs/first-call/facts.json'), 'utf8')
    .replaceAll('first-call-', 'page-example-')
    .replaceAll('900100', '900101')
    .replaceAll('T-100', 'T-101')
    .replaceAll('1999990000100', '1999990000101')
    .replaceAll('020 7946 0958', '01632 960123')
    .replaceAll('Ines', 'Olivia')
    .replaceAll('Marlow', 'Smyth')
    .replaceAll('7 Lantern Row', '12 Quay Street');

/** What a page needs that it does not make itself, as commands typed before it. */
export const beforePage: Readonly<Record<string, readonly string[]>> = {
  'docs/search.md': ['npx rotunda send smyth.json'],
  'docs/import.md': [
    'npx rotunda import nem12.csv --format nem12 --create-missing',
    'npx rotunda export mpan:9900000000101 --format green-button --out feed.xml',
    'gzip -f feed.xml',
  ],
};

/** Words of a page that stand for what the reader has, and how they are found. */
export const placeholders: readonly { readonly page: string; readonly shown: string; readonly is: string }[] = [
  {
    page: 'docs/import.md',
    shown: '> mapping.json',
    is: `> mapping.json && sed 's/"?"/"6103000001"/' mapping.json > said.json && mv said.json mapping.json`,
  },
  {
    page: 'docs/import.md',
    shown: 'imp_…',
    is: '$(npx rotunda import nem12.csv --format nem12 --json | sed \'s/.*"id":"\\(imp_[0-9A-Z]*\\)".*/\\1/\')',
  },
];

/** A folder that looks like the project to a page and takes what its commands write. */
export const openPageFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-pages-'));
  symlinkSync(join(projectRoot, 'docs'), join(folder, 'docs'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content());
  writeFileSync(join(folder, 'smyth.json'), smyth());
  return folder;
};
