import type { QualityCode } from '#shared/vocabulary/measures.ts';
import type { Decimal } from '../decimals.ts';
import { type MeasuredInterval, type MeasuredSeries, type SeriesEvent, sourceError } from '../interval-series.ts';
import { scaleValues } from '../scale-values.ts';

/** An interval before its block is scaled. */
export interface ReadInterval {
  readonly start: number;
  readonly seconds: number;
  readonly value: Decimal | null;
  readonly quality: QualityCode;
  readonly tou?: number;
}
/** A series of a file, and the power of ten between the unit written and the unit counted in. */
export interface CollectedSeries {
  readonly series: MeasuredSeries;
  readonly shift: number;
}

/** Intervals that make one block at most, and that are held for all series. */
const [blockSize, mostHeld] = [1000, 50_000];

/** Makes blocks of intervals that come one by one, for many series at a time. */
export class SeriesCollector {
  readonly #open = new Map<CollectedSeries, ReadInterval[]>();
  #held = 0;
  #blocks = 0;

  *add(series: CollectedSeries, interval: ReadInterval, line: number): Generator<SeriesEvent, void, undefined> {
    let open = this.#open.get(series);
    if (open === undefined) {
      open = [];
      this.#open.set(series, open);
    }
    open.push(interval);
    this.#held += 1;
    if (open.length >= blockSize) yield* this.#send(series, line);
    else if (this.#held >= mostHeld) yield* this.end(line);
  }

  /** Sends what is held. */
  *end(line: number): Generator<SeriesEvent, void, undefined> {
    for (const series of [...this.#open.keys()]) yield* this.#send(series, line);
  }

  *#send(series: CollectedSeries, line: number): Generator<SeriesEvent, void, undefined> {
    const intervals = this.#open.get(series) ?? [];
    this.#open.delete(series);
    this.#held -= intervals.length;
    yield* this.#scaled(series, intervals, line);
  }

  /** One block where one scale holds all values, else halves of it. */
  *#scaled(
    of: CollectedSeries,
    intervals: readonly ReadInterval[],
    line: number,
  ): Generator<SeriesEvent, void, undefined> {
    const values = intervals.map(({ value }) => value);
    const scaled = scaleValues(values, of.shift);
    if (scaled === undefined) {
      const half = intervals.length >>> 1;
      if (half === 0) {
        yield sourceError(line, 1, 'too-many-digits', 'a value has more digits than are kept; it is left out');
        return;
      }
      yield* this.#scaled(of, intervals.slice(0, half), line);
      yield* this.#scaled(of, intervals.slice(half), line);
      return;
    }
    this.#blocks += 1;
    const position = { block: this.#blocks, line };
    const measured: MeasuredInterval[] = intervals.map((interval, at) => ({
      ...interval,
      value: scaled.values[at] ?? null,
    }));
    yield { block: { series: of.series, powerOfTen: scaled.powerOfTen, intervals: measured, marks: [], position } };
  }
}
