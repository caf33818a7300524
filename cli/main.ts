import { type Command, CommanderError } from 'commander';
import { CommandFailure, type ExitCode, exitCodes } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { processTerminal, steadyTerminal, type Terminal } from './terminal.ts';

/** Lets errors of use come back as exceptions that say where help is, and writes to the terminal of the caller, in the whole tree. */
const settle = (command: Command, terminal: Pick<Terminal, 'out' | 'note'>, path = command.name()): void => {
  command.exitOverride();
  command.showHelpAfterError(`(${path} --help says how)`);
  command.configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.note(text.trimEnd()),
  });
  for (const child of command.commands) settle(child, terminal, `${path} ${child.name()}`);
};

const codeOf = (cause: unknown, terminal: Pick<Terminal, 'note'>): ExitCode => {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  if (cause instanceof CommandFailure) {
    terminal.note(`rotunda: ${cause.message}`);
    return cause.exitCode;
  }
  terminal.note(`rotunda: ${cause instanceof Error ? cause.message : String(cause)}`);
  return exitCodes.failed;
};

/** Runs one command line of a tree (without the program's name) and returns its exit code. */
export const runProgram = async (
  program: Command,
  args: readonly string[],
  terminal: Pick<Terminal, 'out' | 'note'>,
): Promise<ExitCode> => {
  settle(program, terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (cause) {
    return codeOf(cause, terminal);
  }
};

/** Runs one command line of `rotunda` and returns its exit code. */
export const main = (args: readonly string[], terminal: Terminal = processTerminal): Promise<ExitCode> => {
  const steady = steadyTerminal(terminal);
  return runProgram(buildProgram(steady), args, steady);
};
