import { createInterface } from 'node:readline/promises';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { processTerminal, type Terminal } from '#cli/terminal.ts';

/** The person at the terminal, or none. */
export interface Talk extends Pick<Terminal, 'out' | 'note'> {
  /** Whether somebody looks on and can answer. */
  readonly isInteractive: boolean;
  ask(question: string): Promise<string>;
}

export const processTalk: Talk = {
  ...processTerminal,
  isInteractive: process.stdout.isTTY === true && process.stdin.isTTY === true,
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(`${question} `);
    } finally {
      lines.close();
    }
  },
};

/** Goes on only where somebody says the word; `said` is a flag that said it before. */
export const confirm = async (
  talk: Talk,
  asked: { readonly question: string; readonly word: string; readonly said: boolean; readonly flag: string },
): Promise<void> => {
  if (asked.said) return;
  if (!talk.isInteractive) {
    throw new CommandFailure(
      exitCodes.refused,
      `stopped: ${asked.question} Nobody is here to answer; ${asked.flag} says so`,
    );
  }
  const answer = await talk.ask(`${asked.question} Type ${asked.word} to go on:`);
  if (answer.trim() !== asked.word) throw new CommandFailure(exitCodes.refused, 'stopped: nothing was changed');
};
