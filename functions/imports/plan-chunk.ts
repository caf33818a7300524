import { blockLimits } from '#functions/readings/contract/block-limits.ts';
import { type Cut, cutBlocks } from '#functions/readings/contract/cut-blocks.ts';
import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { acceptBlock } from '#functions/readings/rules/accept-block.ts';
import { endOf, marksFromCodes, marksFromMethods, wholeDay } from '#functions/readings/rules/runs.ts';
import { readingsItem } from '#functions/readings/store/readings.ts';
import { meterGround } from '#shared/profile/store/meters.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { ChunkPlan } from './chunk-plan.ts';
import { KeptAside } from './kept-aside.ts';
import { isOf, isOnGrid, isReadAtOddTimes } from './odd-times.ts';
import { ReadsPlanner } from './plan-reads.ts';
import { inRegister } from './registers.ts';
import type { FileSummary, SeriesBlock, SourceError } from './rules/interval-series.ts';
import {
  type Found,
  type NoPlace,
  noPlace,
  notExact,
  notInstalled,
  placeOf,
  revisedTooOften,
  SeriesTargets,
  type Target,
} from './series-targets.ts';
import type { RegisterPlace } from './store/imported-registers.ts';
import { noCounts } from './store/imports.ts';
import type { KnownReadings, Reading, UnsettledReadings } from './unsettled-readings.ts';
import type { UnsettledReads } from './unsettled-reads.ts';

/** A reading as the file tells it, and where. */
interface ToldReading extends Reading {
  readonly block: SeriesBlock;
  readonly place: number;
}

/** What the rows of a chunk say of one register: by start of the interval, the last that was said. */
interface Told {
  readonly target: Target;
  readonly readings: Map<number, ToldReading>;
}

const lasting = (seconds: number): string => (seconds === wholeDay ? 'whole days' : `intervals of ${seconds} s`);
const otherInterval = ({ intervalSeconds }: Register, seconds: number): NoPlace =>
  noPlace(
    'register.mismatch',
    'other-interval',
    `the register has ${lasting(intervalSeconds)}, this one lasts ${seconds} s`,
  );
const offTheGrid = noPlace('register.mismatch', 'off-the-grid', 'the interval does not begin where the register’s do');

const longerThanDay = noPlace('register.mismatch', 'longer-than-a-day', 'one value stands for more than a day');
const besideValues = noPlace('register.mismatch', 'cost', 'readings hold no cost and no tier');

/** The longest local day, seconds. */
const longestDay = 90_000;

/** The largest value a block holds. */
const largest = 1_000_000_000_000;

/** Gathers what a chunk of a file says, and makes its plan. */
export class ChunkPlanner {
  readonly #targets: SeriesTargets;
  readonly #told = new Map<string, Told>();
  #lastTold: Told | undefined;
  readonly #aside = new KeptAside();
  readonly #reads = new ReadsPlanner(this.#aside);
  readonly #errors: SourceError[] = [];
  #read = 0;
  #missing = 0;
  #costs = 0;
  #byReads = 0;
  #intervals = 0;

  constructor(profile: Table) {
    this.#targets = new SeriesTargets(profile);
  }

  /** Intervals that were gathered, with a value or without, and register reads. */
  get intervals(): number {
    return this.#intervals;
  }

  fault(error: SourceError): void {
    this.#errors.push(error);
  }

  async take(block: SeriesBlock): Promise<void> {
    this.#intervals += block.intervals.length + (block.reads?.length ?? 0);
    const found = await this.#targets.of(block.series);
    const refusedRead = this.#reads.take(block, found);
    const isOdd = isReadAtOddTimes(block, found);
    for (const [place, { value, cost, tou }] of block.intervals.entries()) {
      const hasMore = cost !== undefined || tou !== undefined;
      if (hasMore) this.#costs += 1;
      if (value === null) {
        this.#missing += 1;
        if (hasMore) this.#aside.add(block, place, besideValues, 'cost');
        continue;
      }
      this.#read += 1;
      const why = isOdd ? offTheGrid : this.#place(block, place, value, found);
      if (why === undefined) {
        if (hasMore) this.#aside.add(block, place, besideValues, 'cost');
      } else if (block.advances !== true) this.#aside.add(block, place, why);
      // What a dial advanced over an odd time is no reading of its own: the reads say it.
      else if (refusedRead !== undefined) this.#aside.add(block, place, refusedRead);
      else this.#byReads += 1;
    }
  }

  summary(summary: FileSummary): void {
    this.#costs += 1;
    this.#aside.addSummary(summary);
  }

  /** The registers that the chunk speaks of. */
  *registers(): Generator<RegisterPlace> {
    for (const { target } of this.#told.values()) yield placeOf(target);
    yield* this.#reads.registers();
  }

  /** Takes in an interval with a value; answers why it has no place. */
  #place(block: SeriesBlock, place: number, value: number, found: Found): NoPlace | undefined {
    const interval = block.intervals[place];
    if (interval === undefined) throw new RangeError(`no interval ${place}`);
    const { start, seconds, quality, method = '' } = interval;
    if (seconds > longestDay && block.advances !== true) return longerThanDay;
    if ('none' in found) return found.none;
    const target = found.targets.find(({ from, to }) => from <= start && start < to);
    if (target === undefined) return notInstalled(found.targets);
    if (!isOf(target.register, start, seconds)) return otherInterval(target.register, seconds);
    const scaled = inRegister(value, block.powerOfTen, block.series.unit, target.register);
    if (scaled === undefined || Math.abs(scaled) > largest) return notExact;
    if (start % 60 !== 0 || (block.advances === true && !isOnGrid(target.register, start))) return offTheGrid;
    this.#toldOf(target).readings.set(start, { value: scaled, quality, method, block, place });
    return undefined;
  }

  /** What is told of a register; the last one is at hand, since a file tells one after the other. */
  #toldOf(target: Target): Told {
    if (this.#lastTold?.target === target) return this.#lastTold;
    const key = `${target.meter.id}\n${target.register.id}`;
    const told = this.#told.get(key) ?? { target, readings: new Map() };
    this.#told.set(key, told);
    if (told.target === target) this.#lastTold = told;
    return told;
  }

  #keepAside({ readings }: Told, starts: Iterable<number>, why: NoPlace): void {
    for (const start of starts) {
      const source = readings.get(start);
      if (source !== undefined) this.#aside.add(source.block, source.place, why);
    }
  }

  /**
   * The plan: blocks with what is not known yet, by local date as a meter cuts them.
   * @param now Unix seconds
   */
  async plan(
    unsettled: { readonly readings: UnsettledReadings; readonly reads: UnsettledReads },
    place: Pick<ChunkPlan, 'events' | 'readBytes' | 'last'>,
    now: number,
  ): Promise<{
    readonly plan: Omit<ChunkPlan, 'entries'>;
    readonly aside: KeptAside;
    /** Registers of which something was stored before. */
    readonly relies: readonly RegisterPlace[];
  }> {
    const relies: RegisterPlace[] = [];
    const writes: ChunkPlan['writes'] = [];
    let sent = 0;
    for (const told of this.#told.values()) {
      const { blocks, offGrid } = cutTold(told);
      this.#keepAside(
        told,
        offGrid.map(({ start }) => start),
        offTheGrid,
      );
      const [first, last] = [blocks[0], blocks.at(-1)];
      if (first === undefined || last === undefined) continue;
      const { meter, register } = told.target;
      const known = await unsettled.readings.of(meter.id, register.id, first.start, endOf(last));
      let isThere = false;
      for (const block of blocks) {
        const judged = judge(told, block, known, now);
        if ('reason' in judged) {
          this.#keepAside(told, startsOf(block), judged);
          continue;
        }
        isThere ||= judged.news < judged.values;
        if (judged.news === 0) continue;
        writes.push(judged.write);
        sent += judged.news;
      }
      if (isThere) relies.push(placeOf(told.target));
    }
    const { reads, counts: registerReads, relies: more } = await this.#reads.plan(unsettled.reads, now);
    const aside = this.#aside.size('value');
    const unchanged = this.#read - sent - aside - this.#byReads;
    const errors = [...this.#errors, ...this.#aside.errors()];
    return {
      plan: {
        ...place,
        writes,
        reads,
        errors: errors.sort((left, right) => left.line - right.line || left.column - right.column),
        counts: {
          ...noCounts,
          read: this.#read,
          sent,
          aside,
          unchanged,
          byReads: this.#byReads,
          missing: this.#missing,
          registerReads,
          costs: this.#costs,
          blocks: writes.length,
          errors: errors.length,
        },
      },
      aside: this.#aside,
      relies: [...relies, ...more],
    };
  }
}

const cutTold = ({ target, readings }: Told): Cut => {
  const { meter, register } = target;
  const samples = [...readings]
    .map(([start, { value }]) => ({ start, value }))
    .sort((left, right) => left.start - right.start);
  const { zone, intervalSeconds } = register;
  return cutBlocks({ meter: meter.id, register: register.id, zone, intervalSeconds }, samples);
};

function* startsOf({ start, interval, values }: UsageBlock): Generator<number> {
  for (const [place, value] of values.entries()) if (value !== null) yield start + place * interval;
}

/** Whether a block can be kept and says anything new; then as it is to be sent, with the revision that puts it first. */
const judge = (
  { target, readings }: Told,
  cut: UsageBlock,
  known: KnownReadings,
  now: number,
): NoPlace | { readonly values: number; readonly news: number; readonly write: ChunkPlan['writes'][number] } => {
  const { meter, register } = target;
  const codes = cut.values.map((_, place) => readings.get(cut.start + place * cut.interval)?.quality ?? 0);
  const marks = marksFromCodes(codes, cut.values)?.map(([index, code]): [number, number] => [index, code]);
  const named = cut.values.map((_, place) => readings.get(cut.start + place * cut.interval)?.method ?? '');
  const methods = marksFromMethods(named, cut.values)?.map(([index, method]): [number, string] => [index, method]);
  const { start, interval, values } = cut;
  const sayings = {
    ...(marks === undefined ? {} : { quality: marks }),
    ...(methods === undefined ? {} : { methods }),
  };
  const run = { start, interval, values, ...sayings };
  const verdict = acceptBlock(meterGround(meter), register.id, run, now);
  if ('reason' in verdict) return { ...verdict, message: `the readings cannot be kept (${verdict.code})` };
  let [said, news] = [0, 0];
  for (const at of startsOf(cut)) {
    said += 1;
    const [here, there] = [readings.get(at), known.at(at)];
    if (here?.value !== there?.value || here?.quality !== there?.quality || here?.method !== there?.method) news += 1;
  }
  const revision = known.nextRevision(start, endOf(run));
  if (revision > blockLimits.revision) return revisedTooOften;
  const { sk } = readingsItem(meter.id, register.id, verdict.place, revision, run);
  return {
    values: said,
    news,
    write: { sk, block: { ...cut, ...sayings, revision } },
  };
};
