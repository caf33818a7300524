import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUpCustomers } from '#tests/support/made-up-customers.ts';
import { run } from './far-end.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-match-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const columns = ['given', 'family', 'birthDate', 'phone', 'email', 'number', 'street', 'town', 'postcode'] as const;
const headings = 'ref,first name,surname,DOB,mobile,e-mail,house no,street,town,post code,who';

const csv = (from: number, to: number): string => {
  const { rows, truth } = madeUpCustomers(150, 0.3, 41);
  const lines = rows.map((row, place) =>
    [`c-${place}`, ...columns.map((field) => row[field] ?? ''), truth[place]].join(','),
  );
  return [headings, ...lines.slice(from, to)].join('\n');
};

/** Three records of one woman and one of a man. */
const four = `id;name;birthday;address
a,1;"Smith, Anna";04/03/1985;12 Quay Street, Saltmouth, ZZ1 4QS
b2;Anna Smith;1985-03-04;12 Quay St, Saltmouth ZZ1 4QS
c3;Dr Anna Smith;4 Mar 1985;Flat 1, 12 Quay St, Saltmouth, ZZ1 4QS
d4;Peter Nowak;1990-07-30;3 Mill Lane, Westerby, ZZ2 8AB
`;

describe('match', () => {
  it('says how many records, pairs and persons a file has, and how well they were found', {
    timeout: 30_000,
  }, async () => {
    const path = await file('customers.csv', csv(0, 1_000));
    const { code, out } = await run(['match', path, '--format', 'csv', '--truth', 'who', '--json']);
    expect(code).toBe(0);
    const summary = JSON.parse(out.at(-1) ?? '');
    expect(Object.keys(summary)).toEqual([
      'records',
      'candidates',
      'linked',
      'clusters',
      'seconds',
      'precision',
      'recall',
      'f1',
    ]);
    expect(summary.records).toBe(csv(0, 1_000).split('\n').length - 1);
    expect(summary.linked).toBeGreaterThan(40);
    expect(summary.precision).toBeGreaterThan(0.95);
    expect(summary.recall).toBeGreaterThan(0.85);
  });

  it('writes the pairs by their ids, with probability, band and link', async () => {
    const path = await file('four.csv', four);
    const pairs = join(folder, 'pairs.csv');
    const { code, out } = await run(['match', path, '--id-column', 'id', '--pairs', pairs]);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: [expect.stringContaining('4 records'), '3 pairs linked, 1 persons with more than one record'],
    });
    const [head, ...lines] = (await readFile(pairs, 'utf8')).trimEnd().split('\n');
    expect(head).toBe('left,right,probability,band,linked');
    expect(lines.map((line) => line.replace(/,0\.\d+,\w+,/, ' … '))).toEqual([
      '"a,1",b2 … true',
      '"a,1",c3 … true',
      'b2,c3 … true',
    ]);
  });

  it('numbers rows from 1 where no column is named, and reads gzip', async () => {
    const path = await file('four.csv.gz', gzipSync(four));
    const pairs = join(folder, 'pairs.csv');
    expect((await run(['match', path, '--pairs', pairs])).code).toBe(0);
    expect(await readFile(pairs, 'utf8')).toMatch(/^left.*\n1,2,.*\n1,3,.*\n2,3,/);
  });

  it('looks between two files, each with columns of its own', { timeout: 30_000 }, async () => {
    const people = csv(0, 1_000).split('\n').length - 1;
    const doubles = madeUpCustomers(150, 0.3, 41).truth.findIndex((label, row) => label !== String(row));
    const first = await file('a.csv', csv(0, doubles));
    const second = await file('b.csv', csv(doubles, people).replace('first name', 'vor').replace('surname', 'nach'));
    const { code, out, notes } = await run([
      'match',
      first,
      second,
      '--map',
      'given=vor,family=nach',
      '--truth',
      'who',
      '--json',
    ]);
    // The first file has no such columns.
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(notes.join()).toContain('no column "vor"');
    const third = await file('c.csv', csv(doubles, people));
    const both = await run(['match', first, third, '--truth', 'who', '--id-column', 'ref', '--json']);
    expect(JSON.parse(both.out.at(-1) ?? '').f1).toBeGreaterThan(0.9);
    expect(out).toEqual([]);
  });

  it('compares columns under any heading that is mapped, and never id or truth', async () => {
    const path = await file(
      'odd.csv',
      'email,a,b,c\nx@1.example,Anna,Smith,1985-03-04\nx@1.example,Peter,Nowak,1990-07-30\n',
    );
    const { code, notes } = await run([
      'match',
      path,
      '--map',
      'given=a,surname=b,birthDate=c',
      '--id-column',
      'email',
      '--truth',
      'email',
    ]);
    expect(code).toBe(0);
    expect(notes.join()).toContain('compared a as given, b as family, c as birthDate; not compared email');
  });

  it.each([
    ['of no known column', 'x,y\n1,2\n', [], 2, 'known to hold'],
    ['without the id column', 'name\nAnna\n', ['--id-column', 'id'], 2, 'no column "id"'],
    ['that is empty', '', [], 1, 'is empty'],
    ['that is no CSV', 'name\n"Anna\n', [], 1, 'bad.csv'],
    ['in another format', 'name\nAnna\n', ['--format', 'xml'], 2, 'xml'],
    ['with a map to no field', 'name\nAnna\n', ['--map', 'soul=name'], 2, 'field=column'],
  ])('refuses a file %s', async (_what, text, options, exit, says) => {
    const path = await file('bad.csv', text);
    const { code, notes } = await run(['match', path, ...options]);
    expect(code).toBe(exit);
    expect(notes.join()).toContain(says);
  });

  it('says which file is not there', async () => {
    const { code, notes } = await run(['match', join(folder, 'none.csv')]);
    expect(code).toBe(1);
    expect(notes.join()).toContain('none.csv');
  });
});
