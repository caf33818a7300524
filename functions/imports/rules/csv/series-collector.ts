import type { Decimal } from '#functions/imports/rules/decimals.ts';
import {
  type MeasuredInterval,
  type MeasuredRead,
  type MeasuredSeries,
  type SeriesEvent,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import { scaleValues } from '#functions/imports/rules/scale-values.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';

/** An interval before its block is scaled. */
export interface ReadInterval {
  readonly start: number;
  readonly seconds: number;
  readonly value: Decimal | null;
  readonly quality: QualityCode;
  readonly tou?: number;
}
/** What a register showed, before it is scaled, and where the file says so. */
export interface ReadState {
  readonly at: number;
  readonly value: Decimal;
  readonly quality: QualityCode;
  readonly line: number;
  readonly column: number;
}
/** A series of a file, and the power of ten between the unit written and the unit counted in. */
export interface CollectedSeries {
  readonly series: MeasuredSeries;
  readonly shift: number;
}

/** Intervals (or states) that make one block at most, and that are held for all series. */
const [blockSize, mostHeld] = [1000, 50_000];

/** What waits of a series. */
interface Open {
  readonly intervals: ReadInterval[];
  readonly reads: MeasuredRead[];
}

/** Makes blocks of intervals that come one by one, for many series at a time. */
export class SeriesCollector {
  readonly #open = new Map<CollectedSeries, Open>();
  readonly #ofStates = new Set<CollectedSeries>();
  #held = 0;
  #blocks = 0;

  *add(series: CollectedSeries, interval: ReadInterval, line: number): Generator<SeriesEvent, void, undefined> {
    const open = this.#openOf(series);
    open.intervals.push(interval);
    yield* this.#sendWhereFull(series, open, line);
  }

  /** Adds what a register showed; the intervals of its series are then what it advanced between such states. */
  *addState(series: CollectedSeries, state: ReadState): Generator<SeriesEvent, void, undefined> {
    const { at, value, quality, line, column } = state;
    const scaled = scaleValues([value], series.shift);
    const [only] = scaled?.values ?? [];
    if (scaled === undefined || typeof only !== 'number') {
      const message = 'the state has more digits than are kept; it is no register read';
      yield sourceError(line, column, 'too-many-digits', message);
      return;
    }
    this.#ofStates.add(series);
    const open = this.#openOf(series);
    open.reads.push({ at, value: only, powerOfTen: scaled.powerOfTen, quality });
    yield* this.#sendWhereFull(series, open, line);
  }

  #openOf(series: CollectedSeries): Open {
    const known = this.#open.get(series);
    if (known !== undefined) return known;
    const open: Open = { intervals: [], reads: [] };
    this.#open.set(series, open);
    return open;
  }

  *#sendWhereFull(series: CollectedSeries, open: Open, line: number): Generator<SeriesEvent, void, undefined> {
    this.#held += 1;
    if (Math.max(open.intervals.length, open.reads.length) >= blockSize) yield* this.#send(series, line);
    else if (this.#held >= mostHeld) yield* this.end(line);
  }

  /** Sends what is held. */
  *end(line: number): Generator<SeriesEvent, void, undefined> {
    for (const series of [...this.#open.keys()]) yield* this.#send(series, line);
  }

  *#send(series: CollectedSeries, line: number): Generator<SeriesEvent, void, undefined> {
    const { intervals, reads } = this.#openOf(series);
    this.#open.delete(series);
    this.#held -= intervals.length + reads.length;
    yield* this.#scaled(series, intervals, reads, line);
  }

  /** One block where one scale holds all values, else halves of it. */
  *#scaled(
    of: CollectedSeries,
    intervals: readonly ReadInterval[],
    reads: readonly MeasuredRead[],
    line: number,
  ): Generator<SeriesEvent, void, undefined> {
    const values = intervals.map(({ value }) => value);
    const scaled = scaleValues(values, of.shift);
    if (scaled === undefined) {
      const half = intervals.length >>> 1;
      if (half === 0) {
        yield sourceError(line, 1, 'too-many-digits', 'a value has more digits than are kept; it is left out');
        if (reads.length > 0) yield* this.#scaled(of, [], reads, line);
        return;
      }
      yield* this.#scaled(of, intervals.slice(0, half), reads, line);
      yield* this.#scaled(of, intervals.slice(half), [], line);
      return;
    }
    this.#blocks += 1;
    const position = { block: this.#blocks, line };
    const measured: MeasuredInterval[] = intervals.map((interval, at) => ({
      ...interval,
      value: scaled.values[at] ?? null,
    }));
    const told = { ...(reads.length === 0 ? {} : { reads }), ...(this.#ofStates.has(of) ? { advances: true } : {}) };
    const { powerOfTen } = scaled;
    yield { block: { series: of.series, powerOfTen, intervals: measured, ...told, marks: [], position } };
  }
}
