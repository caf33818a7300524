import { itemBytes } from './item-size.ts';
import {
  afterPart,
  decodeItem,
  encodeItem,
  escaped,
  indexKey,
  indexPrefix,
  itemKey,
  itemsPrefix,
  mostBytes,
  partEnd,
  sameItem,
} from './level-codec.ts';
import { FeedWriter } from './level-feed.ts';
import type { LevelLog } from './level-log.ts';
import { type Before, type Job, type Level, type LevelWriter, type Op, wideReads } from './level-writer.ts';
import {
  type Change,
  type Condition,
  ConditionFailed,
  type Item,
  type Key,
  limits,
  type Page,
  type Query,
  type Table,
  type TableName,
  type Write,
} from './table.ts';
import {
  checkBatch,
  checkCommitSize,
  checkItemSize,
  checkKey,
  checkQuery,
  checkWrites,
  isEmptyRange,
  keyOf,
  textOf,
} from './table-checks.ts';
import { readCursor, writeCursor } from './table-cursor.ts';
import { tableLayouts } from './table-layout.ts';

type Snapshot = ReturnType<Level['snapshot']>;

/** What a table shares with the others of its store. */
export interface LevelGround {
  readonly db: Level;
  readonly writer: LevelWriter;
  feedOf(table: TableName): LevelLog<Change> | undefined;
  /** The state an eventually consistent read sees; undefined for the newest. */
  staleSnapshot(table: TableName): Snapshot | undefined;
  /** Called before a write that changes these tables. */
  beforeChange(tables: ReadonlySet<TableName>): void;
  /** Makes sure that what was replaced or removed under these keys is in no file any more. */
  forget(places: readonly string[]): Promise<void>;
}

/** The embedded body of a table. */
export class LevelTable implements Table {
  readonly name: TableName;
  readonly #ground: LevelGround;

  constructor(name: TableName, ground: LevelGround) {
    this.name = name;
    this.#ground = ground;
  }

  async get(key: Key, options: { readonly consistent?: boolean } = {}): Promise<Item | undefined> {
    checkKey(key);
    const place = itemKey(this.name, key.pk, key.sk);
    const snapshot = options.consistent === true ? undefined : this.#ground.staleSnapshot(this.name);
    const text = await (snapshot === undefined ? this.#ground.db.get(place) : this.#ground.db.get(place, { snapshot }));
    return text === undefined ? undefined : decodeItem(text);
  }

  async query(query: Query): Promise<Page> {
    checkQuery(this.name, query);
    if (isEmptyRange(query)) return { items: [] };
    const snapshot = query.consistent === true ? undefined : this.#ground.staleSnapshot(this.name);
    const page = new PageBuilder(query);
    const texts = this.#ground.db.values<Buffer, string>({
      ...rangeOf(this.name, query),
      reverse: query.descending === true,
      keyEncoding: 'buffer',
      ...wideReads,
      ...(snapshot === undefined ? {} : { snapshot }),
    });
    const step = Math.min(query.limit ?? 500, 500);
    try {
      while (!page.full) {
        const found = await texts.nextv(step);
        if (found.length === 0) break;
        page.add(query.index === undefined ? found : await this.#itemsAt(found, snapshot));
      }
    } finally {
      await texts.close();
    }
    return page.build();
  }

  async #itemsAt(places: readonly string[], snapshot: Snapshot | undefined): Promise<readonly string[]> {
    const texts = await this.#ground.db.getMany([...places], snapshot === undefined ? {} : { snapshot });
    // The index entry may be newer than the item where no snapshot holds them together.
    return texts.filter((text) => text !== undefined);
  }

  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    checkWrites(this.name, writes);
    const plans = writes.map((write) => planOf(this.name, write));
    checkSizes(plans);
    await this.#ground.writer.write(new ChangeJob(this.#ground, plans));
  }

  async batchPut(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    checkBatch(items);
    const plans = items.map((item) => planOf(this.name, { put: item }));
    for (const plan of plans) checkPlanSize(plan);
    await this.#ground.writer.write(new ChangeJob(this.#ground, plans));
  }

  /** The store is closed as a whole. */
  async close(): Promise<void> {
    await this.#ground.writer.idle();
  }
}

/** One write, encoded. `text` is undefined for a removal; `keep` for a check. */
interface Plan {
  readonly table: TableName;
  readonly key: Key;
  readonly place: string;
  readonly when: Condition | undefined;
  readonly keep: boolean;
  readonly item: Item | undefined;
  readonly text: string | undefined;
}

const planOf = (home: TableName, write: Write): Plan => {
  const table = write.in ?? home;
  const key = keyOf(write);
  const item = 'put' in write ? write.put : undefined;
  return {
    table,
    key,
    place: itemKey(table, key.pk, key.sk),
    when: write.when,
    keep: 'check' in write,
    item,
    text: item === undefined ? undefined : encodeItem(table, item),
  };
};

const checkPlanSize = (plan: Plan): void => {
  if (plan.item === undefined || plan.text === undefined || mostBytes(plan.text) <= limits.itemBytes) return;
  checkItemSize(itemBytes(plan.item));
};

const checkSizes = (plans: readonly Plan[]): void => {
  let most = 0;
  for (const plan of plans) {
    checkPlanSize(plan);
    most += plan.text === undefined ? 0 : mostBytes(plan.text);
  }
  if (most > limits.transactionBytes)
    checkCommitSize(plans.reduce((sum, plan) => sum + (plan.item === undefined ? 0 : itemBytes(plan.item)), 0));
};

const holds = (condition: Condition, text: string | undefined): boolean => {
  if (condition.kind === 'absent') return text === undefined;
  if (text === undefined) return false;
  if (condition.kind === 'present') return true;
  const item = decodeItem(text);
  return condition.kind === 'version' ? item.version === condition.is : item[condition.attribute] === condition.is;
};

/** Checks conditions, then writes items, index entries and feed entries; items that stay as they are leave no trace. */
class ChangeJob implements Job {
  readonly reads: readonly string[];
  readonly #ground: LevelGround;
  readonly #plans: readonly Plan[];
  readonly #changed = new Set<TableName>();
  /** A table without a feed keeps no old image, so its store keeps none either. */
  readonly #toForget: string[] = [];

  constructor(ground: LevelGround, plans: readonly Plan[]) {
    this.#ground = ground;
    this.#plans = plans;
    this.reads = plans.map((plan) => plan.place);
  }

  decide(before: Before): readonly Op[] {
    const failed: number[] = [];
    this.#plans.forEach((plan, index) => {
      if (plan.when !== undefined && !holds(plan.when, before(plan.place))) failed.push(index);
    });
    if (failed.length > 0) throw new ConditionFailed(failed);
    const ops: Op[] = [];
    const feeds = new FeedWriter();
    for (const plan of this.#plans) if (!plan.keep) this.#change(ops, feeds, plan, before(plan.place));
    ops.push(...feeds.ops(this.#ground.writer.sequence));
    return ops;
  }

  #change(ops: Op[], feeds: FeedWriter, plan: Plan, old: string | undefined): void {
    const { table, place, text } = plan;
    if (text === undefined ? old === undefined : old !== undefined && sameItem(old, text)) return;
    this.#changed.add(table);
    ops.push(text === undefined ? { type: 'del', key: place } : { type: 'put', key: place, value: text });
    if (tableLayouts[table].queueIndex) reindex(ops, plan, old);
    const feed = this.#ground.feedOf(table);
    if (feed !== undefined) feeds.add(feed, plan.key.pk, old, text);
    else if (old !== undefined) this.#toForget.push(place);
  }

  prepare(): void {
    if (this.#changed.size > 0) this.#ground.beforeChange(this.#changed);
  }

  done(): void | Promise<void> {
    for (const table of this.#changed) this.#ground.feedOf(table)?.announce();
    return this.#toForget.length > 0 ? this.#ground.forget(this.#toForget) : undefined;
  }
}

const indexPlace = (table: TableName, item: Item | undefined): string | undefined => {
  const queue = textOf(item?.queue);
  const queueSort = textOf(item?.queueSort);
  return item === undefined || queue === undefined || queueSort === undefined
    ? undefined
    : indexKey(table, queue, queueSort, item.pk, item.sk);
};

const reindex = (ops: Op[], plan: Plan, old: string | undefined): void => {
  const was = old?.includes('"queueSort":') ? indexPlace(plan.table, decodeItem(old)) : undefined;
  const is = indexPlace(plan.table, plan.item);
  if (was === is) return;
  if (was !== undefined) ops.push({ type: 'del', key: was });
  if (is !== undefined) ops.push({ type: 'put', key: is, value: plan.place });
};

/** No byte of UTF-8 is 255, so this ends the range of a prefix. */
const afterPrefix = Buffer.from([0xff]);

interface Range {
  gte?: Buffer;
  gt?: Buffer;
  lt?: Buffer;
  lte?: Buffer;
}

const rangeOf = (table: TableName, query: Query): Range => {
  const indexed = query.index !== undefined;
  const root = (indexed ? indexPrefix(table) : itemsPrefix(table)) + escaped(query.pk);
  const sort = (text: string): string => root + partEnd + (indexed ? escaped(text) : text);
  const range: Range = { gte: Buffer.from(sort(query.prefix ?? query.from ?? '')) };
  if (query.prefix !== undefined) range.lt = Buffer.concat([Buffer.from(sort(query.prefix)), afterPrefix]);
  else if (query.to === undefined) range.lt = Buffer.from(root + afterPart);
  else if (indexed) range.lt = Buffer.from(sort(query.to) + afterPart);
  else range.lte = Buffer.from(sort(query.to));
  return query.cursor === undefined ? range : from(range, table, query, query.cursor);
};

const from = (range: Range, table: TableName, query: Query, cursor: string): Range => {
  const place = readCursor(query, cursor);
  const last = Buffer.from(
    place.queueSort === undefined
      ? itemKey(table, place.pk, place.sk)
      : indexKey(table, query.pk, place.queueSort, place.pk, place.sk),
  );
  const { gte, lt, lte } = range;
  if (query.descending === true) return { ...(gte && { gte }), lt: last };
  return { gt: last, ...(lt && { lt }), ...(lte && { lte }) };
};

/** Gathers items up to the limit of the query or 1 MB. */
class PageBuilder {
  full = false;
  readonly #query: Query;
  readonly #items: Item[] = [];
  #mostBytes = 0;
  #bytes: number | undefined;

  constructor(query: Query) {
    this.#query = query;
  }

  add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.full) return;
      const item = decodeItem(text);
      if (!this.#fits(item, text)) {
        this.full = true;
        return;
      }
      this.#items.push(item);
      if (this.#items.length === this.#query.limit) this.full = true;
    }
  }

  /** Counts exactly only where the cheap upper bound has passed the limit. */
  #fits(item: Item, text: string): boolean {
    this.#mostBytes += mostBytes(text);
    if (this.#mostBytes <= limits.pageBytes) return true;
    this.#bytes ??= this.#items.reduce((sum, held) => sum + itemBytes(held), 0);
    this.#bytes += itemBytes(item);
    return this.#bytes <= limits.pageBytes;
  }

  build(): Page {
    const last = this.#items.at(-1);
    return this.full && last !== undefined
      ? { items: this.#items, cursor: writeCursor(this.#query, last) }
      : { items: this.#items };
  }
}
