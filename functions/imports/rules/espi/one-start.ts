import type { EspiReading } from './interval-readings.ts';
import type { EntryLinks } from './resources.ts';

/** Readings of one block, as they wait for what their values mean. */
export interface Waiting {
  readonly links: EntryLinks;
  readonly readings: readonly EspiReading[];
  readonly line: number;
}

/** Blocks of one meter reading that all begin at one second so far. */
export interface OneStart {
  readonly start: number;
  readonly blocks: readonly Waiting[];
  readonly count: number;
}

/** Blocks that are held of one meter reading: of more it is only counted how many readings they have. */
const mostHeld = 1000;

const startsAt = (readings: readonly EspiReading[], start: number): boolean =>
  readings.every((reading) => reading.start === start);

/**
 * Holds the first blocks of each meter reading back while all their readings begin at one second: where no other comes, the maker has
 * written the same start into each, and when they were is not known.
 */
export class OneStarts {
  readonly #held = new Map<string, OneStart>();
  readonly #passed = new Set<string>();

  /** Blocks that may go on now. `path` names the meter reading, where the block says it. */
  take(path: string | undefined, waiting: Waiting): readonly Waiting[] {
    const key = path ?? `line ${waiting.line}`;
    const start = this.#held.get(key)?.start ?? waiting.readings[0]?.start;
    if (start === undefined || this.#passed.has(key)) return [waiting];
    const held = this.#held.get(key)?.blocks ?? [];
    if (!startsAt(waiting.readings, start)) {
      this.#held.delete(key);
      this.#passed.add(key);
      return [...held, waiting];
    }
    const count = (this.#held.get(key)?.count ?? 0) + waiting.readings.length;
    this.#held.set(key, { start, count, blocks: held.length < mostHeld ? [...held, waiting] : held });
    return [];
  }

  /** What is held at the end of the file. */
  rest(): readonly OneStart[] {
    const rest = [...this.#held.values()];
    this.#held.clear();
    return rest;
  }
}

/** Whether readings that begin at one second contradict each other; of a dial, those that end at one second. */
export const isConflict = ({ blocks }: OneStart, isDial: boolean): boolean => {
  const readings = blocks.flatMap((block) => block.readings);
  const told = new Set(readings.map(({ seconds, value }) => `${seconds} ${value}`));
  const ends = new Set(readings.map(({ seconds }) => seconds));
  return told.size > (isDial ? ends.size : 1);
};
