import type { Command } from 'commander';
import { clientsDeclared } from '#shared/contracts/facts/sources.ts';
import { connectedCommand, type Options } from './command.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { type SignIn, signIn } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type TokenOptions = Options<{ readonly role?: string; readonly customer?: string; readonly client?: string }>;

const whoOf = ({ role, customer, client }: TokenOptions): SignIn => {
  if (client !== undefined && role === undefined && customer === undefined) return { client };
  if (client === undefined && role === 'customer' && customer !== undefined) return { role, customer };
  if (client === undefined && role !== undefined && role !== 'customer' && customer === undefined) return { role };
  throw new CommandFailure(exitCodes.wrongUse, 'say --role ROLE, or --role customer --customer ID, or --client NAME');
};

/** `rotunda token`: an access token for this machine, e.g. for curl. */
export const tokenCommand = (terminal: Terminal): Command =>
  connectedCommand('token', 'print an access token from the sign-in of this machine')
    .option('--role <role>', 'staff role (agent, supervisor, field, billing, privacy, auditor, operator) or customer')
    .option('--customer <id>', 'the customer who signs in, with --role customer')
    .option('--client <name>', `machine client: ${clientsDeclared.map(({ name }) => name).join(', ')}`)
    .action(async (options: TokenOptions) => {
      const grant = await signIn(options.url, whoOf(options));
      terminal.out(options.json ? JSON.stringify(grant) : grant.access_token);
    });
