import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

const page = readFileSync(join(projectRoot, 'docs/self-service.md'), 'utf8');

it('the page on what customers may change has a row for each change that is open to them', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('/v1/'));
  const paths = ['customers/{id}`', 'contact-points`', 'interactions`', 'outages`'];
  expect(paths.filter((path) => rows.some((row) => row.includes(path)))).toEqual(paths);
  // Two of the operations are of contact points.
  expect(routes.filter(({ fromCustomers }) => fromCustomers !== undefined)).toHaveLength(paths.length + 1);
});
