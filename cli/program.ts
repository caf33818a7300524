import { Command } from 'commander';
import { codeVersion } from '#shared/runtime/version.ts';
import { completionCommand } from './completion.ts';
import { detectCommand } from './detect.ts';
import { exportCommand } from './export.ts';
import { feedCommand } from './feed.ts';
import { importCommand } from './import.ts';
import { listenCommand } from './listen.ts';
import { matchCommand } from './match.ts';
import { opsCommand } from './ops.ts';
import { searchCommand } from './search.ts';
import { sendCommand } from './send.ts';
import { showCommand } from './show.ts';
import { simulateCommand } from './simulate.ts';
import { temperaturesCommand } from './temperatures.ts';
import type { Terminal } from './terminal.ts';
import { tokenCommand } from './token.ts';

/** The whole command tree; the command reference is generated from it. */
export const buildProgram = (terminal: Terminal): Command => {
  const program = new Command('rotunda')
    // An option belongs to the command it stands behind.
    .enablePositionalOptions()
    .description('The command line of Rotunda. Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused, 4 partly done.')
    .version(codeVersion, '--version', 'print the version');
  for (const make of [
    tokenCommand,
    sendCommand,
    showCommand,
    searchCommand,
    feedCommand,
    importCommand,
    exportCommand,
    temperaturesCommand,
    simulateCommand,
    listenCommand,
    matchCommand,
    detectCommand,
    opsCommand,
    completionCommand,
  ]) {
    program.addCommand(make(terminal));
  }
  return program;
};
