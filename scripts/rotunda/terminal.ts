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
