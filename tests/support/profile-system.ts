import { claimHooks } from '#functions/claims.ts';
import { duplicatesReader } from '#functions/duplicates/stream.ts';
import { followProfile } from '#functions/follow/stream.ts';
import { areaReader } from '#functions/outages/stream.ts';
import { erasureReader } from '#functions/privacy/stream.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { createPrepareFacts } from '#shared/facts/prepare-facts.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { createSubmitFacts } from '#shared/facts/submit-facts.ts';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { MasterKey } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { localToday } from '#shared/runtime/today.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';

/** Says all that there is to say, whoever it is: for what is not about who may say it. */
export const saysAll: Sender['speaksFor'] = () => sourceNamed(ownSystem);
export const machine: Sender = { actor: 'machine:billing', speaksFor: saysAll, supervisor: false };

/** Reads on in the feed of the profile table, one shard after the other; what is there now counts as read. */
const feedReader = async (store: LevelStore): Promise<() => Promise<readonly Change[]>> => {
  const feed = store.feed('profile');
  const positions: (string | undefined)[] = [];
  let shard = 0;
  const next = async (): Promise<readonly Change[]> => {
    for (let quiet = 0; quiet < feed.shards; quiet += 1) {
      const batch = await feed.read(shard, positions[shard], 500);
      positions[shard] = batch.at(-1)?.position ?? positions[shard];
      shard = (shard + 1) % feed.shards;
      if (batch.length > 0) return batch.map(({ position, entry }) => ({ ...entry, position }));
    }
    return [];
  };
  while ((await next()).length > 0);
  return next;
};

/** The profile side of the system in memory: table, keys, commit, the one way in for facts, and follow run by hand. */
export const openProfileSystem = async (
  options: {
    readonly staleReads?: boolean;
    readonly start?: string;
    /** The utility's zone; UTC where absent. */
    readonly zone?: string;
    /** Wraps the profile table, e.g. to count what is asked of it. */
    readonly profile?: (table: Table) => Table;
    /** Data keys and what wraps them, where another system's facts are to be opened. */
    readonly keys?: Table;
    readonly master?: MasterKey;
    /** What the table holds at first; nobody follows its coming. */
    readonly items?: readonly Item[];
    /** Changes since the last call, where the profile table is one without a feed here. */
    readonly changes?: () => Promise<readonly Change[]>;
  } = {},
) => {
  const clock = new StoryClock(options.start ?? '2026-11-24T12:00:00.000Z');
  const store: LevelStore = await openLevelStore({ staleReads: options.staleReads ?? true });
  const profile = options.profile?.(store.table('profile')) ?? store.table('profile');
  const sealer = createSealer({
    keys: options.keys ?? store.table('keys'),
    master: options.master ?? memoryMasterKey(),
    clock,
  });
  let seed = 1;
  const committer = createCommitter({
    profile,
    sealer,
    clock,
    today: localToday(clock, options.zone ?? 'UTC'),
    random: () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    },
    sleep: async () => {},
    hooks: claimHooks(profile, 'GB', sealer),
  });
  const settling = {
    profile,
    sealer,
    clock,
    committer,
    contentKey: new Uint8Array(32).fill(7),
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: options.zone ?? 'UTC',
    metrics: { count: () => {} },
  };
  const submit = createSubmitFacts(settling);
  const prepare = createPrepareFacts(settling);
  const follow = followProfile({ profile, sealer, committer, submit, country: 'GB' });
  const duplicates = duplicatesReader({ profile, now: () => clock.now() });
  const register = createErasureRegister(createMemoryObjects(clock));
  const erase = {
    audit: store.table('audit'),
    profile,
    sealer,
    committer,
    submit,
    register,
    country: 'GB',
    now: () => clock.now(),
    today: localToday(clock, options.zone ?? 'UTC'),
    givenUp: createGivenUp(createMemoryObjects(clock)),
    forgetImports: async () => 0,
  } as const;
  const erasures = erasureReader(erase);
  const areas = areaReader({ profile, submit });
  if (options.items !== undefined) await profile.batchPut(options.items);
  const changes = options.changes ?? (await feedReader(store));
  /** Runs follow until nothing is left to follow. */
  const settle = async (): Promise<void> => {
    for (let batch = await changes(); batch.length > 0; batch = await changes()) {
      const answer = await follow(batch);
      if (answer.failed !== undefined) throw answer.cause;
      await duplicates(batch);
      const gone = await erasures(batch);
      if (gone.failed !== undefined) throw gone.cause;
      const grouped = await areas(batch);
      if (grouped.failed !== undefined) throw grouped.cause;
    }
  };
  return { clock, store, profile, sealer, committer, submit, prepare, settle, register, erase };
};
export type ProfileSystem = Awaited<ReturnType<typeof openProfileSystem>>;
