import type { Decimal } from '#functions/imports/rules/decimals.ts';
import { type MeasuredSeries, type SourceError, sourceError } from '#functions/imports/rules/interval-series.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';
import { type AdvanceEvent, RegisterAdvances, type RegisterState } from './register-advances.ts';
import type { CollectedSeries, ReadInterval, ReadState } from './series-collector.ts';

/** A value with the instant (Unix seconds) that stands beside it, and its place in the file. */
export interface TimedValue {
  readonly at: number;
  readonly value: Decimal | null;
  readonly quality: QualityCode;
  readonly tou?: number;
  readonly line: number;
  readonly column: number;
}
export type ValueEvent =
  | { readonly interval: ReadInterval; readonly line: number; readonly state?: never; readonly error?: never }
  | { readonly state: ReadState; readonly interval?: never; readonly error?: never }
  | { readonly error: SourceError; readonly interval?: never; readonly state?: never };

const between = (from: number, to: number, { value, quality, tou, line }: TimedValue): ValueEvent => ({
  interval: { start: from, seconds: to - from, value, quality, ...(tou === undefined ? {} : { tou }) },
  line,
});

/** One series of a file, with what waits for its next row. */
export class ValueSeries implements CollectedSeries {
  readonly series: MeasuredSeries;
  readonly shift: number;
  readonly scale: Decimal | undefined;
  readonly #advances: RegisterAdvances | undefined;
  #states: RegisterState[] = [];
  #previous: TimedValue | undefined;

  constructor(series: MeasuredSeries, shift: number, scale: Decimal | undefined, longest: number | undefined) {
    this.series = series;
    this.shift = shift;
    this.scale = scale;
    this.#advances = longest === undefined ? undefined : new RegisterAdvances(longest);
  }

  /** Takes a value that holds until the next one of the series, which is the row after it or, descending, before it. */
  *untilNext(timed: TimedValue, isDescending: boolean): Generator<ValueEvent, void, undefined> {
    const { at, value, line, column } = timed;
    const previous = this.#previous;
    const ahead = previous === undefined ? 1 : (at - previous.at) * (isDescending ? -1 : 1);
    if (ahead <= 0) {
      const message = 'the time does not go on from the row before it; the row is left out';
      yield sourceError(line, column, ahead === 0 ? 'repeated' : 'out-of-order', message);
      return;
    }
    this.#previous = timed;
    if (previous === undefined) {
      if (isDescending && value !== null) yield noEnd(timed);
    } else if (isDescending) yield between(at, previous.at, timed);
    else yield between(previous.at, at, previous);
  }

  /** Takes a state of the register; states in any order wait for the end. */
  *state(timed: TimedValue, isOrdered: boolean): Generator<ValueEvent, void, undefined> {
    const { value } = timed;
    if (value === null || this.#advances === undefined) return;
    const state = { ...timed, value };
    if (isOrdered) yield* told(this.#advances.take(state));
    else this.#states.push(state);
  }

  /** Ends the series. */
  *end(isDescending: boolean): Generator<ValueEvent, void, undefined> {
    const states = this.#states.sort((left, right) => left.at - right.at || left.line - right.line);
    this.#states = [];
    if (this.#advances !== undefined) {
      for (const state of states) yield* told(this.#advances.take(state));
      yield* told(this.#advances.end());
    } else if (!isDescending && this.#previous !== undefined && this.#previous.value !== null)
      yield noEnd(this.#previous);
  }
}

const noEnd = ({ line, column }: TimedValue): ValueEvent =>
  sourceError(line, column, 'no-end', 'no row tells where the interval ends; the value is left out');

function* told(events: Iterable<AdvanceEvent>): Generator<ValueEvent, void, undefined> {
  for (const event of events) {
    if (event.advance === undefined) {
      yield event;
      continue;
    }
    const { line, ...interval } = event.advance;
    yield { interval, line };
  }
}
