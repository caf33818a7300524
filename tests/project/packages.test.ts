import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAllowed, licenceComplaints } from '#scripts/check/licences.ts';
import { lockfileComplaints } from '#scripts/check/lockfile.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

const manifest = (version: string) => JSON.stringify({ dependencies: { zod: version } });
const lockfile = (entry: object) => JSON.stringify({ packages: { '': {}, 'node_modules/zod': entry } });

it('has exact pins and a lockfile without download addresses', () => {
  const read = (name: string) => readFileSync(join(projectRoot, name), 'utf8');
  expect(lockfileComplaints(read('package.json'), read('package-lock.json'))).toEqual([]);
});

it.each([
  ['a range', manifest('^4.6.7'), lockfile({ version: '^4.6.7' }), 'not to one version'],
  [
    'a download address',
    manifest('4.6.7'),
    lockfile({ version: '4.6.7', resolved: 'https://npm.example/zod.tgz' }),
    'download address',
  ],
  ['a lock of another version', manifest('4.6.7'), lockfile({ version: '4.6.6' }), 'not locked at 4.6.7'],
])('refuses %s', (_title, pins, locked, message) => {
  expect(lockfileComplaints(pins, locked)).toEqual([expect.stringContaining(message)]);
});

it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT', 'BlueOak-1.0.0'])('takes the licence %s', (expression) => {
  expect(isAllowed(expression)).toBe(true);
});

it.each(['GPL-3.0', 'MIT AND AGPL-3.0', 'UNLICENSED', 'Custom: LICENSE', ''])(
  'refuses the licence "%s"',
  (expression) => {
    expect(isAllowed(expression)).toBe(false);
  },
);

it('names the package whose licence is refused', () => {
  expect(
    licenceComplaints({ 'a@1.0.0': { licenses: 'MIT' }, 'b@2.0.0': { licenses: 'SSPL-1.0' }, 'c@3.0.0': {} }),
  ).toEqual(['b@2.0.0: SSPL-1.0', 'c@3.0.0: none']);
});
