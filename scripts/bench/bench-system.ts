import { claimHooks } from '#functions/claims.ts';
import { followProfile } from '#functions/follow/stream.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { followReadings, followSupply } from '#functions/usage/follow-readings.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { createPrepareFacts, type PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { createSubmitFacts, type SubmitFacts } from '#shared/facts/submit-facts.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Change } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type CountedTable, createCountedTable, type TableCounts } from './counted-table.ts';

/** The real functions on a store in memory, with every table counted and the feeds worked off by hand. */
export interface BenchSystem {
  readonly clock: StoryClock;
  readonly store: LevelStore;
  readonly profile: CountedTable;
  readonly readings: CountedTable;
  readonly audit: CountedTable;
  readonly keys: CountedTable;
  readonly submit: SubmitFacts;
  readonly prepare: PrepareFacts;
  readonly ingest: Ingest;
  readonly today: () => string;
  /** Hands facts in; throws where one is not accepted. Gives the ids of what they created, by source event id. */
  tell(facts: readonly object[]): Promise<ReadonlyMap<string, string>>;
  /** Works the feeds of profile and readings off; gives how many changes they held. */
  settle(): Promise<number>;
  /** What all tables were asked since the last reset, summed. */
  counts(): TableCounts;
  reset(): void;
  close(): Promise<void>;
}

/** Says all, under whatever name: what is measured is not about who may say it. */
const benchSender: Sender = { actor: 'machine:bench', speaksFor: () => sourceNamed(ownSystem), supervisor: false };

const sum = (all: readonly TableCounts[]): TableCounts => {
  const of = (name: keyof TableCounts): number => all.reduce((total, counts) => total + counts[name], 0);
  return {
    requests: of('requests'),
    readUnits: of('readUnits'),
    writeUnits: of('writeUnits'),
    bytesRead: of('bytesRead'),
    bytesWritten: of('bytesWritten'),
    itemsRead: of('itemsRead'),
    itemsWritten: of('itemsWritten'),
  };
};

/** Entries read of a feed at once. */
const feedBatch = 500;

/** @param start RFC 3339: where the system's clock stands at first; it stands still until it is moved. */
export const openBenchSystem = async (start: string): Promise<BenchSystem> => {
  const clock = new StoryClock(start);
  const store = await openLevelStore({ clock });
  const counted = (name: 'profile' | 'readings' | 'audit' | 'keys') => createCountedTable(store.table(name));
  const [profile, readings, audit, keys] = [counted('profile'), counted('readings'), counted('audit'), counted('keys')];
  const tables = [profile, readings, audit, keys];
  const metrics = { count: () => {} };
  const today = (): string => new Date(clock.now()).toISOString().slice(0, 10);
  const sealer = createSealer({ keys, master: memoryMasterKey(), clock });
  const committer = createCommitter({
    profile,
    sealer,
    clock,
    today,
    random: () => 0.5,
    sleep: async () => {},
    hooks: claimHooks(profile, 'GB', sealer),
  });
  const contentKey = new Uint8Array(32).fill(1);
  const settling = {
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: 'UTC',
    metrics,
  };
  const submit = createSubmitFacts(settling);
  const prepare = createPrepareFacts(settling);
  const ingest = new Ingest({ profile, readings, sealer, submit, clock, metrics });
  const recompute = new UsageRecompute({ profile, readings, metrics });
  const follow = followProfile({ profile, sealer, committer, submit, country: 'GB' });

  const positions = new Map<string, string>();
  const news = async (table: 'profile' | 'readings'): Promise<readonly Change[]> => {
    const feed = store.feed(table);
    const changes: Change[] = [];
    for (let shard = 0; shard < feed.shards; shard += 1) {
      const place = `${table}${shard}`;
      const batch = await feed.read(shard, positions.get(place), feedBatch);
      const last = batch.at(-1);
      if (last === undefined) continue;
      positions.set(place, last.position);
      changes.push(...batch.map(({ position, entry }) => ({ ...entry, position })));
    }
    return changes;
  };
  const settle = async (): Promise<number> => {
    for (let seen = 0; ; ) {
      const [ofProfile, ofReadings] = [await news('profile'), await news('readings')];
      if (ofProfile.length + ofReadings.length === 0) return seen;
      seen += ofProfile.length + ofReadings.length;
      const followed = await follow(ofProfile);
      if (followed.failed !== undefined) throw followed.cause;
      await followSupply(recompute, ofProfile);
      await followReadings({ profile, recompute }, ofReadings);
    }
  };
  return {
    clock,
    store,
    profile,
    readings,
    audit,
    keys,
    submit,
    prepare,
    ingest,
    today,
    tell: async (facts) => {
      const results = await submit(facts, benchSender);
      return new Map(
        results.map((result): [string, string] => {
          if (result.status !== 'accepted') throw new Error(`a fact was not accepted: ${JSON.stringify(result)}`);
          return [result.fact.sourceEventId, result.fact.entity ?? ''];
        }),
      );
    },
    settle,
    counts: () => sum(tables.map((table) => table.counts())),
    reset: () => {
      for (const table of tables) table.reset();
    },
    close: () => store.close(),
  };
};
