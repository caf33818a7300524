import {
  type MeasuredInterval,
  type MeasuredRead,
  type SeriesEvent,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import type { EspiFeed, NoSeries, TypedSeries } from './espi-feed.ts';
import { type EspiReading, lengthFault } from './interval-readings.ts';
import { isConflict, type OneStart, OneStarts, type Waiting } from './one-start.ts';
import type { ValueType } from './value-type.ts';

/** Readings that may wait for their reading type, and looks at those that wait. */
const [mostReadings, mostTries] = [100_000, 5_000_000];

/** What is told of readings that stay without a usage point. */
const noPoint =
  'nothing says of which usage point the readings are, and they are left out: ' +
  'have links put into the file, such as .../UsagePoint/{id}/MeterReading/{id}/IntervalBlock/{id}';

/** What is told of readings that wait, where no more are held. */
const tooMany = {
  'no-reading-type': 'too many readings come before what their values mean',
  'no-point': noPoint,
} as const satisfies Record<NoSeries, string>;

/** What a dial stood at, when its reading ended: what it showed then. A reading without a value shows nothing. */
const dialReads = (readings: readonly EspiReading[], type: ValueType): readonly MeasuredRead[] =>
  readings.flatMap(({ start, seconds, value, quality }) =>
    value === null
      ? []
      : [{ at: start + seconds, value, powerOfTen: type.powerOfTen, quality: quality ?? type.quality }],
  );

/** The use of intervals; what lasts no time is none, and told. */
function* intervalsOf(
  readings: readonly EspiReading[],
  type: ValueType,
): Generator<SeriesEvent, readonly MeasuredInterval[], undefined> {
  const intervals: MeasuredInterval[] = [];
  for (const { instantAt, ...reading } of readings) {
    if (instantAt === undefined) intervals.push({ quality: type.quality, ...reading });
    else yield lengthFault(instantAt);
  }
  return intervals;
}

/** Blocks whose reading type or usage point is not known yet: each goes out once they are. */
export class WaitingBlocks {
  readonly #feed: EspiFeed;
  readonly #typesTold = new Set<TypedSeries>();
  readonly #starts = new OneStarts();
  #waiting: Waiting[] = [];
  #readings = 0;
  #tries = 0;
  #blocks = 0;
  #lacking: NoSeries = 'no-reading-type';

  constructor(feed: EspiFeed) {
    this.#feed = feed;
  }

  /** What is missing where more waits than is held, or is looked at again and again. */
  get overflow(): { readonly code: NoSeries; readonly message: string } | undefined {
    if (this.#readings <= mostReadings && this.#tries <= mostTries) return undefined;
    return { code: this.#lacking, message: tooMany[this.#lacking] };
  }

  /** Takes in a block: it goes out at once where its type and point are known. */
  *add(waiting: Waiting): Generator<SeriesEvent, void, undefined> {
    for (const one of this.#starts.take(this.#feed.meterReadingOf(waiting.links), waiting)) yield* this.#take(one);
  }

  *#take(waiting: Waiting): Generator<SeriesEvent, void, undefined> {
    if (yield* this.#send(waiting, false)) return;
    this.#waiting.push(waiting);
    this.#readings += waiting.readings.length;
  }

  /** Sends the blocks whose reading type and point are known by now; at the end all but those of no point, which are told. */
  *settle(last: boolean): Generator<SeriesEvent, void, undefined> {
    if (last) for (const held of this.#starts.rest()) yield* this.#takeRest(held);
    if (this.#waiting.length === 0) return;
    const left: Waiting[] = [];
    for (const waiting of this.#waiting) {
      this.#tries += 1;
      if (yield* this.#send(waiting, last)) this.#readings -= waiting.readings.length;
      else left.push(waiting);
    }
    this.#waiting = left;
  }

  /** Readings of which all begin at one second: one, or the same one again, stands; others are told. */
  *#takeRest(held: OneStart): Generator<SeriesEvent, void, undefined> {
    const [first] = held.blocks;
    if (first === undefined) return;
    const found = this.#feed.seriesOf(this.#feed.meterReadingOf(first.links), held.start, true);
    if (isConflict(held, typeof found !== 'string' && found.type.isDial === true)) {
      const at = `${new Date(held.start * 1000).toISOString().slice(0, 19)}Z`;
      const message = `all ${held.count} readings begin at ${at} and contradict each other: when each was is not known; they are left out`;
      yield sourceError(first.line, 1, 'one-start', message);
    } else for (const one of held.blocks) yield* this.#take(one);
  }

  *#send({ links, readings, line }: Waiting, last: boolean): Generator<SeriesEvent, boolean, undefined> {
    const path = this.#feed.meterReadingOf(links);
    const found = this.#feed.seriesOf(path, readings[0]?.start ?? 0, last);
    if (typeof found === 'string') {
      this.#lacking = found;
      if (last) yield sourceError(line, 1, 'no-point', noPoint);
      return last;
    }
    const { series, type } = found;
    if (type.refusal !== undefined) {
      yield sourceError(line, 1, type.refusal.code, type.refusal.message);
      return true;
    }
    if (type.remark !== undefined && !this.#typesTold.has(found)) {
      this.#typesTold.add(found);
      yield sourceError(line, 1, type.remark.code, type.remark.message);
    }
    this.#blocks += 1;
    const position = { block: this.#blocks, line };
    const said =
      type.isDial === true
        ? { intervals: [], reads: dialReads(readings, type) }
        : { intervals: yield* intervalsOf(readings, type) };
    yield { block: { series, powerOfTen: type.powerOfTen, ...said, marks: [], position } };
    if (last && !this.#feed.hasType(path)) {
      const message = 'nothing says what the values mean; they are read without a unit';
      yield sourceError(line, 1, 'no-reading-type', message);
    }
    return true;
  }
}
