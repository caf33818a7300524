import { setTimeout as sleepFor } from 'node:timers/promises';
import { encodeFailedBatch, type FailedBatch, failedBatchName } from '#shared/messaging/failed-batch.ts';
import { type GivenUp, nextSteps, type Part } from '#shared/messaging/failed-part.ts';
import type { LocalLog, Objects, Positions } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';

/**
 * Lambda's event source mapping over a log on this machine: one loop per shard hands batches to a function in order; a partial
 * failure keeps what went before it, a thrown error halves the batch, a record that keeps failing goes whole to the failure
 * destination after its bounded attempts, and the shard goes on. At least once: a position is stored after its records.
 */

export interface SourceRecord<Entry> {
  readonly position: string;
  readonly entry: Entry;
}

export interface SourceBatch<Entry> {
  readonly shard: number;
  readonly records: readonly SourceRecord<Entry>[];
}

export interface EventSourceOptions<Entry> {
  /** Name under which positions are kept; never change it. */
  readonly consumer: string;
  readonly log: LocalLog<Entry>;
  readonly positions: Positions;
  /**
   * The function. Answers the positions that failed (all from the lowest on run again), or throws where the whole batch failed.
   * A position that is not of the batch counts as a failure of the whole, as in Lambda.
   */
  readonly invoke: (batch: SourceBatch<Entry>) => Promise<readonly string[]>;
  /** When the record arrived, milliseconds since 1970. */
  readonly arrivedAt: (entry: Entry) => number;
  readonly failures: Objects;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Most records of a batch; 100. */
  readonly batchSize?: number;
  /** How long a batch that is not full waits for more; 0. */
  readonly windowMs?: number;
  /** Attempts after the first; 5. */
  readonly retries?: number;
  /** Older records are given up at their first failure; 12 hours. */
  readonly maxAgeMs?: number;
  /** Whether a failing batch is split to find the record at fault; true. */
  readonly bisect?: boolean;
  /** First wait after a failure, doubled with each one in a row, at most 60 times; 100 ms. */
  readonly backoffMs?: number;
  /** Told after each stored position, e.g. to trim a log that has no other reader. */
  readonly consumed?: (shard: number, position: string) => Promise<void>;
}

export interface EventSource {
  /** Resolves when everything appended before the call has been consumed or given up; rejects when stopped meanwhile. */
  drain(): Promise<void>;
  /** Finishes the invocation in flight and stops; what was not consumed is handed out again by the next start. */
  stop(): Promise<void>;
}

interface Outcome {
  /** How many leading records are done. */
  readonly done: number;
  readonly error: Error | undefined;
  /** Whether the function named the failed record, so that splitting need not search. */
  readonly named: boolean;
}

const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Someone who waits for a read that begins later than the one numbered `after` and finds nothing. */
interface Waiter {
  readonly after: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class ShardLoop<Entry> {
  readonly #options: EventSourceOptions<Entry>;
  readonly #shard: number;
  readonly #stopping: AbortController;
  readonly #running: Promise<void>;
  #waiters: Waiter[] = [];
  #reads = 0;
  #failuresInRow = 0;
  #appended = false;
  #wake: () => void = () => {};

  constructor(options: EventSourceOptions<Entry>, shard: number) {
    this.#options = options;
    this.#shard = shard;
    this.#stopping = new AbortController();
    this.#running = this.#run();
  }

  notify(): void {
    this.#appended = true;
    this.#wake();
  }

  drain(): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.reject(new Error('the event source is stopped'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ after: this.#reads, resolve, reject });
      this.notify();
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error('the event source was stopped'));
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#consume();
      } catch (thrown) {
        // The log, the positions or the failure destination failed: begin again at the stored position.
        const { consumer, logger, metrics } = this.#options;
        metrics.count('source.interrupted', { consumer });
        logger.error('source.interrupted', { consumer, shard: this.#shard, cause: errorOf(thrown).message });
        await this.#backOff();
      }
    }
  }

  async #consume(): Promise<void> {
    const { positions, consumer, batchSize = 100, windowMs = 0 } = this.#options;
    let position = await positions.get(consumer, this.#shard);
    while (!this.#stopped) {
      let records = await this.#read(position);
      if (records.length === 0) {
        await this.#wait(undefined);
        continue;
      }
      if (records.length < batchSize && windowMs > 0 && this.#waiters.length === 0) {
        await this.#wait(windowMs);
        records = await this.#read(position);
      }
      position = (await this.#hand(records)) ?? position;
    }
  }

  /** Reads the next records; where there are none, all is consumed that was there when the read began. */
  async #read(position: string | undefined): Promise<readonly SourceRecord<Entry>[]> {
    this.#appended = false;
    this.#reads += 1;
    const number = this.#reads;
    const records = await this.#options.log.read(this.#shard, position, this.#options.batchSize ?? 100);
    if (records.length > 0) return records;
    const waiting = this.#waiters;
    this.#waiters = waiting.filter((waiter) => waiter.after >= number);
    for (const waiter of waiting) if (waiter.after < number) waiter.resolve();
    return records;
  }

  /** Waits for an append (no limit given) or for a window that only a drain or a stop cuts short. */
  async #wait(limit: number | undefined): Promise<void> {
    const over = (): boolean => this.#stopped || this.#waiters.length > 0 || (limit === undefined && this.#appended);
    if (over()) return;
    await new Promise<void>((resolve) => {
      const timer = limit === undefined ? undefined : setTimeout(resolve, limit);
      this.#wake = () => {
        if (!over()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  /** Hands a batch over until each record is consumed or given up; answers the last stored position. */
  async #hand(batch: readonly SourceRecord<Entry>[]): Promise<string | undefined> {
    const parts: Part<SourceRecord<Entry>>[] = [{ records: batch, attempts: 0 }];
    let stored: string | undefined;
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      if (this.#stopped) return stored;
      const outcome = await this.#invoke(part.records);
      const last = part.records[outcome.done - 1];
      if (last !== undefined) {
        stored = last.position;
        await this.#checkpoint(stored);
      }
      if (outcome.error === undefined) continue;
      const failed = {
        records: part.records.slice(outcome.done),
        attempts: (outcome.done > 0 ? 0 : part.attempts) + 1,
      };
      const { givenUp, next } = nextSteps(failed, outcome.named, this.#limits());
      if (givenUp !== undefined) stored = await this.#giveUp(givenUp, outcome.error);
      else await this.#backOff();
      parts.unshift(...next);
    }
    return stored;
  }

  async #invoke(records: readonly SourceRecord<Entry>[]): Promise<Outcome> {
    const { consumer, invoke, metrics, logger } = this.#options;
    metrics.count('source.invoked', { consumer });
    try {
      const failed = await invoke({ shard: this.#shard, records });
      if (failed.length === 0) {
        this.#failuresInRow = 0;
        return { done: records.length, error: undefined, named: false };
      }
      const places = failed.map((position) => records.findIndex((record) => record.position === position));
      if (places.includes(-1)) throw new Error('the function reported a record that is not of its batch');
      const done = Math.min(...places);
      if (done > 0) this.#failuresInRow = 0;
      metrics.count('source.failed', { consumer });
      return { done, error: new Error('the function reported the record as failed'), named: true };
    } catch (thrown) {
      const error = errorOf(thrown);
      metrics.count('source.failed', { consumer });
      logger.warn('source.failed', { consumer, shard: this.#shard, records: records.length, cause: error.name });
      return { done: 0, error, named: false };
    }
  }

  #limits() {
    const { retries = 5, maxAgeMs = 12 * 3_600_000, bisect = true, clock, arrivedAt } = this.#options;
    const oldest = clock.now() - maxAgeMs;
    return { retries, bisect, isOld: (record: SourceRecord<Entry>) => arrivedAt(record.entry) < oldest };
  }

  async #giveUp(part: GivenUp<SourceRecord<Entry>>, error: Error): Promise<string> {
    const { consumer, log, failures, clock, metrics, logger } = this.#options;
    const { records, attempts, reason } = part;
    const last = records.at(-1);
    if (last === undefined) throw new TypeError('nothing to give up');
    const batch: FailedBatch = {
      consumer,
      log: log.name,
      shard: this.#shard,
      reason,
      attempts,
      error: { name: error.name, message: error.message },
      failedAt: new Date(clock.now()).toISOString(),
      records,
    };
    await failures.put(failedBatchName(batch), encodeFailedBatch(batch));
    metrics.count('source.given-up', { consumer }, records.length);
    logger.error('source.given-up', { consumer, shard: this.#shard, records: records.length, reason });
    this.#failuresInRow = 0;
    await this.#checkpoint(last.position);
    return last.position;
  }

  async #checkpoint(position: string): Promise<void> {
    await this.#options.positions.set(this.#options.consumer, this.#shard, position);
    await this.#options.consumed?.(this.#shard, position);
  }

  async #backOff(): Promise<void> {
    const { backoffMs = 100 } = this.#options;
    const wait = Math.min(backoffMs * 2 ** this.#failuresInRow, backoffMs * 60);
    this.#failuresInRow = Math.min(this.#failuresInRow + 1, 30);
    const { signal } = this.#stopping;
    await sleepFor(wait, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Starts handing out the records of a log. */
export const startEventSource = <Entry>(options: EventSourceOptions<Entry>): EventSource => {
  const loops = Array.from({ length: options.log.shards }, (_, shard) => new ShardLoop(options, shard));
  const stopListening = options.log.onAppend(() => {
    for (const loop of loops) loop.notify();
  });
  return {
    drain: async () => {
      await Promise.all(loops.map((loop) => loop.drain()));
    },
    stop: async () => {
      stopListening();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
};
