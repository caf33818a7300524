import type { Command, Option } from 'commander';
import { cell, generatedNote, page } from './markdown.ts';

const optionLine = (option: Option): string => {
  const choices =
    option.argChoices === undefined ? '' : ` One of ${option.argChoices.map((one) => `\`${one}\``).join(', ')}.`;
  const shown = option.defaultValueDescription ?? String(option.defaultValue);
  const standard = option.defaultValue === undefined ? '' : ` Default \`${shown}\`.`;
  const variable = option.envVar === undefined ? '' : ` Also by the variable \`${option.envVar}\`.`;
  return `| \`${cell(option.flags)}\` | ${cell(`${option.description}.${choices}${standard}${variable}`)} |`;
};

const usageOf = (path: string, command: Command): string => `${path} ${command.usage()}`.trimEnd();

/** Every command that does something, with its whole path, in order of the tree: one may take arguments and have others below it. */
const acting = (command: Command, path: string): readonly (readonly [string, Command])[] => [
  ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [[path, command] as const] : []),
  ...command.commands.flatMap((child) => acting(child, `${path} ${child.name()}`)),
];

const section = (path: string, command: Command): readonly string[] => {
  const options = command.options.filter(({ hidden }) => !hidden);
  return [
    `## ${path}`,
    `${command.description().replace(/^./, (first) => first.toUpperCase())}.`,
    `\`\`\`sh\n${usageOf(path, command)}\n\`\`\``,
    ...(command.registeredArguments.length === 0
      ? []
      : [
          command.registeredArguments.map((argument) => `- \`${argument.name()}\`: ${argument.description}`).join('\n'),
        ]),
    ...(options.length === 0 ? [] : [['| option | |', '| --- | --- |', ...options.map(optionLine)].join('\n')]),
  ];
};

/** Reference of the command line, from its own tree. */
export const commandPage = (program: Command): string =>
  page(
    generatedNote('cli'),
    '# The rotunda command',
    'Run it as `npx rotunda COMMAND` in the project, or `npm run rotunda -- COMMAND`. Without `--token` a command signs in by itself, on this machine only.',
    [
      '| exit code | |',
      '| --- | --- |',
      '| 0 | done |',
      '| 1 | failed |',
      '| 2 | wrong use |',
      '| 3 | refused |',
      '| 4 | partly done |',
    ].join('\n'),
    ...acting(program, program.name()).flatMap(([path, command]) => section(path, command)),
  );
