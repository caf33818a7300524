import * as z from 'zod';
import type { TakeChanges } from '#shared/edge/changes.ts';
import type { EventSource } from '#shared/messaging/local/local-event-source.ts';
import { startEventSource } from '#shared/messaging/local/local-event-source.ts';
import type { LocalLog, Objects } from '#shared/messaging/ports.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import type { Change, Item } from '#shared/table/table.ts';
import type { ParkedRecord, ParkedRecords } from './parked.ts';

export interface FeedParts {
  readonly store: LevelStore;
  readonly failures: Objects;
  /** Where readers say how they take in again what they gave up. */
  readonly parked: ParkedRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A function that reads the changes of a table. */
export interface FeedReader {
  readonly name: string;
  readonly take: TakeChanges;
  readonly batchSize?: number;
  readonly windowMs?: number;
  /** Whether it may fall behind others, and rests while a history is handed over. */
  readonly behind?: boolean;
}

const Image = z.looseObject({ pk: z.string(), sk: z.string() }).optional();
const ParkedChange = z.object({ key: z.object({ pk: z.string(), sk: z.string() }), before: Image, after: Image });

/** A change as it was parked. Its images were items of the table and come back as such. */
const changeOf = ({ position, entry }: ParkedRecord): Change => {
  const { key, before, after } = ParkedChange.parse(entry);
  return { key, before: before as Item | undefined, after: after as Item | undefined, position };
};

const mostKeptReads = 32;
/** What all readers have passed is let go of once in so many batches: each time costs more than a batch. */
const batchesBetweenTrims = 64;

/**
 * A log whose reads are kept for a while: readers of one table go side by side, and each page is decoded once for all of them.
 * A page that was read stays true, since entries are only ever added behind it.
 */
const readOnce = <Entry>(log: LocalLog<Entry>): LocalLog<Entry> => {
  const kept = new Map<string, ReturnType<LocalLog<Entry>['read']>>();
  return {
    name: log.name,
    shards: log.shards,
    onAppend: (listener) => log.onAppend(listener),
    read: async (shard, after, limit) => {
      const key = `${shard} ${after ?? ''} ${limit}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const reading = log.read(shard, after, limit);
      kept.set(key, reading);
      const [oldest] = kept.keys();
      if (kept.size > mostKeptReads && oldest !== undefined) kept.delete(oldest);
      try {
        const page = await reading;
        if (page.length === 0) kept.delete(key);
        return page;
      } catch (failure) {
        kept.delete(key);
        throw failure;
      }
    },
  };
};

/**
 * Hands the changes of one table to each of its readers, as Lambda does with a DynamoDB stream, and lets go of what all have
 * read.
 */
export const startFeedReaders = (
  parts: FeedParts,
  log: LocalLog<Change>,
  readers: readonly FeedReader[],
): readonly EventSource[] => {
  const pages = readOnce(log);
  let consumedBatches = 0;
  const passed = Array.from({ length: log.shards }, () => new Map<string, string>());
  const consumed =
    (reader: string) =>
    async (shard: number, position: string): Promise<void> => {
      const positions = passed[shard];
      if (positions === undefined) return;
      positions.set(reader, position);
      consumedBatches += 1;
      if (positions.size < readers.length || consumedBatches % batchesBetweenTrims !== 0) return;
      const [lowest] = [...positions.values()].sort();
      if (lowest !== undefined) await parts.store.trim(log, shard, lowest);
    };
  const take = async (reader: FeedReader, changes: readonly Change[]): Promise<readonly string[]> => {
    const { failed, cause } = await reader.take(changes);
    if (failed === undefined) return [];
    parts.logger.warn('change.failed', { reader: reader.name, cause: causeName(cause) });
    return [failed];
  };
  parts.store.readBy(
    log,
    readers.map(({ name }) => name),
  );
  for (const reader of readers) parts.parked.on(reader.name, (records) => take(reader, records.map(changeOf)));
  return readers.map((reader) =>
    startEventSource<Change>({
      consumer: reader.name,
      log: pages,
      positions: parts.store.positions,
      invoke: ({ records }) =>
        take(
          reader,
          records.map(({ position, entry }) => ({ ...entry, position })),
        ),
      arrivedAt: () => parts.clock.now(),
      failures: parts.failures,
      clock: parts.clock,
      logger: parts.logger,
      metrics: parts.metrics,
      batchSize: reader.batchSize ?? 100,
      windowMs: reader.windowMs ?? 0,
      consumed: consumed(reader.name),
    }),
  );
};
