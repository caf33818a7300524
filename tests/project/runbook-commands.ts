import type { Command } from 'commander';

/** A page of a runbook, as its parts. */
export interface RunbookPage {
  readonly name: string;
  readonly text: string;
}

/** Text in code: fenced blocks line by line, and what stands between single backticks. */
const codeOf = (text: string): readonly string[] => {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].map((line) => line.trim());
};

const programs = /^(?:[A-Z_]+=\S+ )?(npx rotunda|npm run|npm ci|npx cdk|aws|git)(\s|$)/;

/** Commands that a page tells to run. */
export const commandsOf = (text: string): readonly string[] =>
  codeOf(text).flatMap((line) => (programs.test(line) ? [line.replace(/^[A-Z_]+=\S+ /, '')] : []));

/** Words of a command line, quoted ones whole. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);

const flagsIn = (words: readonly string[]): readonly string[] => words.filter((word) => word.startsWith('--'));

/** The command of a tree that the words lead to, and what is left of them. */
const descend = (
  tree: Command,
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } => {
  const [first, ...rest] = words;
  const child = tree.commands.find((one) => one.name() === first);
  return child === undefined ? { command: tree, rest: words } : descend(child, rest);
};

/** What is wrong with a command of a command tree: it is none, or has not those flags. */
export const treeComplaint = (tree: Command, said: readonly string[]): string | undefined => {
  const { command, rest } = descend(tree, said);
  if (command.commands.length > 0) return `${command.name()} has no ${rest[0] ?? 'such command'}`;
  const known = new Set(command.options.map(({ long }) => long));
  const unknown = flagsIn(rest).find((flag) => !known.has(flag));
  return unknown === undefined ? undefined : `${command.name()} has no ${unknown}`;
};

export interface Known {
  readonly rotunda: Command;
  readonly deploy: Command;
  readonly rehearse: Command;
  /** Scripts of package.json. */
  readonly scripts: ReadonlySet<string>;
  /** `service operation` of the AWS command line. */
  readonly aws: ReadonlySet<string>;
  readonly cdk: ReadonlySet<string>;
}

const deployScripts = new Set(['deploy', 'destroy']);

const npmComplaint = (words: readonly string[], { scripts, deploy, rehearse }: Known): string | undefined => {
  const [, verb, script = '', ...said] = words;
  const rest = said.filter((word) => word !== '--');
  if (verb === 'ci') return undefined;
  if (!scripts.has(script)) return `package.json has no script ${script}`;
  if (script === 'rehearse') return treeComplaint(rehearse, rest);
  return deployScripts.has(script) ? treeComplaint(deploy, [script, ...rest]) : undefined;
};

/** What is wrong with a command of a page; undefined where it exists. */
export const commandComplaint = (command: string, known: Known): string | undefined => {
  const words = wordsOf(command);
  const [first, second = '', third = ''] = words;
  if (first === 'git') return undefined;
  if (first === 'npm') return npmComplaint(words, known);
  if (first === 'aws')
    return known.aws.has(`${second} ${third}`) ? undefined : `aws ${second} ${third} is not on the list`;
  if (second === 'cdk') return known.cdk.has(third) ? undefined : `cdk ${third} is not on the list`;
  return treeComplaint(known.rotunda, words.slice(2));
};

/** The four parts of every page, in their order. */
const parts = ['Symptom', 'Check', 'Fix', 'Verify'];

export const partComplaint = ({ text }: RunbookPage): string | undefined => {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  if (JSON.stringify(headings) !== JSON.stringify(parts)) return `has ${headings.join(', ')}`;
  const bodies = text.split(/^## .+$/m).slice(1);
  const empty = bodies.findIndex((body) => body.trim() === '');
  return empty < 0 ? undefined : `${parts[empty]} is empty`;
};
