import { type Command, InvalidArgumentError } from 'commander';
import { connectedCommand, type Options, readingOptions } from './command.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { hitLines, searchCustomers } from './search-customers.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type SearchOptions = Options<{ readonly role: string; readonly purpose: string; readonly limit: number }>;

const limitOf = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new InvalidArgumentError('a whole number from 1 to 100');
  return limit;
};

/** `rotunda search`: customers by anything known of them. */
export const searchCommand = (terminal: Terminal): Command =>
  readingOptions(connectedCommand('search', 'find customers by name, phone, e-mail, address, meter, account or bill'))
    .argument('<words...>', 'what is known')
    .option('--limit <n>', 'customers to list', limitOf, 10)
    .action(async (words: readonly string[], options: SearchOptions) => {
      const token = await tokenFor(options, { role: options.role });
      const found = await searchCustomers(options.url, token, options.purpose, words.join(' '), options.limit);
      if (options.json) terminal.out(JSON.stringify(found));
      else for (const line of found.data.flatMap((hit) => hitLines(hit, terminal))) terminal.out(line);
      if (found.data.length === 0) throw new CommandFailure(exitCodes.failed, 'nobody fits');
    });
