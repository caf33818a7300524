import { styleText } from 'node:util';
import { visible } from '#shared/vocabulary/plain-text.ts';

import type { LineStyle } from './screen-lines.ts';

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  /** One line of the answer; a style is for the eye alone, where the terminal has colours. */
  out(line: string, style?: LineStyle): void;
  /** One line about how it goes. */
  note(line: string): void;
  /** All of standard input, as text. */
  input(): Promise<string>;
  /** Characters on a line; without bound where nobody looks at a screen. */
  readonly width: number;
}

/** The same terminal, and nothing that is printed steers it, whoever wrote the text: every command prints through this. */
export const steadyTerminal = (terminal: Terminal): Terminal => ({
  out: (line, style) => terminal.out(visible(line), style),
  note: (line) => terminal.note(visible(line)),
  input: () => terminal.input(),
  width: terminal.width,
});

const readAll = async (stream: NodeJS.ReadStream): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

const colours = { strong: 'bold', alarm: 'red', faint: 'dim' } as const satisfies Record<LineStyle, string>;

/** A line in its colour where standard output is a terminal that has them, and nobody asked for none (`NO_COLOR`). */
const coloured = (line: string, style: LineStyle | undefined): string =>
  style === undefined || !process.stdout.isTTY || !process.stdout.hasColors() ? line : styleText(colours[style], line);

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (line, style) => void process.stdout.write(`${coloured(line, style)}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  input: () => readAll(process.stdin),
  width: process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
};
