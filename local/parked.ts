import * as z from 'zod';
import { decodeFailedBatch } from '#shared/messaging/failed-batch.ts';
import type { Objects, SetAside } from '#shared/messaging/ports.ts';

/** A record that was given up, whole. */
export interface ParkedRecord {
  readonly position: string;
  readonly entry: unknown;
}

/** Takes parked records in again; answers the positions that failed, or throws where all did. */
export type Taker = (records: readonly ParkedRecord[]) => Promise<readonly string[]>;

const failures = 'failures/';
const deadLetters = 'dead-letters/';
/** Beside an object that was taken in again lies a mark under this folder: what was parked is never deleted. */
const done = 'redriven/';

const Letter = z.object({ event: z.object({ id: z.string() }).loose() });

export interface Redriven {
  readonly tried: number;
  readonly placed: number;
  /** Where to go on, where time was over before all were tried. */
  readonly next?: string;
}

/** What readers of streams, feeds and buses gave up after their attempts, and how it is taken in again. */
export class ParkedRecords implements SetAside {
  readonly #objects: Objects;
  readonly #takers = new Map<string, Taker>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** `consumer` is the name of the event source, or `<bus>/<rule>` of a rule. */
  on(consumer: string, taker: Taker): void {
    this.#takers.set(consumer, taker);
  }

  async #waiting(): Promise<readonly string[]> {
    const [parked, letters, marks] = await Promise.all(
      [failures, deadLetters, done].map((prefix) => this.#objects.list(prefix)),
    );
    const redriven = new Set(marks);
    return [...(parked ?? []), ...(letters ?? [])].filter((name) => !redriven.has(`${done}${name}`));
  }

  async #take(name: string): Promise<boolean> {
    const bytes = await this.#objects.get(name);
    if (bytes === undefined) return false;
    if (name.startsWith(failures)) {
      const batch = decodeFailedBatch(bytes);
      const taker = this.#takers.get(batch.consumer);
      return taker !== undefined && (await taker(batch.records)).length === 0;
    }
    const taker = this.#takers.get(name.split('/').slice(1, 3).join('/'));
    const { event } = Letter.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return taker !== undefined && (await taker([{ position: event.id, entry: event }])).length === 0;
  }

  /** Objects that wait to be taken in again. */
  async count(): Promise<number> {
    return (await this.#waiting()).length;
  }

  /** Tries each once more; what fails again stays as it is. */
  async redrive(from?: string, isOver: () => boolean = () => false): Promise<Redriven> {
    const waiting = (await this.#waiting()).toSorted().filter((name) => from === undefined || name > from);
    let [tried, placed] = [0, 0];
    for (const name of waiting) {
      tried += 1;
      // A record that fails again has not been lost: it stays parked, and the next one is tried.
      if (await this.#take(name).catch(() => false)) {
        await this.#objects.put(`${done}${name}`, new TextEncoder().encode('{}'));
        placed += 1;
      }
      if (tried < waiting.length && isOver()) return { tried, placed, next: name };
    }
    return { tried, placed };
  }
}
