import type { Committer } from '#shared/facts/commit.ts';
import type { Bus, BusEvent } from '#shared/messaging/ports.ts';
import type { StoredFact } from '#shared/profile/store/items.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';

/** Has segments of replays worked on. */
export interface ReplayWorker {
  readonly wakeSegment: (replay: string, segment: number) => Promise<void>;
  /** Segments of a replay of which nobody says how many. */
  readonly usualSegments: number;
}

/** What replays are begun and looked at with. */
export interface ReplayParts extends ReplayWorker {
  readonly profile: Table;
  readonly clock: Clock;
}

/** What a segment is worked on with. */
export interface WorkReplayParts {
  readonly profile: Table;
  readonly committer: Pick<Committer, 'refold'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Keeps beside the readings what happened at a place; answers whether anything was kept otherwise. A dry run only looks. */
  readonly keepEventsOf: (subject: string, dryRun: boolean) => Promise<boolean>;
  /** The event of a stored fact, marked as published again. */
  readonly eventOf: (stored: StoredFact, publishedAt: string) => BusEvent;
}
