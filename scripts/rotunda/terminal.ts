import { visible } from '#shared/vocabulary/plain-text.ts';

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  /** One line of the answer. */
  out(line: string): void;
  /** One line about how it goes. */
  note(line: string): void;
  /** All of standard input, as text. */
  input(): Promise<string>;
  /** Characters on a line; without bound where nobody looks at a screen. */
  readonly width: number;
}

/** The same terminal, and nothing that is printed steers it, whoever wrote the text: every command prints through this. */
export const steadyTerminal = (terminal: Terminal): Terminal => ({
  out: (line) => terminal.out(visible(line)),
  note: (line) => terminal.note(visible(line)),
  input: () => terminal.input(),
  width: terminal.width,
});

const readAll = async (stream: NodeJS.ReadStream): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  input: () => readAll(process.stdin),
  width: process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
};
