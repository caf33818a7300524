import type { Uploads } from '#shared/messaging/ports.ts';
import { fileNameOf } from './chunk-plan.ts';
import { type ImportEvents, readSeries, unpacked } from './read-series.ts';
import type { ImportItem } from './store/imports.ts';
import { LookTooLong } from './survey-file.ts';

/** The events of an import's file, and how many of its bytes were read for them. */
export interface FileEvents {
  readonly events: ImportEvents;
  readonly readBytes: () => number;
}

/** Opens the file of an import from its beginning. */
export const openEvents = (uploads: Uploads, item: ImportItem): FileEvents => {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of uploads.read(fileNameOf(item.id))) {
      bytes += piece.byteLength;
      yield piece;
    }
  };
  return { events: readSeries(item, unpacked(counted())), readBytes: () => bytes };
};

/** Events between two looks at the time. */
const lookEvery = 1000;

/**
 * Passes over events that were worked off: the same file read again gives the same events in the same order. Throws LookTooLong
 * where the time ends before.
 */
export const skip = async (events: ImportEvents, count: number, isOver: () => boolean): Promise<void> => {
  for (let passed = 0; passed < count; passed += 1) {
    if ((await events.next()).done === true) return;
    if (passed % lookEvery === lookEvery - 1 && isOver()) throw new LookTooLong();
  }
};
