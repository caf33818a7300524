import type { LocalLog, Positions } from '#shared/messaging/ports.ts';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import {
  type Change,
  ConditionFailed,
  type Item,
  type Table,
  type TableName,
  tableNames,
} from '#shared/table/table.ts';
import { expiryAttribute, tableLayouts } from '#shared/table/table-layout.ts';
import { decodeItem, expiryPrefix, feedPrefix, itemsPrefix, logPrefix, sequenceKey } from './level-codec.ts';
import { decodeChanges } from './level-feed.ts';
import { type AppendableLog, LevelAppendLog, LevelLog, LevelPositions, type LogEntry } from './level-log.ts';
import { type Opened, openFolder, openMemory } from './level-open.ts';
import { type LevelGround, LevelTable } from './level-table.ts';
import { type Level, LevelWriter, type Op, Sequence, wideReads } from './level-writer.ts';

/** Keys between two marks that are laid where everything is written anew. */
const keysBetweenMarks = 64;

/** Shards of each feed; the changes of one partition are all in one. */
export const feedShards = 4;

export interface LevelStoreOptions {
  /** Where the store is kept; absent, in memory. */
  readonly folder?: string;
  /** Reads that do not ask for consistency see each table as it was before its last commit. */
  readonly staleReads?: boolean;
  /** Wait for the disk on each write: outlives a power cut too. Without it a write outlives the death of this process. */
  readonly sync?: boolean;
  /** Tells when items expire; the system's own by default. */
  readonly clock?: Clock;
}

/** All tables, their feeds, logs and the places of consumers in one Level database. */
export interface LevelStore {
  table(name: TableName): Table;
  /** Changes of a table; the keys table has none. */
  feed(name: TableName): LocalLog<Change>;
  /** A log that others write, e.g. the telemetry stream or a queue. `name` is lower case letters, digits and `-`. */
  log<Entry extends object = LogEntry>(name: string, shards: number): AppendableLog<Entry>;
  readonly positions: Positions;
  /** Why the last write was not stored, such as a full disk; undefined where all is well. */
  readonly failure: string | undefined;
  /** Removes the entries of a shard up to a position, it included. */
  trim(log: LocalLog<unknown>, shard: number, upTo: string): Promise<void>;
  /** Removes items whose time has come, as DynamoDB does some time after it; answers how many. */
  removeExpired(): Promise<number>;
  /** Says who reads a log: what all of them have passed is no longer needed. */
  readBy(log: LocalLog<unknown>, consumers: readonly string[]): void;
  /**
   * Makes sure that what was replaced or removed is in no file any more, readings excepted: changes that all their readers have passed
   * go, and what is left is written anew. Level's list of its files and its own log may name keys of before until the store is closed.
   */
  forgetDeleted(): Promise<void>;
  /** Every item of a table in key order; for digests and backups alone. */
  scan(name: TableName): AsyncIterable<Item>;
  close(): Promise<void>;
}

/** Opens a store. Throws DomainError('unavailable', 'store.in-use') where another process has the folder. */
export const openLevelStore = async (options: LevelStoreOptions = {}): Promise<LevelStore> => {
  const opened =
    options.folder === undefined ? await openMemory() : await openFolder(options.folder, options.sync === true);
  const start = Number((await opened.db.get(sequenceKey)) ?? 0);
  const alone = options.staleReads === true;
  const writer = new LevelWriter(opened.db, new Sequence(start), { alone, store: opened.store });
  return new Store(opened, writer, { staleReads: alone, clock: options.clock ?? systemClock });
};

class Store implements LevelStore, LevelGround {
  readonly db: Level;
  readonly writer: LevelWriter;
  readonly positions: Positions;
  readonly #staleReads: boolean;
  readonly #clock: Clock;
  readonly #tables = new Map<TableName, LevelTable>();
  readonly #feeds = new Map<TableName, LevelLog<Change>>();
  readonly #compact: (places: readonly string[]) => Promise<void>;
  readonly #compactAll: Opened['compactAll'];
  readonly #readers = new Map<LevelLog<unknown>, readonly string[]>();
  #isForgetful = false;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #snapshots = new Map<TableName, ReturnType<Level['snapshot']>>();

  constructor(
    opened: Opened,
    writer: LevelWriter,
    { staleReads, clock }: { readonly staleReads: boolean; readonly clock: Clock },
  ) {
    const { db } = opened;
    this.db = db;
    this.#compact = (places) => opened.compact(places);
    this.#compactAll = (from, to) => opened.compactAll(from, to);
    this.writer = writer;
    this.#staleReads = staleReads;
    this.#clock = clock;
    this.positions = new LevelPositions(db, writer);
    for (const name of tableNames) {
      this.#tables.set(name, new LevelTable(name, this));
      if (tableLayouts[name].feed)
        this.#feeds.set(
          name,
          new LevelLog(db, {
            name,
            shards: feedShards,
            prefix: feedPrefix(name),
            listeners: new Set(),
            decode: decodeChanges,
          }),
        );
    }
  }

  get failure(): string | undefined {
    return this.writer.failure;
  }

  table(name: TableName): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw new TypeError(`no table ${name}`);
    return table;
  }

  feed(name: TableName): LocalLog<Change> {
    const feed = this.#feeds.get(name);
    if (feed === undefined) throw new TypeError(`the table ${name} has no feed`);
    return feed;
  }

  feedOf(name: TableName): LevelLog<Change> | undefined {
    return this.#feeds.get(name);
  }

  log<Entry extends object = LogEntry>(name: string, shards: number): AppendableLog<Entry> {
    if (!/^[a-z0-9-]{1,60}$/.test(name)) throw new TypeError(`no name of a log: ${name}`);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    return new LevelAppendLog<Entry>(this.db, this.writer, { name, shards, prefix: logPrefix(name), listeners });
  }

  async trim(log: LocalLog<unknown>, shard: number, upTo: string): Promise<void> {
    if (!(log instanceof LevelLog)) throw new TypeError(`${log.name} is no log of this store`);
    await log.trim(shard, upTo);
  }

  async *scan(name: TableName): AsyncIterable<Item> {
    const prefix = itemsPrefix(name);
    const texts = this.db.values({ gt: prefix, lt: `${prefix}\u{10ffff}`, ...wideReads });
    try {
      for (;;) {
        const found = await texts.nextv(1000);
        if (found.length === 0) return;
        for (const text of found) yield decodeItem(text);
      }
    } finally {
      await texts.close();
    }
  }

  async removeExpired(): Promise<number> {
    const now = Math.floor(this.#clock.now() / 1000);
    const expiring = tableNames.filter((name) => tableLayouts[name].expiry);
    const counts = await Promise.all(expiring.map((name) => this.#removeExpiredOf(name, now)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #removeExpiredOf(name: TableName, now: number): Promise<number> {
    const places = await this.db.values({ gte: expiryPrefix(name, 0), lt: expiryPrefix(name, now + 1) }).all();
    const texts = await this.db.getMany(places);
    const items = texts.flatMap((text) => (text === undefined ? [] : [decodeItem(text)]));
    const removed = await Promise.all(items.map((item) => this.#removeIfSame(name, item)));
    return removed.filter((done) => done).length;
  }

  /** An item that was put anew since it was found has another time to go. */
  async #removeIfSame(name: TableName, item: Item): Promise<boolean> {
    const expiresAt = item[expiryAttribute];
    if (typeof expiresAt !== 'number') return false;
    const when = { kind: 'equals', attribute: expiryAttribute, is: expiresAt } as const;
    try {
      await this.table(name).commit([{ remove: { pk: item.pk, sk: item.sk }, when }]);
      return true;
    } catch (error) {
      if (error instanceof ConditionFailed) return false;
      throw error;
    }
  }

  staleSnapshot(table: TableName): ReturnType<Level['snapshot']> | undefined {
    return this.#snapshots.get(table);
  }

  beforeChange(tables: ReadonlySet<TableName>): void {
    if (!this.#staleReads) return;
    for (const table of tables) {
      const old = this.#snapshots.get(table);
      this.#snapshots.set(table, this.db.snapshot());
      if (old !== undefined) void old.close();
    }
  }

  /**
   * LevelDB drops an old value when it merges a newer one of another file over it. The first pass moves old and new out of the
   * write-ahead log into one file; writing the same again gives the second pass something to merge over them.
   */
  async forget(places: readonly string[]): Promise<void> {
    await this.#compact(places);
    await this.writer.write({
      reads: places,
      decide: (before) =>
        places.map((key) => {
          const value = before(key);
          return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
        }),
    });
    await this.#compact(places);
  }

  readBy(log: LocalLog<unknown>, consumers: readonly string[]): void {
    if (!(log instanceof LevelLog)) throw new TypeError(`${log.name} is no log of this store`);
    this.#readers.set(log, consumers);
  }

  async #trimRead(log: LevelLog<unknown>, consumers: readonly string[]): Promise<void> {
    for (let shard = 0; shard < log.shards; shard += 1) {
      const passed = await Promise.all(consumers.map((consumer) => this.positions.get(consumer, shard)));
      const [lowest] = passed.map((position) => position ?? '').sort();
      if (lowest !== undefined && lowest !== '') await log.trim(shard, lowest);
    }
  }

  /**
   * Level drops what was replaced only where it merges files, and merges a file of its last level only with one above it. So marks
   * are laid all along what is stored, of keys that nobody has; merging them down takes every file along.
   */
  async forgetDeleted(): Promise<void> {
    this.#isForgetful = true;
    for (const [log, consumers] of this.#readers) await this.#trimRead(log, consumers);
    for (const snapshot of this.#snapshots.values()) await snapshot.close();
    this.#snapshots.clear();
    const [from, to] = ['!', itemsPrefix('readings')];
    // What stands in the write-ahead log goes into a file first: the marks must come in a later one.
    await this.#compact([from]);
    const keys = this.db.keys({ gte: from, lt: to, ...wideReads });
    const marks: Op[] = [{ type: 'del', key: from }];
    try {
      for (let found = await keys.nextv(keysBetweenMarks); found.length > 0; found = await keys.nextv(keysBetweenMarks))
        marks.push({ type: 'del', key: `${found.at(-1)}\u0000` });
    } finally {
      await keys.close();
    }
    marks.push({ type: 'del', key: to });
    await this.writer.write({ reads: [], decide: () => marks });
    await this.#compactAll(from, to);
  }

  async close(): Promise<void> {
    await this.writer.idle();
    await this.db.close();
    if (!this.#isForgetful) return;
    // Each opening writes the list of files anew, without keys of files that are gone, and begins another log of Level's own, of which
    // it keeps the one before.
    for (let times = 0; times < 2; times += 1) {
      await this.db.open();
      await this.db.close();
    }
  }
}
