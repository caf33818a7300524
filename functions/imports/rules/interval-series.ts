import type { QualityCode } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import type { SeriesUnit } from './measured-units.ts';

/**
 * What every reader of meter data makes of a file: a stream of blocks of one series each, and of faults. Nothing is kept
 * between blocks but the series that were named, so a file of any length passes.
 */

/** One register of one thing that is metered, as the file names it. The object is the same for all blocks of a series. */
export interface MeasuredSeries {
  /** Who gave the reference, e.g. `nmi`, `espi`, `csv`. */
  readonly namespace: string;
  readonly reference: string;
  readonly register: string;
  readonly unit: SeriesUnit;
  readonly commodity?: Commodity;
  readonly flow?: 'forward' | 'reverse' | 'net';
  /** Usual length of an interval in seconds, where the file declares it. */
  readonly intervalSeconds?: number;
  /** IANA zone or fixed offset of the file's local times, where it declares one. */
  readonly zone?: string;
  /** ISO 4217 number of the currency of costs, as ESPI writes it. */
  readonly currency?: number;
  readonly serial?: string;
}

/** One measured interval, [start, start + seconds). */
export interface MeasuredInterval {
  /** Unix seconds. */
  readonly start: number;
  readonly seconds: number;
  /** Integer; times 10^powerOfTen of the block it is in the unit of the series. Null where the file says there is none. */
  readonly value: number | null;
  readonly quality: QualityCode;
  /** Flag and method of NEM12, where the code does not say all of it. */
  readonly method?: string;
  /** Cost in 10^-5 of the currency, as ESPI counts it. */
  readonly cost?: number;
  /** Number of the time-of-use tier the file names. */
  readonly tou?: number;
}

/** What a dial stood at, as the file tells it: a total, not the use of an interval. */
export interface MeasuredRead {
  /** Unix seconds. */
  readonly at: number;
  /** Integer; times 10^powerOfTen in the unit of the series. */
  readonly value: number;
  readonly powerOfTen: number;
  readonly quality: QualityCode;
}

/** What the file itself says of intervals `from` to `to` (from 1, both counted): its flag, reason code and text. */
export interface SourceMark {
  readonly record: string;
  readonly from: number;
  readonly to: number;
  readonly flag: string;
  readonly reason?: string;
  readonly text?: string;
}

/** Where a block ends in its source: how many blocks came before it, and its last line (from 1). */
export interface SourcePosition {
  readonly block: number;
  readonly line: number;
}

export interface SeriesBlock {
  readonly series: MeasuredSeries;
  readonly powerOfTen: number;
  readonly intervals: readonly MeasuredInterval[];
  /** Where the file tells what dials stood at: those reads. */
  readonly reads?: readonly MeasuredRead[];
  /** Whether the intervals say no more than the reads of the series: each is what a dial advanced between two of them. */
  readonly advances?: boolean;
  readonly marks: readonly SourceMark[];
  readonly position: SourcePosition;
}

/** A part of the file that was not taken as it stands. `line` and `column` count from 1; a column is a field of a table, else a character. */
export interface SourceError {
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
}

export type SeriesEvent =
  | { readonly block: SeriesBlock; readonly error?: never }
  | { readonly error: SourceError; readonly block?: never };
export type SeriesEvents = AsyncGenerator<SeriesEvent, void, undefined>;

/** A summary of use and costs that stands in a file beside its readings. */
export interface FileSummary {
  readonly line: number;
  readonly kind: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A source's bytes or text in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export const sourceError = (line: number, column: number, code: string, message: string): { error: SourceError } => ({
  error: { line, column, code, message },
});

/**
 * The events after a position that was worked off before: the same file read again gives the same blocks, so a reader that
 * stopped goes on after the block it stored last.
 */
export async function* resumeAfter(events: SeriesEvents, last: SourcePosition | undefined): SeriesEvents {
  for await (const event of events) {
    const isDone =
      last !== undefined &&
      (event.block === undefined ? event.error.line <= last.line : event.block.position.block <= last.block);
    if (!isDone) yield event;
  }
}
