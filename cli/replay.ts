import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Command } from 'commander';
import * as ops from '#shared/contracts/local/ops.ts';
import { mostReplaySegments } from '#shared/vocabulary/replay-segments.ts';
import { type Options, type ReasonOptions, reasonOption, type StageOptions, stagedCommand } from './command.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { doAct, print } from './operator-act.ts';
import { instantOf, wholeNumber } from './option-values.ts';
import type { Terminal } from './terminal.ts';

type ReplayOptions = Options<
  StageOptions &
    ReasonOptions & {
      readonly events?: boolean;
      readonly from?: string;
      readonly to?: string;
      readonly dryRun?: boolean;
      readonly segments?: number;
      readonly resume?: string;
      readonly status?: string | true;
      readonly stop?: string;
      readonly wait: boolean;
    }
>;

/** Milliseconds between two looks at a replay: short at first, since a small one is soon done. */
const [firstLook, longestPause] = [100, 15_000];

/** What came of a replay so far, in a line. */
const cameLine = ({ events, dryRun, published, subjects, changed }: ops.ReplayStatus): string => {
  const [would, be] = dryRun ? ['would be ', ' would come'] : ['', ' came'];
  return events
    ? `${published} events ${would}published again`
    : `${subjects} subjects ${would}folded anew, ${changed}${be} out otherwise`;
};

const failureLines = ({ failed, reasons, failures }: ops.ReplayStatus): readonly string[] =>
  failed === 0
    ? []
    : [
        `${failed} subjects failed`,
        ...reasons.map(({ reason, count }) => `${String(count).padStart(6)}  ${reason}`),
        ...failures.map(({ subject, reason }) => `${subject} ${reason}`),
      ];

const standLine = ({ id, state, segmentsDone, segments, perSecond, startedAt, movedAt }: ops.ReplayStatus): string =>
  `${id} ${state}: ${segmentsDone} of ${segments} segments done, ${perSecond} a second, begun ${startedAt}, last came on ${movedAt}`;

const look = (terminal: Terminal, options: ReplayOptions, id: string | undefined): Promise<ops.ReplayStatus> =>
  doAct({ at: 'operations', act: 'replay-status', route: ops.replayStatus, input: { id } }, options, {
    terminal,
    progress: cameLine,
  });

/** Looks at a replay until it is over, with growing pauses. */
const follow = async (
  terminal: Terminal,
  options: ReplayOptions,
  begun: ops.ReplayStatus,
): Promise<ops.ReplayStatus> => {
  let status = begun;
  for (let pause = firstLook; status.state === 'running'; pause = Math.min(longestPause, pause * 2)) {
    await sleepFor(pause);
    status = await look(terminal, options, begun.id);
    if (status.state === 'running') terminal.note(`${cameLine(status)}; ${standLine(status)} …`);
  }
  return status;
};

const begin = async (terminal: Terminal, options: ReplayOptions): Promise<ops.ReplayStatus> => {
  const { events, from, to, dryRun, segments, resume, wait } = options;
  const input = { events, from, to, dryRun, segments, resume };
  const begun = await doAct({ at: 'operations', act: 'replay', route: ops.replay, input }, options, {
    terminal,
    progress: cameLine,
  });
  if (begun.state === 'running')
    terminal.note(`${begun.id} is worked on in ${begun.segments} segments, whether anybody looks or not`);
  return wait ? follow(terminal, options, begun) : begun;
};

const show = (terminal: Terminal, options: ReplayOptions, status: ops.ReplayStatus, isLook: boolean): void => {
  const lines = [...(isLook || status.state !== 'done' ? [standLine(status)] : []), cameLine(status)];
  print(terminal, options, status, [...lines, ...failureLines(status)]);
  if (status.failed > 0 && status.state === 'done')
    throw new CommandFailure(exitCodes.partlyDone, `some subjects failed; try them again with --resume ${status.id}`);
};

const refuseWrongUse = ({ events, from, to, dryRun, segments, resume, status, stop }: ReplayOptions): void => {
  if (!events && (from !== undefined || to !== undefined))
    throw new CommandFailure(exitCodes.wrongUse, '--from and --to need --events');
  const one = [resume, status, stop].filter((said) => said !== undefined).length;
  const more = [events, dryRun, segments].some((said) => said !== undefined);
  if (one > 1 || (one === 1 && more))
    throw new CommandFailure(
      exitCodes.wrongUse,
      '--resume, --status and --stop stand alone: what a replay does is said when it is begun',
    );
};

/** `rotunda ops replay`: begins a replay and follows it, or looks at one that is under way. */
export const replayCommand = (terminal: Terminal): Command =>
  stagedCommand('replay', 'fold every subject anew from its facts; or publish stored facts again')
    .option('--events', 'publish stored facts again, marked as replay')
    .option('--from <time>', 'with --events: first time of receipt', instantOf)
    .option('--to <time>', 'with --events: first time of receipt no longer covered', instantOf)
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--segments <n>', `parts that are worked on side by side, ${mostReplaySegments} at most`, wholeNumber)
    .option('--no-wait', 'begin it, and do not wait for its end')
    .option('--status [id]', 'say how a replay stands: the one under way or the last, where no id is given')
    .option('--resume <id>', 'go on with one that was stopped, or with its subjects that failed')
    .option('--stop <id>', 'stop one behind the subjects under way')
    .addOption(reasonOption())
    .action(async (options: ReplayOptions) => {
      refuseWrongUse(options);
      const { status, stop } = options;
      if (status !== undefined) {
        show(terminal, options, await look(terminal, options, status === true ? undefined : status), true);
        return;
      }
      if (stop === undefined) {
        show(terminal, options, await begin(terminal, options), false);
        return;
      }
      const asked = { at: 'operations', act: 'replay-stop', route: ops.stopReplay, input: { id: stop } } as const;
      show(terminal, options, await doAct(asked, options, { terminal, progress: cameLine }), true);
    });
