import { type CsvRow, csvRows } from '#cli/csv-rows.ts';
import { type Decimal, readDecimal, roundHalfEven } from '#functions/imports/rules/decimals.ts';
import { readStamp } from '#functions/imports/rules/stamps.ts';

export interface IntervalCsvOptions {
  readonly meterColumn: string;
  readonly timeColumn: string;
  readonly valueColumn: string;
  /** IANA zone or fixed offset in which times without an offset are read. */
  readonly zone: string;
  /** Whether a time marks the start or the end of its interval. */
  readonly stamp: 'start' | 'end';
  /** Length of an interval; inferred from the file where absent. */
  readonly intervalSeconds?: number;
  /** Decimals kept; without it a value keeps all it has. */
  readonly decimals?: number;
}

/** One value of a meter; `start` in Unix seconds. */
export interface Reading {
  readonly start: number;
  readonly value: Decimal;
}

export interface MeterReadings {
  readonly meter: string;
  /** Ascending, each start once. */
  readonly readings: readonly Reading[];
}

/** A row that was left out, and why; `line` counts from 1. */
export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly code: 'not-a-number' | 'too-many-digits' | 'not-a-time' | 'no-such-local-time' | 'no-meter' | 'no-cell';
}

export interface IntervalFile {
  readonly meters: readonly MeterReadings[];
  readonly intervalSeconds: number;
  readonly rows: number;
  /** Rows without a value: gaps of the meter. */
  readonly empty: number;
  /** Rows whose meter and time came before; the first stands. `differing` says how many had another value. */
  readonly repeated: number;
  readonly differing: number;
  /** Values that `decimals` rounded. */
  readonly rounded: number;
  readonly faults: readonly RowFault[];
}

/** A file that cannot be read at all: no such column, no interval. */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableFile';
  }
}

const placeOf = (header: CsvRow, column: string): number => {
  const place = header.indexOf(column);
  if (place < 0) throw new UnreadableFile(`the file has no column "${column}"; it has ${header.join(', ')}`);
  return place;
};

/** The most frequent distance of neighbours, the interval of the file. */
const usualStep = (meters: Iterable<readonly Reading[]>): number => {
  const counts = new Map<number, number>();
  for (const readings of meters)
    for (let index = 1; index < readings.length; index += 1) {
      const step = (readings[index]?.start ?? 0) - (readings[index - 1]?.start ?? 0);
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
  const [usual] = [...counts].sort(([, left], [, right]) => right - left);
  if (usual === undefined) throw new UnreadableFile('the file does not show how long an interval is: give --interval');
  return usual[0];
};

class Collector {
  readonly #options: IntervalCsvOptions;
  readonly #meters = new Map<string, { readonly byStart: Map<number, Decimal>; last: number | undefined }>();
  readonly faults: RowFault[] = [];
  rows = 0;
  empty = 0;
  repeated = 0;
  differing = 0;
  rounded = 0;

  constructor(options: IntervalCsvOptions) {
    this.#options = options;
  }

  take(meter: string | undefined, time: string | undefined, value: string | undefined, line: number): void {
    this.rows += 1;
    const fault = this.#read(meter, time, value);
    if (fault !== undefined) this.faults.push({ line, ...fault });
  }

  #read(
    meter: string | undefined,
    time: string | undefined,
    value: string | undefined,
  ): Omit<RowFault, 'line'> | undefined {
    const { meterColumn, timeColumn, valueColumn, zone } = this.#options;
    if (meter === undefined || meter === '') return { column: meterColumn, code: 'no-meter' };
    if (time === undefined) return { column: timeColumn, code: 'no-cell' };
    if (value === undefined) return { column: valueColumn, code: 'no-cell' };
    const held = this.#meters.get(meter) ?? { byStart: new Map<number, Decimal>(), last: undefined };
    this.#meters.set(meter, held);
    const start = readStamp(time, zone, held.last);
    if (typeof start === 'string') return { column: timeColumn, code: start };
    held.last = start;
    if (value === '') {
      this.empty += 1;
      return undefined;
    }
    const read = readDecimal(value);
    if (typeof read === 'string') return { column: valueColumn, code: read };
    this.#keep(held.byStart, start, this.#rounded(read));
    return undefined;
  }

  #rounded(read: Decimal): Decimal {
    const { decimals } = this.#options;
    if (decimals === undefined || read.scale <= decimals) return read;
    this.rounded += 1;
    return roundHalfEven(read, decimals);
  }

  #keep(byStart: Map<number, Decimal>, start: number, value: Decimal): void {
    const before = byStart.get(start);
    if (before === undefined) {
      byStart.set(start, value);
      return;
    }
    this.repeated += 1;
    if (before.coefficient !== value.coefficient || before.scale !== value.scale) this.differing += 1;
  }

  result(): IntervalFile {
    const { rows, empty, repeated, differing, rounded, faults } = this;
    const sorted = [...this.#meters].map(
      ([meter, { byStart }]) =>
        [
          meter,
          [...byStart].map(([start, value]) => ({ start, value })).sort((left, right) => left.start - right.start),
        ] as const,
    );
    const intervalSeconds = this.#options.intervalSeconds ?? usualStep(sorted.map(([, readings]) => readings));
    const shift = this.#options.stamp === 'end' ? intervalSeconds : 0;
    const meters = sorted.map(([meter, readings]) => ({
      meter,
      readings: shift === 0 ? readings : readings.map(({ start, value }) => ({ start: start - shift, value })),
    }));
    return { meters, intervalSeconds, rows, empty, repeated, differing, rounded, faults };
  }
}

/** Reads a file of intervals: one row for each meter and interval, in any order. Throws UnreadableFile. */
export const readIntervalCsv = async (path: string, options: IntervalCsvOptions): Promise<IntervalFile> => {
  const collector = new Collector(options);
  let places: readonly [number, number, number] | undefined;
  for await (const { row, line } of csvRows(path)) {
    if (places === undefined) {
      const { meterColumn, timeColumn, valueColumn } = options;
      places = [placeOf(row, meterColumn), placeOf(row, timeColumn), placeOf(row, valueColumn)];
      continue;
    }
    collector.take(row[places[0]], row[places[1]], row[places[2]], line);
  }
  if (places === undefined) throw new UnreadableFile('the file is empty');
  return collector.result();
};
