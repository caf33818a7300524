import { Command, Option } from 'commander';
import { Purpose } from '#shared/vocabulary/statuses.ts';
import { type ConnectionOptions, defaultUrl } from './connection.ts';

/** A command with the options every command has. */
export const connectedCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(new Option('--url <address>', 'address of the running system').env('ROTUNDA_URL').default(defaultUrl))
    .option('--token <token>', 'access token (else one from the sign-in of this machine)')
    .option('--json', 'answer as JSON');

/** Options of a command that reads a person's data: who reads, and what for. */
export const readingOptions = (command: Command): Command =>
  command
    .option('--role <role>', 'staff role to sign in with', 'agent')
    .addOption(new Option('--purpose <purpose>', 'why the data is read').choices(Purpose.options).default('service'));

/** Options of a connected command with those of its own. */
export type Options<Own = object> = ConnectionOptions & Own;
