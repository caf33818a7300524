import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { codesFromMarks, coveredUntil, endOf, methodsFromMarks, runOf } from '#functions/readings/rules/runs.ts';
import { readBlocks } from '#functions/readings/store/readings.ts';
import type { Table } from '#shared/table/table.ts';

/** A value with its ESPI code of quality. */
export interface Reading {
  readonly value: number;
  readonly quality: number;
  /** How it came about, where its source said more of that than the code; empty where not. */
  readonly method: string;
}

const seriesKey = (meter: string, register: string): string => `${meter}\n${register}`;

/** Readings of a register over a range: what meters and files said, without corrections and estimates. */
export interface KnownReadings {
  readonly at: (start: number) => Reading | undefined;
  /** The revision that goes before all that is known of [from, to). A file never takes 0: that is a meter's own. */
  readonly nextRevision: (from: number, to: number) => number;
}

/**
 * What is stored, and what was sent and is not stored yet: the stream takes its time, and what a later part of a file says is
 * held against what an earlier part said.
 */
export class UnsettledReadings {
  readonly #readings: Table;
  readonly #sent = new Map<string, Map<string, RankedBlock>>();
  #size = 0;

  constructor(readings: Table) {
    this.#readings = readings;
  }

  /** Blocks that were sent and not seen in the table. */
  get size(): number {
    return this.#size;
  }

  /** Puts down a block that is sent. */
  add(sk: string, block: UsageBlock): void {
    const key = seriesKey(block.meter, block.register);
    const blocks = this.#sent.get(key) ?? new Map<string, RankedBlock>();
    this.#sent.set(key, blocks);
    if (!blocks.has(sk)) this.#size += 1;
    blocks.set(sk, { kind: 'actual', revision: block.revision, order: sk, run: runOf(block) });
  }

  /** What is known of a register over [from, to), Unix seconds. */
  async of(meter: string, register: string, from: number, to: number): Promise<KnownReadings> {
    const stored = await readBlocks(this.#readings, meter, register, from, to);
    const sent = this.#sent.get(seriesKey(meter, register)) ?? new Map<string, RankedBlock>();
    const told = stored.filter(({ kind, order }) => (kind === 'actual' || kind === 'supplement') && !sent.has(order));
    const blocks = [...told, ...sent.values()];
    const known = new Map<number, Reading>();
    for (const run of mergeBlocks(blocks)) {
      const codes = codesFromMarks(run.quality ?? [], run.values.length);
      const methods = methodsFromMarks(run.methods, run.values.length);
      for (const [place, value] of run.values.entries())
        if (value !== null)
          known.set(run.start + place * run.interval, {
            value,
            quality: codes[place] ?? 0,
            method: methods[place] ?? '',
          });
    }
    return {
      at: (start) => known.get(start),
      nextRevision: (first, end) =>
        blocks.reduce(
          (next, { revision, run }) =>
            run.start < end && first < coveredUntil(run) ? Math.max(next, revision + 1) : next,
          1,
        ),
    };
  }

  /** Looks which of what was sent is stored by now; answers how much is not. */
  async settle(): Promise<number> {
    for (const [key, blocks] of this.#sent) {
      const [meter = '', register = ''] = key.split('\n');
      const runs = [...blocks.values()].map(({ run }) => run);
      const from = runs.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
      const to = runs.reduce((most, run) => Math.max(most, endOf(run)), 0);
      for (const { order } of await readBlocks(this.#readings, meter, register, from, to))
        if (blocks.delete(order)) this.#size -= 1;
      if (blocks.size === 0) this.#sent.delete(key);
    }
    return this.#size;
  }
}
