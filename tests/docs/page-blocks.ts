import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import { type Step, stepsOf } from '#tests/scripts/first-call/transcript.ts';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Language behind the fence; empty where there is none. */
  readonly language: string;
  readonly text: string;
}

/** Pages for people: those at the root and in `docs`, and the runbooks. Pages of fact types, problems and schemas show no commands. */
export const pagesForPeople: readonly string[] = ['', 'docs', 'docs/runbooks'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => (folder === '' ? file : `${folder}/${file}`)),
);

export const textOf = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

export const blocksOf = (page: string, text = textOf(page)): readonly Block[] =>
  [...text.matchAll(/^ *```([a-z]*)\n([\s\S]*?)^ *```$/gm)].map(([, language = '', body = '']) => ({
    page,
    language,
    text: body,
  }));

/** Languages of blocks that are to be read, and of which nothing can be typed. */
const toRead: ReadonlySet<string> = new Set(['json', 'mermaid', 'text', 'ini']);

/** Whether a block tells somebody to type something. A block without a language does, unless it is an answer in JSON. */
export const isTyped = ({ language, text }: Block): boolean =>
  !(toRead.has(language) || (language === '' && /^\s*[{[]/.test(text)));

/** The command lines of a block that shows no answers: one a line, or over several where a line ends with a backslash. */
const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll('\\\n', '\\\u0000')
    .split('\n')
    .map((line) =>
      line
        .replaceAll('\u0000', '\n')
        .replace(/\s+# .*$/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'));

/** What is typed of a block: a transcript with the answers it shows, or commands that are to succeed, whatever they answer. */
export const typedOf = (block: Block): readonly (Step & { readonly anyAnswer: boolean })[] =>
  block.language === 'console'
    ? stepsOf(`\`\`\`console\n${block.text}\`\`\``).map((step) => ({ ...step, anyAnswer: false }))
    : linesOf(block.text).map((command) => ({ command, answer: '', anyAnswer: true }));
