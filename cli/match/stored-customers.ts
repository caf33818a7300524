import type { Command } from 'commander';
import type * as z from 'zod';
import { type Options, type ReasonOptions, reasonOption, type StageOptions, stagedCommand } from '#cli/command.ts';
import { doAct, print } from '#cli/operator-act.ts';
import type { Terminal } from '#cli/terminal.ts';
import * as ops from '#shared/contracts/local/ops.ts';

type Trained = z.output<typeof ops.trainMatch.answer>;
type Found = z.output<typeof ops.findDuplicates.answer>;

/** `rotunda match train`: learns the matcher's weights from the customers of a running system. */
export const trainCommand = (terminal: Terminal): Command =>
  stagedCommand('train', 'learn the weights from the customers of a running system, and keep them')
    .addOption(reasonOption())
    .action(async (options: Options<StageOptions & ReasonOptions>) => {
      const progress = ({ customers, rounds }: Trained) =>
        `weights learned from ${customers} customers in ${rounds} rounds`;
      const answer = await doAct(
        { at: 'operations-match', act: 'match-train', route: ops.trainMatch, input: {} },
        options,
        {
          terminal,
          progress,
        },
      );
      print(terminal, options, answer, [progress(answer)]);
    });

/** `rotunda match find`: looks for duplicates of every customer of a running system. */
export const findCommand = (terminal: Terminal): Command =>
  stagedCommand('find', 'look for duplicates of every customer of a running system')
    .addOption(reasonOption())
    .action(async (options: Options<StageOptions & ReasonOptions>) => {
      const progress = ({ customers, compared, open }: Found) =>
        `${customers} customers compared with ${compared} records: ${open} may be duplicates`;
      const answer = await doAct(
        { at: 'operations-match', act: 'find-duplicates', route: ops.findDuplicates, input: {} },
        options,
        {
          terminal,
          progress,
        },
      );
      print(terminal, options, answer, [progress(answer)]);
    });
