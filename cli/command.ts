import { Command, InvalidArgumentError, Option } from 'commander';
import { Stage } from '#shared/vocabulary/stage.ts';
import { Purpose } from '#shared/vocabulary/statuses.ts';
import { type ConnectionOptions, defaultUrl } from './connection.ts';

/** A command with the options every command has. */
export const connectedCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(new Option('--url <address>', 'address of the running system').env('ROTUNDA_URL').default(defaultUrl))
    .option('--token <token>', 'access token (else one from the sign-in of this machine)')
    .option('--json', 'answer as JSON');

const stageOf = (text: string): string => {
  const stage = Stage.safeParse(text);
  if (stage.success) return stage.data;
  throw new InvalidArgumentError('1 to 20 small letters and digits');
};

/** A connected command that also works on a deployed stage. */
export const stagedCommand = (name: string, description: string): Command =>
  connectedCommand(name, description).addOption(
    new Option('--stage <stage>', 'a deployed stage instead, with the AWS credentials of the caller')
      .argParser(stageOf)
      .conflicts(['token']),
  );

/** What a staged command is told beside its own options. */
export interface StageOptions {
  readonly stage?: string;
}

/** Options of a command that reads a person's data: who reads, and what for. */
export const readingOptions = (command: Command): Command =>
  command
    .option('--role <role>', 'staff role to sign in with', 'agent')
    .addOption(new Option('--purpose <purpose>', 'why the data is read').choices(Purpose.options).default('service'));

/** Options of a connected command with those of its own. */
export type Options<Own = object> = ConnectionOptions & Own;

/** What a command is told that changes something: why. */
export interface ReasonOptions {
  readonly reason?: string;
}

/** Option of a command that changes something: why it is done. */
export const reasonOption = (): Option =>
  new Option('--reason <text>', 'why this is done; it stands in the audit (a dry run needs none)');
