import type { LocalLog, Positions } from '#shared/messaging/ports.ts';
import { decodeItem, decodeValue, encodeValue, positionKey } from './level-codec.ts';
import { type Level, type LevelWriter, type Op, wideReads } from './level-writer.ts';
import type { Change } from './table.ts';

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

/** Reads and trims entries under one prefix; how an entry is written is the owner's. */
export class LevelLog<Entry> implements LocalLog<Entry> {
  readonly name: string;
  readonly shards: number;
  readonly #db: Level;
  readonly #prefix: string;
  readonly #decode: (text: string, position: string) => Entry;
  readonly #listeners: Set<() => void>;

  constructor(
    db: Level,
    log: {
      readonly name: string;
      readonly shards: number;
      readonly prefix: string;
      /** Shared by all objects that stand for this log. */
      readonly listeners: Set<() => void>;
      readonly decode: (text: string, position: string) => Entry;
    },
  ) {
    this.#db = db;
    this.#listeners = log.listeners;
    this.name = log.name;
    this.shards = log.shards;
    this.#prefix = log.prefix;
    this.#decode = log.decode;
  }

  async read(
    shard: number,
    after: string | undefined,
    limit: number,
  ): Promise<readonly { readonly position: string; readonly entry: Entry }[]> {
    const prefix = entryPrefix(this.#prefix, shard);
    const found = await this.#db.iterator({ gt: prefix + (after ?? ''), lt: `${prefix}~`, limit, ...wideReads }).all();
    return found.map(([key, text]) => {
      const position = key.slice(-positionDigits);
      return { position, entry: this.#decode(text, position) };
    });
  }

  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The write of one entry at a position. */
  op(shard: number, position: string, text: string): Op {
    return { type: 'put', key: entryPrefix(this.#prefix, shard) + position, value: text };
  }

  /** Says that entries were stored. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Removes the entries of a shard up to a position, it included. */
  async trim(shard: number, upTo: string): Promise<void> {
    const prefix = entryPrefix(this.#prefix, shard);
    await this.#db.clear({ gte: prefix, lte: prefix + upTo });
  }
}

/** A log for streams and queues. Entries hold what an item may hold. */
export class LevelAppendLog<Entry extends object> extends LevelLog<Entry> implements AppendableLog<Entry> {
  readonly #writer: LevelWriter;

  constructor(
    db: Level,
    writer: LevelWriter,
    log: {
      readonly name: string;
      readonly shards: number;
      readonly prefix: string;
      readonly listeners: Set<() => void>;
    },
  ) {
    // The entry was written by `append` of the same log, so it reads as what its owner gave.
    super(db, { ...log, decode: (text) => decodeValue(text) as unknown as Entry });
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

/** One change as the feed keeps it: length of the text before, the text before, the text after. */
export const encodeChange = (before: string | undefined, after: string | undefined): string =>
  `${before?.length ?? 0}:${before ?? ''}${after ?? ''}`;

/** Reads what `encodeChange` wrote. */
export const decodeChange = (text: string, position: string): Change => {
  const cut = text.indexOf(':') + 1;
  const end = cut + Number(text.slice(0, cut - 1));
  const before = end > cut ? decodeItem(text.slice(cut, end)) : undefined;
  const after = end < text.length ? decodeItem(text.slice(end)) : undefined;
  const item = after ?? before;
  if (item === undefined) throw new TypeError('a change of no item');
  return { key: { pk: item.pk, sk: item.sk }, before, after, position };
};

/** Shard of a feed that a partition's changes go to (FNV-1a), so that each item's changes stay in order. */
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
