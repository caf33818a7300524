import { cutBlocks, type Sample, type Series } from '#functions/readings/contract/cut-blocks.ts';
import { type BlockCodec, blockCodecs, type UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { localDays, midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import type { Journal } from './journal.ts';
import type { Pace } from './pace.ts';
import { slotOf } from './slot.ts';

/** What a meter needs of its line; see `connection.ts`. */
export interface Line {
  publish(topic: string, payload: Uint8Array): Promise<void>;
}

export interface MeterOptions extends Series {
  readonly topic: string;
  readonly line: Line;
  readonly journal: Journal;
  readonly pace: Pace;
  /** Reads the sensor: what was measured from `start` on for one interval, in the register's scale; null where it failed. */
  readonly measure: (start: number, seconds: number) => number | null;
  /** Sends each interval as it closes, besides the day in its slot. */
  readonly live: boolean;
  /** Form of its messages; JSON where absent. */
  readonly codec?: BlockCodec;
  /** Told of what went wrong with the line; the block stays in the journal and is sent again. */
  readonly onTrouble?: (error: unknown) => void;
  /** Told of each acknowledged block. */
  readonly onAcknowledged?: (block: UsageBlock) => void;
}

/** Most blocks that wait for their acknowledgement at once. */
const inFlight = 100;

const wholeDay = (zone: string, interval: number, block: UsageBlock): boolean =>
  block.start === midnightBefore(zone, block.start) &&
  block.start + block.values.length * interval >= nextMidnight(zone, block.start);

/**
 * A meter: samples its register each interval, keeps everything on disk until it is acknowledged, sends each day as one block in
 * its slot of the night with the original times, and in live mode each interval as it closes. `record` and `tick` are called one
 * after the other.
 */
export class Meter {
  readonly #options: MeterOptions;
  readonly #sending = new Set<number>();
  #sends: Promise<void> = Promise.resolve();

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** Keeps what was measured in one interval; live, it is on its way when this resolves. */
  async record(sample: Sample): Promise<void> {
    const { journal, live } = this.#options;
    await journal.add({ sample: [sample.start, sample.value] });
    if (!live) return;
    const [block] = this.#cut([sample]);
    if (block !== undefined) await journal.add({ block });
    this.flush();
  }

  /** Cuts the days whose slot has come, and sends what waits. */
  async tick(): Promise<void> {
    const { journal, pace, zone, live } = this.#options;
    const now = Math.floor(pace.now() / 1000);
    const samples = journal.state.samples;
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined) return this.flush();
    for (const day of localDays(zone, first.start, last.start + 1)) {
      if (now < day.to + slotOf(this.#options.meter)) break;
      const blocks = this.#cut(samples.filter(({ start }) => start >= day.from && start < day.to));
      for (const [index, block] of blocks.entries()) {
        // A part of a day may begin where a live block did: other content under the same start is a new revision.
        const revised = live && !wholeDay(zone, block.interval, block) ? { ...block, revision: 1 } : block;
        await journal.add(index === blocks.length - 1 ? { block: revised, done: day.to } : { block: revised });
      }
    }
    this.flush();
  }

  /** Sends what is not under way yet, oldest first. */
  flush(): void {
    for (const block of this.#options.journal.state.outbox) {
      if (this.#sending.size >= inFlight) return;
      if (this.#sending.has(block.seq)) continue;
      this.#sending.add(block.seq);
      this.#sends = Promise.all([this.#sends, this.#send(block)]).then(() => {});
    }
  }

  /** Resolves when everything in the outbox was acknowledged, or failed once. */
  async settle(): Promise<void> {
    for (let before = -1; this.#sending.size > 0 || this.#waiting() !== before; ) {
      before = this.#waiting();
      this.flush();
      await this.#sends;
    }
  }

  /** Runs until the signal ends it: samples at each end of an interval, sends at each slot. */
  async run(signal: AbortSignal): Promise<void> {
    const { pace, intervalSeconds, zone, measure } = this.#options;
    await this.tick();
    while (!signal.aborted) {
      const now = Math.floor(pace.now() / 1000);
      const midnight = midnightBefore(zone, now);
      const start = midnight + Math.floor((now - midnight) / intervalSeconds) * intervalSeconds;
      const end = Math.min(start + intervalSeconds, nextMidnight(zone, now));
      await pace.until(Math.min(end, this.#nextSlot() ?? end) * 1000, signal);
      if (signal.aborted) break;
      if (pace.now() >= end * 1000) await this.record({ start, value: measure(start, intervalSeconds) });
      await this.tick();
    }
    await this.#sends;
  }

  /** When the oldest day that was not sent is due, Unix seconds. */
  #nextSlot(): number | undefined {
    const { journal, meter, zone } = this.#options;
    const [oldest] = journal.state.samples;
    return oldest === undefined ? undefined : nextMidnight(zone, oldest.start) + slotOf(meter);
  }

  #waiting(): number {
    return this.#options.journal.state.outbox.length;
  }

  #cut(samples: readonly Sample[]): readonly UsageBlock[] {
    return cutBlocks(this.#options, samples, this.#options.journal.state.nextSeq).blocks;
  }

  async #send(block: UsageBlock): Promise<void> {
    const { line, topic, journal, codec = 'json', onTrouble, onAcknowledged } = this.#options;
    try {
      await line.publish(topic, blockCodecs[codec](block));
      await journal.add({ acknowledged: block.seq });
      onAcknowledged?.(block);
    } catch (error) {
      onTrouble?.(error);
    } finally {
      this.#sending.delete(block.seq);
    }
  }
}
