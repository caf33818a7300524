import { createHash } from 'node:crypto';
import { itemBytes } from '#shared/table/item-size.ts';
import {
  type Change,
  type Condition,
  ConditionFailed,
  type Item,
  type Key,
  limits,
  type Page,
  type Query,
  type Scan,
  type Table,
  type TableName,
  type Value,
  type Write,
} from '#shared/table/table.ts';
import {
  checkBatch,
  checkCommitSize,
  checkItemSize,
  checkKey,
  checkQuery,
  checkScan,
  checkWrites,
  isEmptyRange,
  keyOf,
} from '#shared/table/table-checks.ts';
import { tableLayouts } from '#shared/table/table-layout.ts';
import { decodeItem, encodeItem, itemKey, mostBytes, sameItem } from './level-codec.ts';
import { FeedWriter } from './level-feed.ts';
import { indexOps } from './level-index.ts';
import type { LevelLog } from './level-log.ts';
import { PageBuilder, rangeOf, rangeOfScan } from './level-query.ts';
import { type Before, type Job, type Level, type LevelWriter, type Op, wideReads } from './level-writer.ts';

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

  async scan(scan: Scan): Promise<Page> {
    checkScan(scan);
    const snapshot = scan.consistent === true ? undefined : this.#ground.staleSnapshot(this.name);
    const page = new PageBuilder(scan.limit === undefined ? {} : { limit: scan.limit });
    const isAsked = scan.segment === undefined ? undefined : isIn(scan.segment);
    const texts = this.#ground.db.values<Buffer, string>({
      ...rangeOfScan(this.name, scan),
      keyEncoding: 'buffer',
      ...wideReads,
      ...(snapshot === undefined ? {} : { snapshot }),
    });
    try {
      while (!page.full) {
        const found = await texts.nextv(Math.min(scan.limit ?? 500, 500));
        if (found.length === 0) break;
        page.add(isAsked === undefined ? found : found.filter(isAsked));
      }
    } finally {
      await texts.close();
    }
    return page.build();
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

const sameScalar = (held: Value | undefined, is: string | number | Uint8Array): boolean =>
  held instanceof Uint8Array && is instanceof Uint8Array ? Buffer.compare(held, is) === 0 : held === is;

const holds = (condition: Condition, text: string | undefined): boolean => {
  if (condition.kind === 'absent') return text === undefined;
  if (text === undefined) return false;
  if (condition.kind === 'present') return true;
  const item = decodeItem(text);
  return condition.kind === 'version'
    ? item.version === condition.is
    : sameScalar(item[condition.attribute], condition.is);
};

/** Whether a stored item is in a part of its table; its partition decides, whose items come together. */
const isIn = ({ index, of }: NonNullable<Scan['segment']>): ((text: string) => boolean) => {
  let [last, isOfLast] = ['', false];
  return (text) => {
    const { pk } = decodeItem(text);
    if (pk !== last) [last, isOfLast] = [pk, createHash('sha256').update(pk).digest().readUInt32BE(0) % of === index];
    return isOfLast;
  };
};

const indexed = (table: TableName): boolean => tableLayouts[table].queueIndex || tableLayouts[table].expiry;

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
    if (indexed(table)) ops.push(...indexOps(table, place, old, plan.item));
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
