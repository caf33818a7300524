import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { customerMembers } from '#shared/domain/access/customer-members.ts';
import { describePage } from '#tests/scripts/first-call/described-page.ts';
import { stepsOf } from '#tests/scripts/first-call/transcript.ts';

const page = readFileSync(join(projectRoot, 'docs/self-service.md'), 'utf8');
const steps = stepsOf(page);

it('the page on what customers may change has a row for each change that is open to them', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('/v1/'));
  const paths = ['customers/{id}`', 'contact-points`', 'interactions`', 'outages`'];
  expect(paths.filter((path) => rows.some((row) => row.includes(path)))).toEqual(paths);
  // Two of the operations are of contact points.
  expect(Object.keys(customerMembers)).toHaveLength(paths.length + 1);
});

// The queue is an index, which may lag behind the commit; the page is typed by hand.
describePage('the page on what customers may change', steps, { staleReads: false });
