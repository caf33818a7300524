import type { Command } from 'commander';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { parseReference } from '#shared/vocabulary/references.ts';
import { connectedCommand, type Options, readingOptions } from './command.ts';
import { ask, askIfThere } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { hitLines, searchCustomers } from './search-customers.ts';
import { ShownView } from './shown-view.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';
import { viewScreen } from './view-screen.ts';

type ShowOptions = Options<{ readonly role: string; readonly purpose: string; readonly all?: boolean }>;

const viewPath = (customer: string): string => `/v1/customers/${encodeURIComponent(customer)}/360`;

/** The customer a reference names, or undefined where it names none (it may be of an account or a meter). */
const byReference = (text: string, token: string, options: ShowOptions): Promise<unknown> =>
  askIfThere(options.url, { path: viewPath(text), token, headers: { 'rotunda-purpose': options.purpose } });

/** The one customer whom the words fit; several are listed for the reader to choose from. */
const bySearch = async (words: string, token: string, options: ShowOptions, terminal: Terminal): Promise<unknown> => {
  const { data } = await searchCustomers(options.url, token, options.purpose, words, 10);
  const [only, second] = data;
  if (only === undefined) throw new CommandFailure(exitCodes.failed, 'nobody fits');
  if (second !== undefined) {
    for (const line of data.flatMap((hit) => hitLines(hit, terminal))) terminal.note(line);
    throw new CommandFailure(exitCodes.failed, 'several customers fit; show one by its id');
  }
  return readView(only.id, token, options);
};

const readView = (customer: string, token: string, options: ShowOptions): Promise<unknown> =>
  ask(options.url, { path: viewPath(customer), token, headers: { 'rotunda-purpose': options.purpose } });

const find = async (words: string, token: string, options: ShowOptions, terminal: Terminal): Promise<unknown> => {
  if (kindOf(words) === 'customer') return readView(words, token, options);
  const named = parseReference(words) === undefined ? undefined : await byReference(words, token, options);
  return named ?? bySearch(words, token, options, terminal);
};

/** `rotunda show`: the 360 view of one customer on one screen. */
export const showCommand = (terminal: Terminal): Command =>
  readingOptions(connectedCommand('show', 'show the 360 view of a customer on one screen'))
    .argument('<words...>', 'id, reference (namespace:value), or words that only this customer fits')
    .option('--all', 'everything the view has, however many lines that takes')
    .action(async (words: readonly string[], options: ShowOptions) => {
      const token = await tokenFor(options, { role: options.role });
      const answer = await find(words.join(' '), token, options, terminal);
      if (options.json) terminal.out(JSON.stringify(answer));
      else
        for (const { text, style } of viewScreen(ShownView.parse(answer), terminal.width, options.all))
          terminal.out(text, style);
    });
