import type { AbstractLevel } from 'abstract-level';
import { sequenceKey } from './level-codec.ts';

/** The one database behind a store, on disk or in memory. */
export type Level = AbstractLevel<string | Buffer | Uint8Array, string, string>;

/** Option of iterators on disk: bytes fetched at once; unknown to the memory body, which has no fetch. */
export const wideReads = { highWaterMarkBytes: 1024 * 1024 };

export type Op =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Text stored under a key as of the work before, or undefined. */
export type Before = (key: string) => string | undefined;

/** One piece of writing that takes effect whole or not at all. */
export interface Job {
  /** Every key `decide` asks for. */
  readonly reads: readonly string[];
  /** What to write; throwing refuses this job alone. */
  decide(before: Before): readonly Op[];
  /** Called right before the write that holds this job's work. */
  prepare?(): void;
  /** Called once the work is stored. */
  done?(): void | Promise<void>;
}

/** Numbers the entries of all logs of a store, ascending, also over restarts: numbers are reserved in runs ahead of use. */
export class Sequence {
  static readonly run = 100_000;
  #next: number;
  #reserved: number;

  constructor(start: number) {
    this.#next = start;
    this.#reserved = start;
  }

  /** The next position, 16 digits. */
  next(): string {
    this.#next += 1;
    return String(this.#next).padStart(16, '0');
  }

  /** The write that must go with positions handed out beyond the last run, or undefined. */
  reservation(): Op | undefined {
    if (this.#next <= this.#reserved) return undefined;
    this.#reserved = this.#next + Sequence.run;
    return { type: 'put', key: sequenceKey, value: String(this.#reserved) };
  }
}

interface Waiting {
  readonly job: Job;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes jobs in the order they come. Those that wait while a write is under way share the next one: one read of all their
 * keys, each decided on what the ones before it leave, one Level batch. Each job is whole or absent.
 */
export class LevelWriter {
  readonly sequence: Sequence;
  readonly #db: Level;
  readonly #alone: boolean;
  readonly #store: (ops: Op[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #failure: string | undefined;
  #running: Promise<void> | undefined;

  /** `store` writes one Level batch; `alone` gives each job a batch of its own. */
  constructor(
    db: Level,
    sequence: Sequence,
    options: { readonly alone: boolean; readonly store: (ops: Op[]) => Promise<void> },
  ) {
    this.#db = db;
    this.sequence = sequence;
    this.#alone = options.alone;
    this.#store = options.store;
  }

  /** Resolves when the job's work is stored. */
  write(job: Job): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Why the last write was not stored; undefined where it was. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Let all that is asked for in this turn share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#writeGroup(this.#takeGroup());
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    if (this.#alone) return this.#waiting.splice(0, 1);
    let keys = 0;
    let count = 0;
    for (const { job } of this.#waiting) {
      if (count > 0 && keys + job.reads.length > 5000) break;
      keys += job.reads.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const held: Waiting[] = [];
    try {
      const texts = await this.#readAll(group);
      const ops: Op[] = [];
      for (const waiting of group) {
        const decided = decide(waiting, texts);
        if (decided === undefined) continue;
        held.push(waiting);
        for (const op of decided) {
          texts.set(op.key, op.type === 'put' ? op.value : undefined);
          ops.push(op);
        }
      }
      await this.#finish(ops, held);
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    }
  }

  async #readAll(group: readonly Waiting[]): Promise<Map<string, string | undefined>> {
    const texts = new Map<string, string | undefined>();
    for (const { job } of group) for (const key of job.reads) texts.set(key, undefined);
    if (texts.size === 0) return texts;
    const keys = [...texts.keys()];
    const found = await this.#db.getMany(keys);
    keys.forEach((key, index) => {
      texts.set(key, found[index]);
    });
    return texts;
  }

  async #storeOrSay(ops: Op[]): Promise<void> {
    try {
      await this.#store(ops);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async #finish(ops: Op[], held: readonly Waiting[]): Promise<void> {
    const reservation = this.sequence.reservation();
    if (reservation !== undefined) ops.push(reservation);
    if (ops.length > 0) {
      for (const { job } of held) job.prepare?.();
      await this.#storeOrSay(ops);
    }
    for (const { job, resolve, reject } of held) {
      const more = job.done?.();
      if (more === undefined) resolve();
      else more.then(resolve, reject);
    }
  }
}

const decide = (waiting: Waiting, texts: Map<string, string | undefined>): readonly Op[] | undefined => {
  try {
    return waiting.job.decide((key) => texts.get(key));
  } catch (error) {
    waiting.reject(error);
    return undefined;
  }
};
