import { expect, it } from 'vitest';
import { projectSources } from '#scripts/check/imports.ts';
import { codesOf } from '#scripts/check/problem-codes.ts';
import { problemPages } from '#scripts/docs/problem-pages.ts';

it('finds codes where they are thrown and where they are handed to a maker', () => {
  const text = `
    const refuse = (code: string, message: string) => new DomainError('syntax', code, message);
    throw new DomainError('conflict', 'bill.paid', 'paid');
    throw refuse('bill.unknown', 'unknown');
    throw new DomainError('invalid', other, 'x');
  `;
  expect(codesOf('a.ts', text).map(({ code }) => code)).toEqual(['bill.paid', 'bill.unknown']);
});

it('has a page for every code that a source gives to a refusal', () => {
  const pages = problemPages();
  const given = projectSources()
    .filter(({ path }) => path.startsWith('shared/') || path.startsWith('functions/') || path.startsWith('local/'))
    .flatMap(({ path, text }) => codesOf(path, text).map(({ line, code }) => ({ place: `${path}:${line}`, code })));
  expect(given.length).toBeGreaterThan(20);
  expect(given.filter(({ code }) => !pages.has(`docs/problems/${code}.md`))).toEqual([]);
});
