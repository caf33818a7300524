import { Command, InvalidArgumentError, Option } from 'commander';
import type * as z from 'zod';
import type { LocalRoute } from '#shared/contracts/local/definition.ts';
import * as ops from '#shared/contracts/local/ops.ts';
import { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { connectedCommand, type Options } from './command.ts';
import { ask } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1');
  return number;
};

const instantOf = (text: string): string => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('a time such as 2026-03-01T09:30:00Z');
  return new Date(at).toISOString();
};

/** Calls a route of the operator and checks the answer; `input` holds only what was said. */
const call = async <Answer extends z.ZodType>(
  route: LocalRoute<z.ZodType, Answer>,
  input: Readonly<Record<string, string | number | boolean | undefined>>,
  options: Options,
): Promise<z.output<Answer>> => {
  const said = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const token = await tokenFor(options, { role: 'operator' });
  if (route.method === 'POST') {
    return route.answer.parse(await ask(options.url, { method: 'POST', path: route.path, token, body: said }));
  }
  const query = new URLSearchParams(
    Object.entries(said).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const path = query.size === 0 ? route.path : `${route.path}?${query}`;
  return route.answer.parse(await ask(options.url, { path, token }));
};

const print = (terminal: Terminal, options: Options, answer: unknown, lines: readonly string[]): void => {
  for (const line of options.json ? [JSON.stringify(answer)] : lines) terminal.out(line);
};

const reasonOption = (): Option =>
  new Option('--reason <reason>', 'only entries with this reason').choices(QuarantineReason.options);

const digestCommand = (terminal: Terminal): Command =>
  connectedCommand('digest', 'SHA-256 of what the tables say, whatever the order of writing')
    .addOption(new Option('--table <table>', 'one table').choices(ops.DigestTable.options))
    .action(async (options: Options<{ readonly table?: string }>) => {
      const answer = await call(ops.digest, { table: options.table }, options);
      print(
        terminal,
        options,
        answer,
        answer.digests.map(({ table, sha256, items }) => `${sha256}  ${table} (${items} items)`),
      );
    });

const quarantineCommand = (terminal: Terminal): Command =>
  connectedCommand('quarantine', 'what is kept aside, and why; never what it says')
    .addOption(reasonOption())
    .option('--limit <n>', 'entries to list', wholeNumber, 20)
    .action(async (options: Options<{ readonly reason?: string; readonly limit: number }>) => {
      const answer = await call(ops.quarantine, { reason: options.reason, limit: options.limit }, options);
      print(terminal, options, answer, [
        `${answer.total} kept aside`,
        ...answer.reasons.map(({ reason, count }) => `${String(count).padStart(6)}  ${reason}`),
        ...answer.entries.map((entry) =>
          [entry.receivedAt, entry.id, entry.reason, entry.type ?? '', entry.source ?? '', entry.waitsFor ?? '']
            .join(' ')
            .trim(),
        ),
      ]);
    });

const redriveCommand = (terminal: Terminal): Command =>
  connectedCommand('redrive', 'try again what was kept aside')
    .addOption(reasonOption())
    .option('--id <id>', 'only this entry')
    .option('--dry-run', 'say what would be tried')
    .action(async (options: Options<{ readonly reason?: string; readonly id?: string; readonly dryRun?: boolean }>) => {
      const answer = await call(
        ops.redrive,
        { reason: options.reason, id: options.id, dryRun: options.dryRun },
        options,
      );
      print(terminal, options, answer, [`${answer.tried} tried, ${answer.placed} placed, ${answer.left} left`]);
      if (answer.left > 0)
        throw new CommandFailure(exitCodes.partlyDone, 'some entries stay: their reason still holds');
    });

type ReplayOptions = Options<{
  readonly events?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}>;

const replayCommand = (terminal: Terminal): Command =>
  connectedCommand('replay', 'fold every subject anew from its facts; or publish stored facts again')
    .option('--events', 'publish stored facts again, marked as replay')
    .option('--from <time>', 'with --events: first time of receipt', instantOf)
    .option('--to <time>', 'with --events: first time of receipt no longer covered', instantOf)
    .option('--dry-run', 'say what would change, and change nothing')
    .action(async (options: ReplayOptions) => {
      const { events, from, to, dryRun } = options;
      if (!events && (from !== undefined || to !== undefined)) {
        throw new CommandFailure(exitCodes.wrongUse, '--from and --to need --events');
      }
      const answer = await call(ops.replay, { events, from, to, dryRun }, options);
      const line = events
        ? `${answer.published} events published again`
        : `${answer.subjects} subjects folded anew, ${answer.changed} came out otherwise`;
      print(terminal, options, answer, [line]);
    });

const verifyAuditCommand = (terminal: Terminal): Command =>
  connectedCommand('verify-audit', 'recompute the audit chains and say where they were changed').action(
    async (options: Options) => {
      const answer = await call(ops.verifyAudit, {}, options);
      print(terminal, options, answer, [
        ...answer.faults.map(
          ({ chain, sequence, kind, message }) => `chain ${chain}, entry ${sequence}: ${kind}; ${message}`,
        ),
        `${answer.entries} entries in ${answer.chains} chains, ${answer.checkpoints} checkpoints, ${answer.unsealed} not yet sealed: ${answer.ok ? 'nothing was changed' : `${answer.faults.length} faults`}`,
      ]);
      if (!answer.ok) throw new CommandFailure(exitCodes.failed, 'the audit trail was changed');
    },
  );

const revokeMeterCommand = (terminal: Terminal): Command =>
  connectedCommand('revoke-meter', 'take every certificate from a meter, e.g. one that was stolen')
    .argument('<meter>', 'id of the meter, or a reference such as serial:RT-1')
    .action(async (meter: string, options: Options) => {
      const answer = await call(ops.revokeMeter, { meter }, options);
      print(terminal, options, answer, [
        `${answer.meter} is cut off until it is registered again; certificates revoked: ${answer.revoked}`,
      ]);
    });

const drainCommand = (terminal: Terminal): Command =>
  connectedCommand('drain', 'wait until every stream, queue and feed is worked off')
    .option('--timeout-seconds <n>', 'how long to wait', wholeNumber, 60)
    .action(async (options: Options<{ readonly timeoutSeconds: number }>) => {
      const answer = await call(ops.drain, { timeoutSeconds: options.timeoutSeconds }, options);
      print(terminal, options, answer, [
        answer.drained ? `drained in ${answer.seconds} s` : `not drained after ${answer.seconds} s`,
        ...Object.entries(answer.pending).map(([consumer, count]) => `${String(count).padStart(6)}  ${consumer}`),
      ]);
      if (!answer.drained) throw new CommandFailure(exitCodes.failed, 'something is left to do');
    });

/** `rotunda ops …`: what the operator of a running system does. */
export const opsCommand = (terminal: Terminal): Command => {
  const command = new Command('ops').description('look after a running system (with an operator token)');
  for (const make of [
    digestCommand,
    quarantineCommand,
    redriveCommand,
    replayCommand,
    verifyAuditCommand,
    revokeMeterCommand,
    drainCommand,
  ]) {
    command.addCommand(make(terminal));
  }
  return command;
};
