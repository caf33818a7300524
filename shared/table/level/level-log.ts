import type { LocalLog, Positions } from '#shared/messaging/ports.ts';
import { decodeValue, encodeValue, positionKey } from './level-codec.ts';
import { type Level, type LevelWriter, type Op, wideReads } from './level-writer.ts';

/** One record of a stream or a queue on this machine; `arrival` in seconds since 1970. */
export interface LogEntry {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrival: number;
}

/** A log that is written by others than a table. */
export interface AppendableLog<Entry> extends LocalLog<Entry> {
  /** Durable when it resolves; the entries keep their order within the shard. */
  append(shard: number, entries: readonly Entry[]): Promise<void>;
}

const entryPrefix = (prefix: string, shard: number): string => `${prefix}${String(shard).padStart(3, '0')}!`;
const positionDigits = 16;

/** How a log is kept: its name, its place, and how a record is read. */
export interface LogShape<Entry> {
  readonly name: string;
  readonly shards: number;
  readonly prefix: string;
  /** Shared by all objects that stand for this log. */
  readonly listeners: Set<() => void>;
  decode(text: string, position: string): readonly Positioned<Entry>[];
}

export interface Positioned<Entry> {
  readonly position: string;
  readonly entry: Entry;
}

/** A position begins with that of its record. */
const recordOf = (position: string): string => position.slice(0, positionDigits);

/** Ends the position of the last entry of a record of several, so that a reader who stands there has done with the record. */
export const lastOfRecord = '~';

/** Reads and trims records under one prefix; how a record is written is the owner's. */
export class LevelLog<Entry> implements LocalLog<Entry> {
  readonly name: string;
  readonly shards: number;
  readonly #db: Level;
  readonly #shape: LogShape<Entry>;
  /** Key up to which each shard was trimmed by this process. */
  readonly #trimmed = new Map<number, string>();

  constructor(db: Level, shape: LogShape<Entry>) {
    this.#db = db;
    this.name = shape.name;
    this.shards = shape.shards;
    this.#shape = shape;
  }

  async read(shard: number, after: string | undefined, limit: number): Promise<readonly Positioned<Entry>[]> {
    const prefix = entryPrefix(this.#shape.prefix, shard);
    const records = await this.#db
      .iterator({ gte: prefix + recordOf(after ?? ''), lt: `${prefix}~`, limit: limit + 1, ...wideReads })
      .all();
    const read: Positioned<Entry>[] = [];
    for (const [key, text] of records) {
      if (read.length >= limit) break;
      for (const positioned of this.#shape.decode(text, key.slice(-positionDigits)))
        if (read.length < limit && (after === undefined || positioned.position > after)) read.push(positioned);
    }
    return read;
  }

  onAppend(listener: () => void): () => void {
    this.#shape.listeners.add(listener);
    return () => {
      this.#shape.listeners.delete(listener);
    };
  }

  /** The write of one record at a position. */
  op(shard: number, position: string, text: string): Op {
    return { type: 'put', key: entryPrefix(this.#shape.prefix, shard) + position, value: text };
  }

  /** Says that entries were stored. */
  announce(): void {
    for (const listener of this.#shape.listeners) listener();
  }

  /** Removes the records of a shard whose last entry is at or before a position. */
  async trim(shard: number, upTo: string): Promise<void> {
    const prefix = entryPrefix(this.#shape.prefix, shard);
    const done = upTo.length === positionDigits || upTo.endsWith(lastOfRecord);
    const record = prefix + recordOf(upTo);
    // What was removed leaves marks in Level's files that a scan from the beginning would pass over again each time.
    const from = this.#trimmed.get(shard) ?? prefix;
    await this.#db.clear({ gte: from, ...(done ? { lte: record } : { lt: record }) });
    this.#trimmed.set(shard, record);
  }
}

/** A log for streams and queues. Entries hold what an item may hold. */
export class LevelAppendLog<Entry extends object> extends LevelLog<Entry> implements AppendableLog<Entry> {
  readonly #writer: LevelWriter;

  constructor(db: Level, writer: LevelWriter, shape: Omit<LogShape<Entry>, 'decode'>) {
    // The entry was written by `append` of the same log, so it reads as what its owner gave.
    super(db, { ...shape, decode: (text, position) => [{ position, entry: decodeValue(text) as unknown as Entry }] });
    this.#writer = writer;
  }

  async append(shard: number, entries: readonly Entry[]): Promise<void> {
    if (!Number.isInteger(shard) || shard < 0 || shard >= this.shards)
      throw new RangeError(`${this.name} has no shard ${shard}`);
    if (entries.length === 0) return;
    const texts = entries.map((entry) => encodeValue(entry, true));
    await this.#writer.write({
      reads: [],
      decide: () => texts.map((text) => this.op(shard, this.#writer.sequence.next(), text)),
      done: () => this.announce(),
    });
  }
}

/** Shard a partition's entries go to (FNV-1a), so that they stay in order. */
export const shardOf = (pk: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < pk.length; index += 1) hash = Math.imul(hash ^ pk.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % shards;
};

/** Where consumers stand, kept beside the logs. */
export class LevelPositions implements Positions {
  readonly #db: Level;
  readonly #writer: LevelWriter;

  constructor(db: Level, writer: LevelWriter) {
    this.#db = db;
    this.#writer = writer;
  }

  get(consumer: string, shard: number): Promise<string | undefined> {
    return this.#db.get(positionKey(consumer, shard));
  }

  set(consumer: string, shard: number, position: string): Promise<void> {
    return this.#writer.write({
      reads: [],
      decide: () => [{ type: 'put', key: positionKey(consumer, shard), value: position }],
    });
  }
}
