import { type Cut, cutBlocks } from '#shared/contracts/telemetry/cut-blocks.ts';
import type { UsageBlock } from '#shared/contracts/telemetry/usage-block.ts';
import type { SeriesBlock, SourceError } from '#shared/domain/formats/interval-series.ts';
import { acceptBlock } from '#shared/domain/metering/accept-block.ts';
import { endOf, marksFromCodes } from '#shared/domain/metering/runs.ts';
import { readingsItem } from '#shared/store/readings.ts';
import type { Table } from '#shared/store/table.ts';
import type { ChunkPlan } from './chunk-plan.ts';
import { KeptAside } from './kept-aside.ts';
import { inRegister } from './registers.ts';
import { type NoPlace, SeriesTargets, type Target } from './series-targets.ts';
import type { KnownReadings, Reading, UnsettledReadings } from './unsettled-readings.ts';

/** What the rows of a chunk say of one register: by start of the interval, the last that was said. */
interface Told {
  readonly target: Target;
  readonly readings: Map<number, Reading>;
}

const noPlace = (reason: NoPlace['reason'], code: string, message: string): NoPlace => ({ reason, code, message });
const notInstalled = noPlace('meter.not-installed', 'not-installed', 'no meter was installed then');
const otherInterval = noPlace('register.mismatch', 'other-interval', 'the register has intervals of another length');
const notExact = noPlace('register.mismatch', 'not-exact', 'the register cannot hold the value without rounding it');
const offTheGrid = noPlace('register.mismatch', 'off-the-grid', 'the interval does not begin where the register’s do');

/** The largest value a block holds. */
const largest = 1_000_000_000_000;

/** Gathers what a chunk of a file says, and makes its plan. */
export class ChunkPlanner {
  readonly #targets: SeriesTargets;
  readonly #told = new Map<string, Told>();
  /** Where each interval was told last. */
  readonly #sources = new Map<string, { readonly block: SeriesBlock; readonly place: number }>();
  readonly #aside = new KeptAside();
  readonly #errors: SourceError[] = [];
  #read = 0;
  #intervals = 0;

  constructor(profile: Table) {
    this.#targets = new SeriesTargets(profile);
  }

  /** Intervals that were gathered, with a value or without. */
  get intervals(): number {
    return this.#intervals;
  }

  fault(error: SourceError): void {
    this.#errors.push(error);
  }

  async take(block: SeriesBlock): Promise<void> {
    this.#intervals += block.intervals.length;
    const found = await this.#targets.of(block.series);
    for (const [place, { start, seconds, value, quality }] of block.intervals.entries()) {
      if (value === null) continue;
      this.#read += 1;
      if ('none' in found) {
        this.#aside.add(block, place, found.none);
        continue;
      }
      const target = found.targets.find(({ from, to }) => from <= start && start < to);
      const scaled = target && inRegister(value, block.powerOfTen, block.series.unit, target.register);
      if (target === undefined) this.#aside.add(block, place, notInstalled);
      else if (seconds !== target.register.intervalSeconds) this.#aside.add(block, place, otherInterval);
      else if (scaled === undefined || Math.abs(scaled) > largest) this.#aside.add(block, place, notExact);
      else if (start % 60 !== 0) this.#aside.add(block, place, offTheGrid);
      else this.#tell(target, start, { value: scaled, quality }, block, place);
    }
  }

  #tell(target: Target, start: number, reading: Reading, block: SeriesBlock, place: number): void {
    const key = `${target.meter.id}\n${target.register.id}`;
    const told = this.#told.get(key) ?? { target, readings: new Map() };
    this.#told.set(key, told);
    told.readings.set(start, reading);
    this.#sources.set(`${key}\n${start}`, { block, place });
  }

  #keepAside(key: string, starts: Iterable<number>, why: NoPlace): void {
    for (const start of starts) {
      const source = this.#sources.get(`${key}\n${start}`);
      if (source !== undefined) this.#aside.add(source.block, source.place, why);
    }
  }

  /**
   * The plan: blocks with what is not known yet, by local date as a meter cuts them.
   * @param now Unix seconds
   */
  async plan(
    unsettled: UnsettledReadings,
    place: Pick<ChunkPlan, 'events' | 'readBytes' | 'last'>,
    now: number,
  ): Promise<{ readonly plan: Omit<ChunkPlan, 'entries'>; readonly aside: KeptAside }> {
    const writes: ChunkPlan['writes'] = [];
    let sent = 0;
    for (const [key, told] of this.#told) {
      const { blocks, offGrid } = cutTold(told);
      this.#keepAside(
        key,
        offGrid.map(({ start }) => start),
        offTheGrid,
      );
      const [first, last] = [blocks[0], blocks.at(-1)];
      if (first === undefined || last === undefined) continue;
      const { meter, register } = told.target;
      const known = await unsettled.of(meter.id, register.id, first.start, endOf(last));
      for (const block of blocks) {
        const judged = judge(told, block, known, now);
        if ('reason' in judged) this.#keepAside(key, startsOf(block), judged);
        else if (judged.news > 0) {
          writes.push(judged.write);
          sent += judged.news;
        }
      }
    }
    const aside = this.#aside.size;
    return {
      plan: {
        ...place,
        writes,
        errors: [...this.#errors, ...this.#aside.errors()].sort(
          (left, right) => left.line - right.line || left.column - right.column,
        ),
        counts: { read: this.#read, sent, aside, unchanged: this.#read - sent - aside },
      },
      aside: this.#aside,
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
): NoPlace | { readonly news: number; readonly write: ChunkPlan['writes'][number] } => {
  const { meter, register } = target;
  const codes = cut.values.map((_, place) => readings.get(cut.start + place * cut.interval)?.quality ?? 0);
  const marks = marksFromCodes(codes, cut.values)?.map(([index, code]): [number, number] => [index, code]);
  const { start, interval, values } = cut;
  const run = { start, interval, values, ...(marks === undefined ? {} : { quality: marks }) };
  const verdict = acceptBlock(meter, register.id, run, now);
  if ('reason' in verdict) return { ...verdict, message: `the readings cannot be kept (${verdict.code})` };
  let news = 0;
  for (const at of startsOf(cut)) {
    const [said, there] = [readings.get(at), known.at(at)];
    if (said?.value !== there?.value || said?.quality !== there?.quality) news += 1;
  }
  const revision = known.nextRevision(start, endOf(run));
  const { sk } = readingsItem(meter.id, register.id, verdict.place, revision, run);
  return { news, write: { sk, block: { ...cut, ...(marks === undefined ? {} : { quality: marks }), revision } } };
};
