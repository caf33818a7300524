import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { itemBytes } from '#shared/table/item-size.ts';
import {
  type Condition,
  type Item,
  type Key,
  limits,
  type Page,
  type Query,
  type Scan,
  type Table,
  type TableName,
  Throttled,
  tableNames,
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
  inspectItem,
  isEmptyRange,
  keyOf,
} from '#shared/table/table-checks.ts';
import { readScanCursor, writeCursor, writeScanCursor } from '#shared/table/table-cursor.ts';
import { attributesOf, itemOf } from './dynamo-attributes.ts';
import { conditionOf, keyAttributes, keyConditionOf, startOf } from './dynamo-expressions.ts';
import { describeTables, type PhysicalNames } from './dynamo-table-description.ts';
import { failureOf } from './dynamo-table-failures.ts';

export interface DynamoConfig {
  readonly names: PhysicalNames;
  /** Another address than the region's own: DynamoDB Local, an emulator. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Waits between tries of what DynamoDB left undone; milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** From 0 to 1; spreads those waits. */
  readonly random?: () => number;
  /** A client that is there already; the tables close it. */
  readonly client?: DynamoDBClient;
}

/** The tables of one stage. */
export interface DynamoTables {
  table(name: TableName): Table;
  close(): void;
}

const placeOf = ({ endpoint, region, credentials }: Pick<DynamoConfig, 'endpoint' | 'region' | 'credentials'>) => ({
  ...(endpoint === undefined ? {} : { endpoint }),
  ...(region === undefined ? {} : { region }),
  ...(credentials === undefined ? {} : { credentials }),
});

export interface DynamoClientConfig extends Pick<DynamoConfig, 'endpoint' | 'region' | 'credentials'> {
  /** How long an answer is waited for, in milliseconds; 3000 unless said otherwise. */
  readonly requestTimeout?: number;
  /** When and how often the SDK tries a request again; the SDK's standard, at most three tries, unless said otherwise. */
  readonly retryStrategy?: NonNullable<DynamoDBClientConfig['retryStrategy']>;
}

/**
 * The client of the tables. A request is given up after 3 s and tried twice more, so that a caller of the API is told before its
 * 29 s are over.
 */
export const createDynamoClient = (config: DynamoClientConfig): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` a request that takes too long is only warned of, and waited for without end.
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: config.requestTimeout ?? 3000,
      throwOnRequestTimeout: true,
    },
    ...(config.retryStrategy === undefined ? {} : { retryStrategy: config.retryStrategy }),
    ...placeOf(config),
  });

/** Tables in DynamoDB. Nothing is sent before the first call. */
export const openDynamoTables = (config: DynamoConfig): DynamoTables => {
  const client = config.client ?? createDynamoClient(config);
  const tables = new Map(tableNames.map((name) => [name, new DynamoTable(name, client, config)]));
  return {
    table(name) {
      const table = tables.get(name);
      if (table === undefined) throw new TypeError(`no table ${name}`);
      return table;
    },
    close: () => client.destroy(),
  };
};

/** What is done with the error of a call: turned into the table's own and thrown. */
const refuse = (error: unknown): never => {
  throw failureOf(error);
};

class DynamoTable implements Table {
  readonly name: TableName;
  readonly #client: DynamoDBClient;
  readonly #names: PhysicalNames;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #random: () => number;

  constructor(name: TableName, client: DynamoDBClient, config: DynamoConfig) {
    this.name = name;
    this.#client = client;
    this.#names = config.names;
    this.#wait = config.wait ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
    this.#random = config.random ?? Math.random;
  }

  async get(key: Key, options: { readonly consistent?: boolean } = {}): Promise<Item | undefined> {
    checkKey(key);
    const command = new GetItemCommand({
      TableName: this.#names[this.name],
      Key: keyAttributes(key),
      ConsistentRead: options.consistent === true,
    });
    const answer = await this.#client.send(command).catch(refuse);
    return answer.Item === undefined ? undefined : itemOf(answer.Item);
  }

  async query(query: Query): Promise<Page> {
    checkQuery(this.name, query);
    if (isEmptyRange(query)) return { items: [] };
    const command = new QueryCommand({
      TableName: this.#names[this.name],
      ...keyConditionOf(query),
      ScanIndexForward: query.descending !== true,
      ConsistentRead: query.consistent === true,
      ...(query.index === undefined ? {} : { IndexName: query.index }),
      ...(query.limit === undefined ? {} : { Limit: query.limit }),
      ...(query.cursor === undefined ? {} : { ExclusiveStartKey: startOf(query, query.cursor) }),
    });
    const answer = await this.#client.send(command).catch(refuse);
    const items = (answer.Items ?? []).map(itemOf);
    return answer.LastEvaluatedKey === undefined
      ? { items }
      : { items, cursor: writeCursor(query, itemOf(answer.LastEvaluatedKey)) };
  }

  async scan(scan: Scan): Promise<Page> {
    checkScan(scan);
    const { segment, limit, cursor } = scan;
    const command = new ScanCommand({
      TableName: this.#names[this.name],
      ConsistentRead: scan.consistent === true,
      ...(segment === undefined ? {} : { Segment: segment.index, TotalSegments: segment.of }),
      ...(limit === undefined ? {} : { Limit: limit }),
      ...(cursor === undefined ? {} : { ExclusiveStartKey: keyAttributes(readScanCursor(cursor)) }),
    });
    const answer = await this.#client.send(command).catch(refuse);
    const items = (answer.Items ?? []).map(itemOf);
    return answer.LastEvaluatedKey === undefined
      ? { items }
      : { items, cursor: writeScanCursor(itemOf(answer.LastEvaluatedKey)) };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    checkWrites(this.name, writes);
    checkCommitSize(writes.reduce((sum, write) => sum + this.#checkedBytes(write), 0));
    const [only] = writes;
    if (
      writes.length === 1 &&
      only !== undefined &&
      'put' in only &&
      (only.when === undefined || only.mayRepeat === true)
    )
      return this.#putAlone(only.in ?? this.name, only.put, only.when);
    // The SDK gives the command a token, so a retry after a lost answer is not taken for a second commit.
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map((write) => this.#transactItem(write)) });
    await this.#client.send(command).catch(refuse);
  }

  #checkedBytes(write: Write): number {
    return 'put' in write ? checkedBytes(write.in ?? this.name, write.put) : 0;
  }

  /** A put that may be sent twice needs no transaction, which would cost twice. */
  async #putAlone(table: TableName, item: Item, when: Condition | undefined): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#names[table],
      Item: attributesOf(item),
      ...conditionOf(when),
    });
    await this.#client.send(command).catch(refuse);
  }

  #transactItem(write: Write): TransactWriteItem {
    const TableName = this.#names[write.in ?? this.name];
    if ('put' in write) return { Put: { TableName, Item: attributesOf(write.put), ...conditionOf(write.when) } };
    const Key = keyAttributes(keyOf(write));
    return 'remove' in write
      ? { Delete: { TableName, Key, ...conditionOf(write.when) } }
      : { ConditionCheck: { TableName, Key, ...conditionOf(write.when) } };
  }

  async batchPut(items: readonly Item[]): Promise<void> {
    checkBatch(items);
    for (const item of items) checkedBytes(this.name, item);
    const batches = batchesOf(items);
    const next = batches.values();
    const worker = async (): Promise<void> => {
      for (const batch of next) await this.#putBatch(batch);
    };
    await Promise.all(Array.from({ length: Math.min(4, batches.length) }, worker));
  }

  /** Puts what DynamoDB left undone again, after a wait with full jitter, at most ten times. */
  async #putBatch(items: readonly Item[]): Promise<void> {
    const table = this.#names[this.name];
    let left: WriteRequests = items.map((item) => ({ PutRequest: { Item: attributesOf(item) } }));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (attempt > 0) await this.#wait(this.#random() * Math.min(5000, 50 * 2 ** attempt));
      left = await this.#send(table, left);
      if (left.length === 0) return;
    }
    throw new Throttled();
  }

  async #send(table: string, requests: WriteRequests): Promise<WriteRequests> {
    try {
      const answer = await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      return answer.UnprocessedItems?.[table] ?? [];
    } catch (error) {
      const failure = failureOf(error);
      if (failure instanceof Throttled) return requests;
      throw failure;
    }
  }

  /** The client is closed with all the tables. */
  async close(): Promise<void> {}
}

type WriteRequests = NonNullable<ConstructorParameters<typeof BatchWriteItemCommand>[0]['RequestItems']>[string];

const checkedBytes = (table: TableName, item: Item): number => {
  inspectItem(table, item);
  const bytes = itemBytes(item);
  checkItemSize(bytes);
  return bytes;
};

/** Cuts items into batches of 25; as many of the largest items (10 MB) stay below the 16 MB a batch may have. */
const batchesOf = (items: readonly Item[]): readonly (readonly Item[])[] => {
  const batches: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += limits.batchItems)
    batches.push(items.slice(start, start + limits.batchItems));
  return batches;
};

/** Makes the tables and waits until they can be used; for tests and emulators, a stage's are made by its stack. */
export const createTables = async (config: DynamoConfig): Promise<void> => {
  // Making a table takes its time and cannot be sent twice: this client waits.
  const client = config.client ?? new DynamoDBClient({ ...placeOf(config), maxAttempts: 1 });
  try {
    for (const table of describeTables(config.names)) {
      await client.send(new CreateTableCommand(table));
      await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { TableName: table.TableName });
    }
  } finally {
    client.destroy();
  }
};
