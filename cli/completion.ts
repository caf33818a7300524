import { Argument, Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What may follow a path of the tree: `rotunda ops` -> its commands and options. */
interface Offer {
  readonly path: string;
  readonly words: readonly string[];
}

const flagsOf = (command: Command): readonly string[] => [
  ...command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long ? [long] : [])),
  '--help',
];

const offersOf = (command: Command, path: string): readonly Offer[] => [
  { path, words: [...command.commands.map((child) => child.name()), ...flagsOf(command)] },
  ...command.commands.flatMap((child) => offersOf(child, `${path} ${child.name()}`)),
];

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const bash = (offers: readonly Offer[], name: string): string =>
  [
    `_${name}() {`,
    `  local path=${quoted(name)} words='' word`,
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case "$path $word" in',
    `      ${offers
      .slice(1)
      .map(({ path }) => quoted(path))
      .join('|')}) path="$path $word" ;;`,
    '    esac',
    '  done',
    '  case "$path" in',
    ...offers.map(({ path, words }) => `    ${quoted(path)}) words=${quoted(words.join(' '))} ;;`),
    '  esac',
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    `complete -o default -F _${name} ${name}`,
  ].join('\n');

const zsh = (offers: readonly Offer[], name: string): string =>
  ['autoload -U +X bashcompinit && bashcompinit', bash(offers, name)].join('\n');

const fishCondition = (path: string, offers: readonly Offer[]): string => {
  const below = offers
    .filter((other) => other.path.startsWith(`${path} `) && !other.path.slice(path.length + 1).includes(' '))
    .map((other) => other.path.slice(path.length + 1));
  const [, ...seen] = path.split(' ');
  const conditions = [
    ...seen.map((word) => `__fish_seen_subcommand_from ${word}`),
    ...(below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`]),
  ];
  return conditions.join('; and ');
};

const fish = (offers: readonly Offer[], name: string): string =>
  offers
    .map(
      ({ path, words }) =>
        `complete -c ${name} -n ${quoted(fishCondition(path, offers))} -a ${quoted(words.join(' '))}`,
    )
    .join('\n');

const shells = { bash, zsh, fish } as const;

/** Shells that completions are written for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const satisfies readonly (keyof typeof shells)[];

/** The completion script of a shell, from the command tree. */
export const completionScript = (program: Command, shell: keyof typeof shells): string =>
  shells[shell](offersOf(program, program.name()), program.name());

/** `rotunda completion`: what a shell evaluates to complete the commands. */
export const completionCommand = (terminal: Terminal): Command => {
  const command = new Command('completion')
    .description('print completions for a shell, e.g. eval "$(rotunda completion bash)"')
    .addArgument(new Argument('<shell>', 'the shell').choices(shellNames));
  return command.action((shell: keyof typeof shells) => {
    const program = command.parent;
    if (program !== null) terminal.out(completionScript(program, shell));
  });
};
