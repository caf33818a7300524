import type { Command } from 'commander';
import { Option } from 'commander';
import { sendToBus } from '#shared/contracts/local/bus.ts';
import { isKept, isSetAside } from '#shared/facts/fact-outcome.ts';
import { visibleLine } from '#shared/vocabulary/plain-text.ts';
import { type Options, type StageOptions, stagedCommand } from './command.ts';
import { ask } from './connection.ts';
import { CommandFailure, type ExitCode, exitCodes } from './exit-codes.ts';
import { readFacts, type Sendable } from './read-facts.ts';
import { type SentResult, sendByApi } from './send-by-api.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type SendOptions = Options<StageOptions & { readonly door: 'api' | 'bus' }>;

const counts = (results: readonly SentResult[]): Readonly<Record<string, number>> => {
  const count: Record<string, number> = {};
  for (const { status } of results) count[status] = (count[status] ?? 0) + 1;
  return count;
};

/** 0 where every fact stands in its record, 1 where none does or is set aside to, 4 between. */
const exitCodeOf = (results: readonly SentResult[]): ExitCode => {
  if (results.every(isKept)) return exitCodes.done;
  return results.some((result) => isKept(result) || isSetAside(result)) ? exitCodes.partlyDone : exitCodes.failed;
};

const describe = (fact: Sendable, result: SentResult): string =>
  [result.status.padEnd(11), fact.type, result.factId ?? '', result.problem ?? ''].join(' ').trimEnd();

const throughApi = async (facts: readonly Sendable[], options: SendOptions, terminal: Terminal): Promise<void> => {
  const results = await sendByApi(facts, options);
  if (options.json) terminal.out(JSON.stringify({ door: 'api', counts: counts(results), results }));
  else {
    for (const [index, result] of results.entries()) {
      const fact = facts[index];
      if (fact !== undefined) terminal.out(visibleLine(describe(fact, result)));
    }
    terminal.out(
      Object.entries(counts(results))
        .map(([status, count]) => `${count} ${status}`)
        .join(', '),
    );
  }
  const exitCode = exitCodeOf(results);
  if (exitCode !== exitCodes.done)
    throw new CommandFailure(
      exitCode,
      results.some(isSetAside) ? 'not every fact was taken: some wait or are kept aside' : 'not every fact was taken',
    );
};

const batches = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const eventOf = (fact: Sendable) => ({ source: fact.source.system, detailType: fact.type, detail: fact });

/** Puts facts on the bus of the running process; answers how many it took. */
const sendToProcess = async (facts: readonly Sendable[], options: SendOptions): Promise<number> => {
  const token = await tokenFor(options, { role: 'operator' });
  let accepted = 0;
  for (const batch of batches(facts, 100)) {
    const body = { events: batch.map(eventOf) };
    const answer = await ask(options.url, { method: sendToBus.method, path: sendToBus.path, token, body });
    accepted += sendToBus.answer.parse(answer).accepted;
  }
  return accepted;
};

const throughBus = async (facts: readonly Sendable[], options: SendOptions, terminal: Terminal): Promise<void> => {
  const accepted = await (options.stage === undefined
    ? sendToProcess(facts, options)
    : (await import('./stage/send-to-bus.ts')).sendToStage(options.stage, facts.map(eventOf)));
  terminal.out(options.json ? JSON.stringify({ door: 'bus', accepted }) : `${accepted} taken by the inbound bus`);
  if (accepted !== facts.length)
    throw new CommandFailure(accepted === 0 ? exitCodes.failed : exitCodes.partlyDone, 'not every fact was taken');
};

/** `rotunda send`: brings facts in by the API or by the inbound bus. */
export const sendCommand = (terminal: Terminal): Command =>
  stagedCommand('send', 'send facts: one JSON fact, a list, or one fact a line')
    .argument('<file>', 'file of facts, or - for standard input')
    .addOption(new Option('--door <door>', 'where they come in').choices(['api', 'bus']).default('api'))
    .action(async (file: string, options: SendOptions) => {
      if (options.stage !== undefined && options.door === 'api')
        throw new CommandFailure(exitCodes.wrongUse, 'a stage takes facts by --door bus (its API: --url and --token)');
      const facts = await readFacts(file, terminal);
      await (options.door === 'bus' ? throughBus : throughApi)(facts, options, terminal);
    });
