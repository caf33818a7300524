import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { projectRoot } from '#scripts/check/project-files.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { fits, stepsOf } from './transcript.ts';

const page = readFileSync(join(projectRoot, 'docs/first-call.md'), 'utf8');
const facts = z
  .array(IncomingFact)
  .parse(JSON.parse(readFileSync(join(projectRoot, 'docs/first-call/facts.json'), 'utf8')));

it.each(facts)('the page sends a fact that $type allows, and shows its id', (fact) => {
  expect(factTypes.get(fact.type)?.data.safeParse(fact.data).error).toBeUndefined();
  expect(page).toContain(`${fact.type} ${factIdOf(fact.source.system, fact.sourceEventId)}`);
});

it('reads commands, also those over several lines, and their answers', () => {
  const text = 'a\n```console\n$ one\nanswer\nmore\n$ two \\\n  three\n$ four\n```\nb\n```sh\n$ not this\n```\n';
  expect(stepsOf(text)).toEqual([
    { command: 'one', answer: 'answer\nmore' },
    { command: 'two \\\n  three', answer: '' },
    { command: 'four', answer: '' },
  ]);
});

it.each([
  ['a … c', 'a b c\n', true],
  ['a …\nlast', 'a\nb\nlast', false],
  ['a…\nlast', 'a\nb\nlast', true],
  ['price (1.00)', 'price (1x00)', false],
  ['', '', true],
  ['', 'x', false],
])('shown %j and answered %j: %s', (shown, answer, expected) => {
  expect(fits(shown, answer)).toBe(expected);
});
