import type { Chunks, SeriesBlock, SeriesEvents, SourceError } from '#functions/imports/rules/interval-series.ts';
import { SeriesSummaries, type SeriesSummary } from '#functions/imports/rules/summarise-series.ts';

/** All that a reader says of a file. */
export interface Heard {
  readonly blocks: readonly SeriesBlock[];
  readonly errors: readonly SourceError[];
  readonly series: readonly SeriesSummary[];
}

export const hear = async (events: SeriesEvents): Promise<Heard> => {
  const summaries = new SeriesSummaries();
  const blocks: SeriesBlock[] = [];
  const errors: SourceError[] = [];
  for await (const { block, error } of events) {
    if (block === undefined) {
      errors.push(error);
      continue;
    }
    blocks.push(block);
    summaries.add(block);
  }
  return { blocks, errors, series: summaries.result() };
};

/** Bytes cut into pieces of a length, as a line may be cut by a network. */
export function* inPieces(bytes: Uint8Array, length: number): Extract<Chunks, Iterable<Uint8Array | string>> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}
