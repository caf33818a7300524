import { expect, it } from 'vitest';
import { contentComplaints, isRead, sizeComplaints } from '#scripts/check/contents.ts';

const home = ['', 'home', 'ana', 'rotunda'].join('/');
const later = ['TO', 'DO'].join('');
const dashes = '-'.repeat(5);

it.each([
  ['a path of one machine', `const data = '${home}/data';`, 'an absolute path of one machine'],
  ['a key that was pasted', `${dashes}BEGIN PRIVATE KEY${dashes}\nMIGHAgEAMBMGByqGSM49AgEG\n`, 'a private key'],
  ['an access key', `key = ${['AKIA', 'IOSFODNN7EXAMPLE'].join('')}`, 'an access key of AWS'],
  ['work left for later', `// ${later}: the rest`, 'work left for later'],
])('finds %s and says where', (_title, text, what) => {
  expect(contentComplaints('a.ts', `first\n${text}\n`)).toEqual([`a.ts:2: ${what}`]);
});

it.each(['GET /v1/customers/{id}/360', 'see ../shared/data', 'https://example.com/home/page', 'the home/root folders'])(
  'lets stand: %s',
  (text) => {
    expect(contentComplaints('a.md', text)).toEqual([]);
  },
);

it('reads sources and documents, not what tools write', () => {
  expect(['shared/a.ts', 'docs/a.md', '.ci/run'].map(isRead)).toEqual([true, true, true]);
  expect(['package-lock.json', 'docs/picture.png'].map(isRead)).toEqual([false, false]);
});

it('names a file that is too large to review', () => {
  expect(sizeComplaints([{ path: 'a.json', bytes: 1_000_001 }])).toEqual([expect.stringContaining('a.json')]);
  expect(sizeComplaints([{ path: 'a.json', bytes: 1_000_000 }])).toEqual([]);
});
