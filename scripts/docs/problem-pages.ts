import { problemPages as problems } from '#shared/edge/problem-codes.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

const source = 'shared/edge/problem-codes.ts';

/** A page for each code a problem document may carry, and their index. */
export const problemPages = (): Pages => {
  const codes = Object.entries(problems).sort(([one], [other]) => (one < other ? -1 : 1));
  const index = page(
    generatedNote(source),
    '# Problems',
    'A refusal is `application/problem+json` (RFC 9457). Its `code` is one of these and stays what it is; `type` leads to the page of the code.',
    [
      '| code | meaning |',
      '| --- | --- |',
      ...codes.map(([code, { meaning }]) => `| [${code}](${code}.md) | ${cell(meaning)} |`),
    ].join('\n'),
  );
  return new Map([
    ['docs/problems/README.md', index],
    ...codes.map(
      ([code, { meaning, remedy }]) =>
        [
          `docs/problems/${code}.md`,
          page(generatedNote(source), `# ${code}`, meaning, '## What to do', remedy),
        ] as const,
    ),
  ]);
};
