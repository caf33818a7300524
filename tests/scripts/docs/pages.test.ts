import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { comparePages, writePages } from '#scripts/docs/pages.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rotunda-docs-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const pages = new Map([
  ['docs/events/a.md', 'one\n'],
  ['docs/commands.md', 'two\n'],
]);

it('names the pages that are missing, then writes them and finds nothing to do', () => {
  expect(comparePages(root, pages)).toEqual(['docs/events/a.md: missing', 'docs/commands.md: missing']);
  writePages(root, pages);
  expect(readFileSync(join(root, 'docs/events/a.md'), 'utf8')).toBe('one\n');
  expect(comparePages(root, pages)).toEqual([]);
});

it('finds a page that someone changed by hand', () => {
  writePages(root, pages);
  writeFileSync(join(root, 'docs/commands.md'), 'other\n');
  expect(comparePages(root, pages)).toEqual(['docs/commands.md: out of date']);
});

it('takes away the page of a fact type that is no more, and leaves hand-written pages', () => {
  writePages(root, pages);
  writeFileSync(join(root, 'docs/events/gone.md'), 'old\n');
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs/by-hand.md'), 'mine\n');
  expect(comparePages(root, pages)).toEqual(['docs/events/gone.md: no longer generated']);
  writePages(root, pages);
  expect(comparePages(root, pages)).toEqual([]);
  expect(readFileSync(join(root, 'docs/by-hand.md'), 'utf8')).toBe('mine\n');
});
