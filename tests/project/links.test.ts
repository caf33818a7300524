import { expect, it } from 'vitest';
import { linkComplaints } from '#scripts/check/links.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

it('names a link that leads nowhere', () => {
  const text =
    'See [the index](events/README.md), [nothing](events/none.md#part) and [the web](https://example.com/a.md).';
  expect(linkComplaints(projectRoot, 'docs/page.md', text)).toEqual([
    'docs/page.md: leads to events/none.md, which is not there',
  ]);
});

it('follows links from the folder of the page and from the root', () => {
  expect(
    linkComplaints(projectRoot, 'docs/events/README.md', '[up](../../README.md) [root](/LICENSE) [here](#part)'),
  ).toEqual([]);
});
