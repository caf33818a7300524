import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inbound as inboundFacts } from '#functions/facts/capability.ts';
import { importSealing, sealedObjects } from '#functions/imports/store/sealed-imports.ts';
import { take as takeTelemetry } from '#functions/readings/capability.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { refoldingOlder } from '#shared/edge/changes.ts';
import type { Committer } from '#shared/facts/commit.ts';
import { openFactStore } from '#shared/facts/fact-store.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { type BusEntry, type BusEnvelope, type LocalBus, openLocalBus } from '#shared/messaging/local/local-bus.ts';
import { type EventSource, startEventSource } from '#shared/messaging/local/local-event-source.ts';
import { memoryMasterKey, openLocalMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { createLocalObjects } from '#shared/messaging/local/local-objects.ts';
import { arrivedAt, createLocalStream, invokeKinesisHandler } from '#shared/messaging/local/local-stream.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { ErasureRegister, InstallationKeys, Objects, Sealing, TelemetryStream } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import { localToday } from '#shared/runtime/today.ts';
import { type LogEntry, shardOf } from '#shared/table/level/level-log.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Country } from '#shared/text/phone.ts';
import { type ErasurePolicy, standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { checkDataFolder, expectKeyOf } from './data-folder.ts';
import { erasureFolderOf, openErasureFolder } from './erasure-folder.ts';
import { deliverEvents, failPoints } from './fail-points.ts';
import { type FeedReader, startFeedReaders } from './feeds.ts';
import { installationKeys } from './installation-key.ts';
import { unhurriedInvocation } from './invocation.ts';
import { ParkedRecords } from './parked.ts';
import { openPrivateFolder } from './private-folder.ts';
import { InboundEnvelope, queueEventOf, TelemetryEntry } from './queue-event.ts';

/** Name of the stage on one machine: stands in topics and rule names. */
export const localStage = 'local';

/** Tables whose changes are read. */
const feedNames = ['profile', 'readings', 'audit'] as const;
export type ByFeed<What> = Readonly<Record<(typeof feedNames)[number], What>>;

/** The system on this machine, without the doors of the network: tables, streams, buses, and every function that reads them. */
export interface LocalSystemOptions {
  /** Data folder; absent, everything is in memory. */
  readonly folder?: string;
  /** Where the register of who was erased lies; beside the data folder where absent. */
  readonly erasedFolder?: string;
  /** Whether that register is lost for good, and another one is to take its place. */
  readonly erasedLost?: boolean;
  readonly clock: Clock;
  readonly zone: string;
  readonly country: Country;
  readonly payments: PaymentPolicy;
  /** What stands against erasing a person; the standard where absent. */
  readonly erasures?: ErasurePolicy;
  readonly staleReads?: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Resolves once a history is handed over; the readers that may fall behind rest until then. */
  readonly history?: Promise<void>;
}

/** What use cases are made of. */
export interface SystemParts {
  readonly store: LevelStore;
  readonly sealer: Sealer;
  readonly committer: Committer;
  readonly submit: SubmitFacts;
  readonly prepare: PrepareFacts;
  readonly objects: Objects;
  /** How files of imports lie on this machine's disk. */
  readonly sealing: Sealing;
  readonly clock: Clock;
  /** The utility's local date, now or at an instant in milliseconds. */
  readonly today: (at?: number) => string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly country: Country;
  readonly payments: PaymentPolicy;
  readonly erasures: ErasurePolicy;
  /** Who was erased; lies beside the data folder, so that nothing that is set back in it reaches it. */
  readonly register: ErasureRegister;
  /** Keys of this installation by use; kept in the data folder. */
  readonly secret: InstallationKeys;
}

export interface LocalSystem extends SystemParts {
  readonly telemetry: TelemetryStream;
  /** Appends many records of the stream at once; durable when it resolves. */
  appendTelemetry(records: readonly Pick<LogEntry, 'partitionKey' | 'data'>[]): Promise<void>;
  readonly inbound: LocalBus;
  readonly outbound: LocalBus;
  /** What readers gave up after their attempts. */
  readonly parked: ParkedRecords;
  /** Keeps messages of meters, for the operator's acts. */
  readonly ingest: Ingest;
  /** Starts what reads the changes of tables. */
  startReaders(readers: ByFeed<readonly FeedReader[]>): void;
  /** Resolves when every stream, queue and feed is worked off; `pending` counts what is left when the time is over. */
  drain(milliseconds?: number): Promise<boolean>;
  /** The same for all but the readers that may fall behind. */
  drainPrompt(milliseconds?: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** The register of who was erased that belongs to the data folder. The store is closed where it is refused. */
const registerOf = async (
  { folder, erasedFolder, erasedLost, clock }: LocalSystemOptions,
  store: LevelStore,
): Promise<ErasureRegister> => {
  if (folder === undefined) return createErasureRegister(createMemoryObjects(clock));
  try {
    return await openErasureFolder(erasedFolder ?? erasureFolderOf(folder), store, clock, erasedLost);
  } catch (error) {
    await store.close();
    throw error;
  }
};

const done: readonly string[] = [];
const longestDrain = 600_000;

/** Opens the store and starts every reader. Throws DomainError('unavailable', 'store.in-use') where the folder is taken. */
export const openLocalSystem = async (options: LocalSystemOptions): Promise<LocalSystem> => {
  const { folder, clock, logger, metrics, country, payments } = options;
  if (folder !== undefined) {
    await checkDataFolder(folder);
    const opened = await openPrivateFolder(folder);
    if (opened > 0) logger.warn('data-folder.tightened', { paths: opened });
  }
  // The keys first: where there is a store, they are there, too.
  const master = folder === undefined ? memoryMasterKey() : await openLocalMasterKey(folder);
  const secret = await installationKeys(folder);
  const store = await openLevelStore({
    ...(folder === undefined ? {} : { folder: join(folder, 'store') }),
    ...(options.staleReads === undefined ? {} : { staleReads: options.staleReads }),
    clock,
  });
  const profile = store.table('profile');
  if (folder !== undefined) await expectKeyOf(store, master, folder);
  const register = await registerOf(options, store);
  const { sealer, committer, submit, prepare } = openFactStore({
    profile: failPoints.table('record.written', profile),
    keys: store.table('keys'),
    master,
    clock,
    metrics,
    zone: options.zone,
    country,
    payments,
    contentKey: secret('content'),
    around: (plain) => ({
      ...plain,
      open: (request) => {
        const commit = plain.open(request);
        return { ...commit, write: failPoints.after('fact.committed', commit.write) };
      },
      placeReaders: failPoints.after('follow.written', plain.placeReaders),
      placeMeters: failPoints.after('follow.written', plain.placeMeters),
    }),
  });
  const sealing = importSealing(sealer);
  const objects = sealedObjects(
    folder === undefined ? createMemoryObjects(clock) : createLocalObjects(join(folder, 'objects'), clock),
    sealing,
  );
  const parts: SystemParts = {
    store,
    sealer,
    committer,
    submit,
    prepare,
    objects,
    sealing,
    clock,
    today: localToday(clock, options.zone),
    logger,
    metrics,
    country,
    payments,
    erasures: options.erasures ?? standardErasurePolicy,
    register,
    secret,
  };

  const common = { positions: store.positions, clock, logger, metrics };
  const parked = new ParkedRecords(objects);
  const inboundLog = store.log<BusEntry>('inbound', 1);
  const base = { stage: localStage, clock, now: () => clock.now(), logger, metrics };
  const tables = {
    profile,
    readings: failPoints.table('ingest.put', store.table('readings')),
    audit: store.table('audit'),
    keys: store.table('keys'),
  };
  const made = { ...base, ...tables, sealer, committer, submit, prepare, country, payments };
  const takeFacts = inboundFacts.handle(made);
  const takeEvents = async (events: readonly BusEnvelope[]): Promise<void> => {
    const answer = await takeFacts(queueEventOf(events), unhurriedInvocation);
    if (answer.batchItemFailures.length > 0) throw new Error('the fact could not be kept yet');
  };
  parked.on('inbound/facts', async (records) => {
    await takeEvents(records.map(({ entry }) => InboundEnvelope.parse(entry)));
    return done;
  });
  const inbound = openLocalBus({
    ...common,
    name: 'inbound',
    log: inboundLog,
    deadLetters: objects,
    trim: (shard, upTo) => store.trim(inboundLog, shard, upTo),
    rules: [
      {
        name: 'facts',
        // Every event that names a source is for the facts queue; the bus has checked who may use which source.
        pattern: { source: [{ prefix: '' }] },
        target: failPoints.before('inbound.appended', (event) => takeEvents([event])),
      },
    ],
  });
  const outboundLog = store.log<BusEntry>('outbound', 1);
  const outbound = openLocalBus({
    ...common,
    name: 'outbound',
    log: outboundLog,
    deadLetters: objects,
    trim: (shard, upTo) => store.trim(outboundLog, shard, upTo),
    // The archive of the bus is the facts themselves: `ops replay --events` publishes them again.
    rules: [{ name: 'delivered', pattern: { source: [{ prefix: 'rotunda.' }] }, target: deliverEvents }],
  });

  const telemetryLog = store.log<LogEntry>('telemetry', 4);
  const telemetry: TelemetryStream = {
    append: failPoints.after('telemetry.appended', createLocalStream(telemetryLog, clock).append),
  };
  const ingest = new Ingest(made);
  const takeReadings = takeTelemetry.handle(made);
  const takeRecords = invokeKinesisHandler('rotunda-telemetry', (event) => takeReadings(event, unhurriedInvocation));
  parked.on('readings', (records) =>
    takeRecords({
      shard: 0,
      records: records.map(({ position, entry }) => ({ position, entry: TelemetryEntry.parse(entry) })),
    }),
  );
  const stream = startEventSource<LogEntry>({
    ...common,
    consumer: 'readings',
    log: telemetryLog,
    invoke: takeRecords,
    arrivedAt,
    failures: objects,
    batchSize: 2000,
    windowMs: 20,
    consumed: (shard, position) => store.trim(telemetryLog, shard, position),
  });

  const feedParts = { store, failures: objects, parked, clock, logger, metrics };
  const { history } = options;
  const resting = (reader: FeedReader): FeedReader =>
    reader.behind === true && history !== undefined
      ? { ...reader, take: async (changes) => history.then(() => reader.take(changes)) }
      : reader;
  const sources: EventSource[] = [stream];
  const prompt: EventSource[] = [stream];
  const startReaders: LocalSystem['startReaders'] = (byFeed) => {
    for (const feed of feedNames) {
      const readers = byFeed[feed].map(resting);
      const refolding = readers.map((reader) => ({ ...reader, take: refoldingOlder(reader.take, committer) }));
      const started = startFeedReaders(feedParts, store.feed(feed), refolding);
      sources.push(...started);
      prompt.push(...started.filter((_, index) => readers[index]?.behind !== true));
    }
  };

  const settle = async (readers: readonly EventSource[]): Promise<void> => {
    // A reader's writes can be another's changes: quiet only when a whole round found nothing new.
    for (let round = 0; round < 3; round += 1) {
      await inbound.drain();
      for (const source of readers) await source.drain();
      await outbound.drain();
    }
  };
  const quiet = async (readers: readonly EventSource[], milliseconds: number): Promise<boolean> => {
    const late = new AbortController();
    const timeout = sleep(milliseconds, 'late' as const, { signal: late.signal }).catch(() => 'late' as const);
    const answer = await Promise.race([settle(readers).then(() => 'quiet' as const), timeout]);
    late.abort();
    return answer === 'quiet';
  };

  return {
    ...parts,
    telemetry,
    appendTelemetry: async (records) => {
      const byShard = new Map<number, LogEntry[]>();
      for (const { partitionKey, data } of records) {
        const shard = shardOf(partitionKey, telemetryLog.shards);
        const entries = byShard.get(shard) ?? [];
        entries.push({ partitionKey, data, arrival: clock.now() / 1000 });
        byShard.set(shard, entries);
      }
      await Promise.all([...byShard].map(([shard, entries]) => telemetryLog.append(shard, entries)));
    },
    inbound,
    outbound,
    parked,
    ingest,
    startReaders,
    drain: (milliseconds = longestDrain) => quiet(sources, milliseconds),
    drainPrompt: (milliseconds = longestDrain) => quiet(prompt, milliseconds),
    stop: async () => {
      await inbound.stop();
      await Promise.all(sources.map((source) => source.stop()));
      await outbound.stop();
      await store.close();
    },
  };
};
