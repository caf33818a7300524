import { expect, it } from 'vitest';
import { citationComplaints } from '#scripts/check/citations.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

const complaints = (text: string): readonly string[] => citationComplaints(projectRoot, 'a.ts', `first\n${text}\n`);

it.each([
  ['a page', '/** Codes of values (docs/vee.md). */'],
  ['a part of a page by its heading', '/** Codes of values (docs/vee.md, "Quality codes"). */'],
  ['a row of a table by its name', '/** Mean over highest (docs/insight.md, "load-factor"). */'],
  ['what is no citation', '/** The domain of an address (what follows the sign) is text. */'],
])('lets stand %s', (_what, text) => {
  expect(complaints(text)).toEqual([]);
});

it.each([
  ['a page that is not there', '/** See docs/nowhere.md. */', 'docs/nowhere.md is not there'],
  [
    'a part that a page has not',
    '/** (docs/vee.md, "Qualities") */',
    'docs/vee.md, "Qualities": the page has no such part',
  ],
  [
    'a number of a page elsewhere',
    '/** Load factor (domain 5.10). */',
    'domain 5.10: written out nowhere in the project',
  ],
  [
    'a section of a page elsewhere',
    '/** (architecture, section 2) */',
    'architecture, section 2: written out nowhere in the project',
  ],
])('refuses %s, and says where', (_what, text, complaint) => {
  expect(complaints(text)).toEqual([`a.ts:2: ${complaint}`]);
});
