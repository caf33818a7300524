import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What the command line must know of a fact to bring it to a door; the server checks the rest. */
const Sendable = z.looseObject({ type: z.string(), source: z.looseObject({ system: z.string() }) });
export type Sendable = z.infer<typeof Sendable>;

const lines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));

/** One fact, a list of facts, `{ "facts": [ … ] }`, or one fact a line. */
const documents = (text: string): readonly unknown[] => {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (cause) {
    if (!text.trim().includes('\n')) throw cause;
    return lines(text);
  }
  if (Array.isArray(whole)) return whole;
  const body = z.strictObject({ facts: z.array(z.unknown()) }).safeParse(whole);
  return body.success ? body.data.facts : [whole];
};

const readText = async (file: string, terminal: Terminal): Promise<string> => {
  if (file === '-') return terminal.input();
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandFailure(exitCodes.wrongUse, `${file} cannot be read`, { cause });
  }
};

/** The facts of a file, or of standard input where the file is `-`. */
export const readFacts = async (file: string, terminal: Terminal): Promise<readonly Sendable[]> => {
  const text = await readText(file, terminal);
  try {
    return z.array(Sendable).min(1).parse(documents(text));
  } catch (cause) {
    const message = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CommandFailure(
      exitCodes.wrongUse,
      `${file === '-' ? 'standard input' : file} holds no facts: ${message}`,
      { cause },
    );
  }
};
