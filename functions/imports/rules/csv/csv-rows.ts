import type { Decimal } from '#functions/imports/rules/decimals.ts';
import { type SeriesEvent, type SourceError, sourceError } from '#functions/imports/rules/interval-series.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { CsvCells, type RowHead } from './csv-cells.ts';
import type { CsvColumns } from './csv-columns.ts';
import type { CsvRecord } from './csv-records.ts';
import { makeSeries } from './make-series.ts';
import type { CsvMapping } from './mapping.ts';
import { SeriesCollector } from './series-collector.ts';
import type { WrittenTime } from './time-format.ts';
import type { TimedValue, ValueEvent, ValueSeries } from './value-series.ts';
import { dayStart, instantOfWritten } from './written-instants.ts';

/** Rows of one reference, register and unit: their series, and where the next row is expected. */
interface RowStream {
  readonly values: readonly ValueSeries[];
  last?: number;
  step: number;
}
/** One cell of a row with its value and time. */
type Cell = Omit<TimedValue, 'at' | 'line' | 'column'> & {
  readonly series: ValueSeries;
  readonly line: number;
  readonly place: number;
};

/** Streams, and register states in no order, that one file may name. */
const [mostStreams, mostStates] = [100_000, 500_000];

const cellMessages = {
  'no-cell': 'the row ends before the value; it is left out',
  'not-a-number': 'the value is no decimal; it is left out',
  'too-many-digits': 'the value has more digits than are kept (the mapping may round it: decimals); it is left out',
} as const;

/** Makes intervals of rows. */
export class CsvRows {
  readonly #mapping: CsvMapping;
  readonly #columns: CsvColumns;
  readonly #cells: CsvCells;
  readonly #collector = new SeriesCollector();
  readonly #streams = new Map<string, RowStream>();
  #states = 0;
  count = 0;

  constructor(mapping: CsvMapping, columns: CsvColumns) {
    this.#mapping = mapping;
    this.#columns = columns;
    this.#cells = new CsvCells(mapping, columns);
  }

  /** Whether the file names more than is held. */
  get isFull(): boolean {
    return this.#streams.size > mostStreams || this.#states > mostStates;
  }

  *take(record: CsvRecord): Generator<SeriesEvent, void, undefined> {
    this.count += 1;
    const faults: SourceError[] = [];
    const head = this.#cells.head(record, faults);
    if ('code' in head) return yield { error: head };
    for (const error of faults) yield { error };
    const stream = this.#streamOf(head);
    if (this.#mapping.layout.kind === 'wide') yield* this.#wide(record, head, stream);
    else yield* this.#long(record, head, stream);
  }

  *end(line: number): Generator<SeriesEvent, void, undefined> {
    const isDescending = this.#mapping.time.order === 'descending';
    for (const { values } of this.#streams.values())
      for (const series of values) yield* this.#collect(series, series.end(isDescending));
    yield* this.#collector.end(line);
  }

  *#collect(series: ValueSeries, events: Iterable<ValueEvent>): Generator<SeriesEvent, void, undefined> {
    for (const event of events) {
      if (event.state !== undefined) yield* this.#collector.addState(series, event.state);
      else if (event.interval === undefined) yield event;
      else yield* this.#collector.add(series, event.interval, event.line);
    }
  }

  #streamOf({ reference, register, unit }: RowHead): RowStream {
    // A register has no blank, so the three cannot be told apart wrongly.
    const key = `${register} ${unit?.unit ?? ''}:${unit?.shift ?? ''} ${reference}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const { layout, time } = this.#mapping;
    const columns = layout.kind === 'wide' ? [{}] : layout.values;
    const step = typeof time.interval === 'number' ? time.interval : time.interval === 'day' ? 86_400 : 0;
    const values = columns.map((column) =>
      makeSeries(this.#mapping, column, { reference, register, ...(unit === undefined ? {} : { unit }) }),
    );
    const stream = { values, step };
    this.#streams.set(key, stream);
    return stream;
  }

  /** The instant of a local time, near to where the stream goes on. */
  #instantOf(stream: RowStream, time: WrittenTime): number | undefined {
    const { zone, order, interval } = this.#mapping.time;
    const { last, step } = stream;
    const expected = last === undefined || order === 'any' ? undefined : last + (order === 'descending' ? -step : step);
    const at = instantOfWritten(time, zone, expected);
    if (at === undefined) return interval === 'day' ? dayStart(zone, time.local) : undefined;
    if (interval === 'until-next' && last !== undefined && at !== last) stream.step = Math.abs(at - last);
    stream.last = at;
    return at;
  }

  *#long({ fields, line }: CsvRecord, head: RowHead, stream: RowStream): Generator<SeriesEvent, void, undefined> {
    const at = this.#instantOf(stream, head.time);
    if (at === undefined) return yield this.#neverCame(line, this.#columns.time[0] ?? 0);
    for (const [index, series] of stream.values.entries()) {
      const place = this.#columns.values[index] ?? 0;
      const value = this.#cells.value(fields[place], series.scale);
      if (typeof value === 'string') {
        yield sourceError(line, place + 1, value, cellMessages[value]);
        continue;
      }
      yield* this.#cell(at, { series, value, ...beside(head, value), line, place });
    }
  }

  *#cell(at: number, { series, place, ...timed }: Cell): Generator<SeriesEvent, void, undefined> {
    const { states, time } = this.#mapping;
    const whole = { ...timed, at, column: place + 1 };
    if (states !== undefined) {
      if (time.order === 'any') this.#states += 1;
      return yield* this.#collect(series, series.state(whole, time.order !== 'any'));
    }
    if (time.interval === 'until-next')
      return yield* this.#collect(series, series.untilNext(whole, time.order === 'descending'));
    const seconds = time.interval === 'day' ? this.#dayFrom(at) - at : time.interval;
    const start = time.stamp === 'end' ? at - seconds : at;
    const { line, ...interval } = timed;
    yield* this.#collector.add(series, { start, seconds, ...interval }, line);
  }

  /** The instant one local day later. */
  #dayFrom(at: number): number {
    const { zone } = this.#mapping.time;
    const shown = at + offsetAt(zone, at);
    const midnight = Math.floor(shown / 86_400) * 86_400;
    // A day whose midnight the clocks skip begins later, and the next one at midnight all the same.
    const local = (dayStart(zone, midnight) === at ? midnight : shown) + 86_400;
    return instantOfWritten({ local }, zone, at + 86_400) ?? dayStart(zone, local);
  }

  #neverCame(line: number, place: number): SeriesEvent {
    const message = `the day has no such time in ${this.#mapping.time.zone}: the clocks go forward over it; it is left out`;
    return sourceError(line, place + 1, 'no-such-local-time', message);
  }

  *#wide({ fields, line }: CsvRecord, head: RowHead, stream: RowStream): Generator<SeriesEvent, void, undefined> {
    const { layout, time } = this.#mapping;
    const [[series], [first = 0]] = [stream.values, this.#columns.values];
    if (layout.kind !== 'wide' || typeof time.interval !== 'number' || series === undefined) return;
    for (let index = 0; index < layout.count; index += 1) {
      const place = first + index;
      const value = this.#cells.value(fields[place], series.scale);
      if (value === 'no-cell') {
        yield sourceError(
          line,
          place + 1,
          value,
          `the row ends after ${index} of ${layout.count} values; the others are left out`,
        );
        return;
      }
      const at = this.#columnStart(stream, head.time, index * time.interval, layout.clock);
      if (at === undefined) {
        if (value !== null) yield this.#neverCame(line, place);
      } else if (typeof value === 'string') yield sourceError(line, place + 1, value, cellMessages[value]);
      else yield* this.#cell(at, { series, value, ...beside(head, value), line, place });
    }
  }

  /** Start of a column's interval; undefined where the day has no such time. */
  #columnStart(stream: RowStream, day: WrittenTime, after: number, clock: 'clock' | 'elapsed'): number | undefined {
    const { zone } = this.#mapping.time;
    if (clock === 'clock') return this.#instantOf(stream, { ...day, local: day.local + after });
    const at = dayStart(zone, day.local) + after;
    return at < dayStart(zone, day.local + 86_400) ? at : undefined;
  }
}

/** What stands beside a value; where there is none, there is no quality to speak of. */
const beside = ({ quality: told, tou }: RowHead, value: Decimal | null): Pick<TimedValue, 'quality' | 'tou'> => ({
  quality: value === null ? quality.other : told,
  ...(tou === undefined ? {} : { tou }),
});
