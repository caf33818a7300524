/**
 * The one interface to a table. Two bodies: `level-table.ts` (embedded) and `dynamo-table.ts`.
 * Both keep DynamoDB's limits and refuse what DynamoDB refuses.
 */

/** A value an item may hold; numbers are finite. `undefined` members are not allowed. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value };

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & { readonly [name: string]: Value };

/** What a write expects of the item under its key. `version` compares the item's number `version`; bytes are equal by what they hold. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present' }
  | { readonly kind: 'version'; readonly is: number }
  | { readonly kind: 'equals'; readonly attribute: string; readonly is: string | number | Uint8Array };

/** Logical names of the tables; `in` lets one commit write to several of them, as a DynamoDB transaction can. */
export const tableNames = ['profile', 'readings', 'audit', 'keys'] as const;
export type TableName = (typeof tableNames)[number];

export type Write = { readonly in?: TableName } & (
  | {
      readonly put: Item;
      readonly when?: Condition;
      /**
       * Alone in its commit it may be sent twice, and then fail by itself: the caller reads anew on ConditionFailed. It needs no
       * transaction and costs half.
       */
      readonly mayRepeat?: true;
    }
  | { readonly remove: Key; readonly when?: Condition }
  | { readonly check: Key; readonly when: Condition }
);

/** Sparse index for work, never for truth: items that hold `queue` and `queueSort` (texts). */
export type IndexName = 'queue';

export interface Query {
  readonly pk: string;
  /** Inclusive bounds of the sort key; `prefix` is shorthand for a range. With `index` they bound `queueSort`. */
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly index?: IndexName;
  readonly limit?: number;
  readonly descending?: boolean;
  /** Position from a previous page of the same query. */
  readonly cursor?: string;
  readonly consistent?: boolean;
}

/** A walk over a whole table, for what must see all of it: digests, refolds, checks. Never to answer a request. */
export interface Scan {
  /** One of several parts that together are the table; all items of a partition are in one part. */
  readonly segment?: { readonly index: number; readonly of: number };
  readonly limit?: number;
  /** Position from a previous page of the same part. */
  readonly cursor?: string;
  readonly consistent?: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  /** Present where more may follow (also after 1 MB, as DynamoDB does). */
  readonly cursor?: string;
}

export interface Table {
  readonly name: TableName;
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  query(query: Query): Promise<Page>;
  /** The items of a partition come together, in the order of their sort keys; partitions in any order, the same each time. */
  scan(scan: Scan): Promise<Page>;
  /** All or nothing. Throws ConditionFailed, TransactionConflict, Throttled, LimitExceeded, or Unanswered where nobody knows. */
  commit(writes: readonly Write[]): Promise<void>;
  /** Blind puts, each for itself, retried until all are done. Keys must differ. Split by 25 and 16 MB inside. */
  batchPut(items: readonly Item[]): Promise<void>;
  close(): Promise<void>;
}

/** One change of one item, in the order of its key's changes; at least once. */
export interface Change {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Place in the feed, ascending; what a consumer reports when it fails. */
  readonly position: string;
}

export class ConditionFailed extends Error {
  /** Index of each write whose condition did not hold. */
  readonly failed: readonly number[];
  constructor(failed: readonly number[]) {
    super(`condition failed for write ${failed.join(', ')}`);
    this.name = 'ConditionFailed';
    this.failed = failed;
  }
}

export class TransactionConflict extends Error {
  constructor() {
    super('another transaction holds an item of this one');
    this.name = 'TransactionConflict';
  }
}

export class Throttled extends Error {
  constructor(cause?: unknown) {
    super('the table is busy', { cause });
    this.name = 'Throttled';
  }
}

/**
 * No answer came, or none that tells: the service failed, the line broke, the time was up, the credentials had run out. A write may
 * have taken effect or not; who tries again looks first whether it did.
 */
export class Unanswered extends Error {
  constructor(cause?: unknown) {
    super('the table did not answer', { cause });
    this.name = 'Unanswered';
  }
}

/** A request that DynamoDB would refuse: too large, too many, one item twice, a bad key. */
export class LimitExceeded extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LimitExceeded';
  }
}

export const limits = {
  itemBytes: 400 * 1024,
  transactionItems: 100,
  transactionBytes: 4 * 1024 * 1024,
  batchItems: 25,
  batchBytes: 16 * 1024 * 1024,
  pageBytes: 1024 * 1024,
  partitionKeyBytes: 2048,
  sortKeyBytes: 1024,
} as const;

/** Whether a failure may pass by itself: others write the same item, the table is busy, or nobody answered. */
export const mayPass = (failure: unknown): boolean =>
  failure instanceof TransactionConflict || failure instanceof Throttled || failure instanceof Unanswered;
