import { Command, Option } from 'commander';
import type * as z from 'zod';
import { familyNames } from '#functions/profile.ts';
import * as ops from '#shared/contracts/local/ops.ts';
import { DisputeKind, QuarantineReason } from '#shared/vocabulary/statuses.ts';
import {
  connectedCommand,
  type Options,
  type ReasonOptions,
  reasonOption,
  type StageOptions,
  stagedCommand,
} from './command.ts';
import { eraseCommand } from './erase.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { call, doAct, print, saidOf, whySaid } from './operator-act.ts';
import { wholeNumber } from './option-values.ts';
import { replayCommand } from './replay.ts';
import type { Terminal } from './terminal.ts';

const keptForOption = (): Option =>
  new Option('--kept-for <reason>', 'only entries kept aside for this reason').choices(QuarantineReason.options);

const digestCommand = (terminal: Terminal): Command =>
  stagedCommand('digest', 'SHA-256 of what the tables say, whatever the order of writing')
    .addOption(new Option('--table <table>', 'one table').choices(ops.DigestTable.options))
    .action(async (options: Options<StageOptions & { readonly table?: string }>) => {
      const progress = ({ digests }: { readonly digests: readonly unknown[] }) =>
        `${digests.length} tables are through`;
      const answer = await doAct(
        { at: 'operations', act: 'digest', route: ops.digest, input: { table: options.table } },
        options,
        {
          terminal,
          progress,
        },
      );
      print(
        terminal,
        options,
        answer,
        answer.digests.map(({ table, sha256, items }) => `${sha256}  ${table} (${items} items)`),
      );
    });

const quarantineCommand = (terminal: Terminal): Command =>
  stagedCommand('quarantine', 'what is kept aside, and why; never what it says')
    .addOption(keptForOption())
    .option('--limit <n>', 'entries to list', wholeNumber, 20)
    .action(async (options: Options<StageOptions & { readonly keptFor?: string; readonly limit: number }>) => {
      const { keptFor: reason, limit } = options;
      const progress = ({ total }: { readonly total: number }) => `${total} seen`;
      const answer = await doAct(
        { at: 'operations', act: 'quarantine', route: ops.quarantine, input: { reason, limit } },
        options,
        {
          terminal,
          progress,
        },
      );
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

const groundlessCommand = (terminal: Terminal): Command =>
  stagedCommand('groundless', 'facts that are kept and change nothing, for want of what they speak of')
    .addOption(new Option('--family <family>', 'only facts of this family').choices(familyNames))
    .option('--limit <n>', 'records to list, those with most first', wholeNumber, 20)
    .action(async (options: Options<StageOptions & { readonly family?: string; readonly limit: number }>) => {
      const { family, limit } = options;
      const progress = ({ total }: { readonly total: number }) => `${total} seen`;
      const answer = await doAct(
        { at: 'operations', act: 'groundless', route: ops.groundless, input: { family, limit } },
        options,
        { terminal, progress },
      );
      print(terminal, options, answer, [
        `${answer.total} without effect`,
        ...answer.families.map((one) => `${String(one.count).padStart(6)}  ${one.family}`),
        ...answer.records.map(({ subject, family: of, count, latest }) =>
          [subject, of, String(count), ...latest.map(({ id, type }) => `${id} (${type})`)].join(' '),
        ),
      ]);
    });

const disputesCommand = (terminal: Terminal): Command =>
  stagedCommand(
    'disputes',
    'what sources say otherwise of who has a point or where a meter is, for a supervisor to settle',
  )
    .addOption(new Option('--kind <kind>', 'only disputes of this kind').choices(DisputeKind.options))
    .option('--limit <n>', 'disputes to list, the oldest first', wholeNumber, 20)
    .action(async (options: Options<StageOptions & { readonly kind?: string; readonly limit: number }>) => {
      const { kind, limit } = options;
      const progress = ({ total }: { readonly total: number }) => `${total} seen`;
      const answer = await doAct(
        { at: 'operations', act: 'disputes', route: ops.disputes, input: { kind, limit } },
        options,
        { terminal, progress },
      );
      print(terminal, options, answer, [
        `${answer.total} in dispute`,
        ...answer.kinds.map((one) => `${String(one.count).padStart(6)}  ${one.kind}`),
        ...answer.disputes.map(({ kind: of, subject, from, to, claims }) =>
          [of, subject, from, to ?? 'open', ...claims.map(({ holder, source }) => `${holder} (${source})`)].join(' '),
        ),
      ]);
    });

type RedriveOptions = Options<
  StageOptions & ReasonOptions & { readonly keptFor?: string; readonly id?: string; readonly dryRun?: boolean }
>;

const redriveLine = ({ tried, placed, left }: z.output<typeof ops.redrive.answer>): string =>
  `${tried} tried, ${placed} placed, ${left} left`;

const redriveCommand = (terminal: Terminal): Command =>
  stagedCommand('redrive', 'try again what was kept aside, and what readers and queues gave up')
    .addOption(keptForOption())
    .addOption(reasonOption())
    .option('--id <id>', 'only this entry')
    .option('--dry-run', 'say what would be tried')
    .action(async (options: RedriveOptions) => {
      const { keptFor, id, dryRun } = options;
      const input = { reason: keptFor, id, dryRun };
      const why = whySaid(ops.redrive, input, options);
      const answer = await (options.stage === undefined
        ? call(ops.redrive, input, options)
        : (await import('./stage/redrive-stage.ts')).redriveStage(
            options.stage,
            { input: saidOf(input), ...why },
            (step) => terminal.note(`${redriveLine(step)} …`),
          ));
      print(terminal, options, answer, [redriveLine(answer)]);
      if (answer.left > 0)
        throw new CommandFailure(exitCodes.partlyDone, 'some entries stay: their reason still holds');
    });

const eraseAgainCommand = (terminal: Terminal): Command =>
  stagedCommand(
    'erase-again',
    'erase again who came back with tables that were set back; before anybody is shown anything',
  )
    .addOption(reasonOption())
    .action(async (options: Options<ReasonOptions>) => {
      const progress = ({ looked, erased }: z.output<typeof ops.eraseAgain.answer>) =>
        `${looked} in the register of who was erased, ${erased} erased again`;
      const asked = { at: 'operations', act: 'erase-again', route: ops.eraseAgain, input: {} } as const;
      const answer = await doAct(asked, options, { terminal, progress });
      print(terminal, options, answer, [progress(answer)]);
    });

const verifyAuditCommand = (terminal: Terminal): Command =>
  stagedCommand('verify-audit', 'recompute the audit chains and say where they were changed').action(
    async (options: Options<StageOptions>) => {
      const answer = await (options.stage === undefined
        ? call(ops.verifyAudit, {}, options)
        : (await import('./stage/verify-audit-trail.ts')).verifyAuditTrail(options.stage));
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
  stagedCommand('revoke-meter', 'take every certificate from a meter, e.g. one that was stolen')
    .argument('<meter>', 'id of the meter, or a reference such as serial:RT-1')
    .addOption(reasonOption())
    .action(async (meter: string, options: Options<StageOptions & ReasonOptions>) => {
      const progress = ({ revoked }: { readonly revoked: number }) => `${revoked} revoked`;
      const answer = await doAct(
        { at: 'operations-parked', act: 'revoke-meter', route: ops.revokeMeter, input: { meter } },
        options,
        {
          terminal,
          progress,
        },
      );
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
    groundlessCommand,
    disputesCommand,
    redriveCommand,
    replayCommand,
    verifyAuditCommand,
    revokeMeterCommand,
    eraseCommand,
    eraseAgainCommand,
    drainCommand,
  ]) {
    command.addCommand(make(terminal));
  }
  return command;
};
