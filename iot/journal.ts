import { type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Sample } from '#functions/readings/contract/cut-blocks.ts';
import { UsageBlock } from '#functions/readings/contract/usage-block.ts';

/** What a meter must not forget: samples of days it has not sent, blocks that are not acknowledged, its counter. */
export interface JournalState {
  readonly samples: readonly Sample[];
  /** Blocks to send, oldest first. */
  readonly outbox: readonly UsageBlock[];
  readonly nextSeq: number;
}

/** One thing that happened; on disk before `add` resolves. */
export type JournalEntry =
  | { readonly sample: readonly [start: number, value: number | null] }
  /** A block was cut; the samples before `done` (Unix seconds) are in it, where it is a day's. */
  | { readonly block: UsageBlock; readonly done?: number }
  | { readonly acknowledged: number };

export interface Journal {
  readonly state: JournalState;
  add(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

const Line = z.union([
  z.strictObject({ sample: z.tuple([z.int(), z.int().nullable()]) }),
  z.strictObject({ block: UsageBlock, done: z.int().optional() }),
  z.strictObject({ acknowledged: z.int() }),
  z.strictObject({ nextSeq: z.int() }),
]);
type Line = z.infer<typeof Line>;

class State implements JournalState {
  readonly #samples = new Map<number, number | null>();
  readonly #outbox = new Map<number, UsageBlock>();
  nextSeq = 0;

  get samples(): readonly Sample[] {
    return [...this.#samples]
      .map(([start, value]) => ({ start, value }))
      .sort((left, right) => left.start - right.start);
  }
  get outbox(): readonly UsageBlock[] {
    return [...this.#outbox.values()];
  }

  take(line: Line | JournalEntry): void {
    if ('sample' in line) this.#samples.set(line.sample[0], line.sample[1]);
    else if ('acknowledged' in line) this.#outbox.delete(line.acknowledged);
    else if ('nextSeq' in line) this.nextSeq = Math.max(this.nextSeq, line.nextSeq);
    else {
      const { block, done } = line;
      this.#outbox.set(block.seq, block);
      this.nextSeq = Math.max(this.nextSeq, block.seq + 1);
      if (done !== undefined)
        for (const start of [...this.#samples.keys()]) if (start < done) this.#samples.delete(start);
    }
  }

  /** The least lines that make this state. */
  lines(): readonly (Line | JournalEntry)[] {
    const samples = this.samples.map(({ start, value }) => ({ sample: [start, value] as const }));
    return [{ nextSeq: this.nextSeq }, ...samples, ...this.outbox.map((block) => ({ block }))];
  }
}

/** About a week of live intervals. */
const linesBeforeRewrite = 5000;

const text = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Reads the lines of a file; one cut by a crash was never acted on and is left out. */
const readLines = async (path: string): Promise<readonly Line[]> => {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)));
};

/** A journal that is forgotten with the process. */
export const memoryJournal = (): Journal => {
  const state = new State();
  return { state, add: async (entry) => state.take(entry), close: async () => {} };
};

/** Writes the file anew with what still counts, and opens it to add to. */
const rewrite = async (path: string, state: State): Promise<FileHandle> => {
  await writeFile(`${path}.new`, text(state.lines()), { flush: true, mode: 0o600 });
  await rename(`${path}.new`, path);
  return open(path, 'a');
};

/** Opens a meter's journal, without what no longer counts. */
export const openJournal = async (path: string): Promise<Journal> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const state = new State();
  for (const line of await readLines(path)) state.take(line);
  let file = await rewrite(path, state);
  let written = 0;
  let last: Promise<void> = Promise.resolve();
  const write = async (entry: JournalEntry): Promise<void> => {
    await file.appendFile(text([entry]));
    await file.datasync();
    state.take(entry);
    written += 1;
    if (written < linesBeforeRewrite) return;
    const old = file;
    file = await rewrite(path, state);
    await old.close();
    written = 0;
  };
  return {
    state,
    add: (entry) => {
      const next = last.then(() => write(entry));
      last = next.catch(() => {});
      return next;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
};
