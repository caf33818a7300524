import {
  type Item,
  type Key,
  LimitExceeded,
  limits,
  type Query,
  type Scan,
  type TableName,
  type Value,
  type Write,
} from './table.ts';
import { queueAttributes, tableLayouts } from './table-layout.ts';

/** What DynamoDB refuses, refused alike by every body of a table, before anything is written. */

const deepest = 32;
const largestNumber = 1e126;
const smallestNumber = 1e-130;

const checkNumber = (value: number): void => {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= largestNumber || (size > 0 && size < smallestNumber))
    throw new LimitExceeded('a number must be finite and within 1E-130 and 9.9E+125');
};

const inspectMembers = (members: object, depth: number): boolean => {
  let binary = false;
  for (const [name, member] of Object.entries(members)) {
    if (name === '') throw new LimitExceeded('an attribute needs a name');
    if (inspect(member, depth)) binary = true;
  }
  return binary;
};

const inspect = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return false;
  if (typeof value === 'number') {
    checkNumber(value);
    return false;
  }
  if (typeof value !== 'object') throw new LimitExceeded(`a table holds no ${typeof value}`);
  if (value instanceof Uint8Array) return true;
  if (depth >= deepest) throw new LimitExceeded(`a value nests deeper than ${deepest}`);
  if (!Array.isArray(value)) return inspectMembers(value, depth + 1);
  let binary = false;
  for (const member of value) if (inspect(member, depth + 1)) binary = true;
  return binary;
};

const checkKeyPart = (name: string, value: unknown, most: number): void => {
  if (typeof value !== 'string' || value === '') throw new LimitExceeded(`${name} must be a text that is not empty`);
  // A character is at most 3 bytes of UTF-8 for each UTF-16 unit.
  if (value.length * 3 > most && Buffer.byteLength(value, 'utf8') > most)
    throw new LimitExceeded(`${name} is longer than ${most} bytes`);
};

/** Refuses an empty or too long key. */
export const checkKey = (key: Key): void => {
  checkKeyPart('pk', key.pk, limits.partitionKeyBytes);
  checkKeyPart('sk', key.sk, limits.sortKeyBytes);
};

/** Refuses what no item may hold; answers whether it holds bytes. Its size is checked by the body, which knows it cheaper. */
export const inspectItem = (table: TableName, item: Item): boolean => {
  checkKey(item);
  if (tableLayouts[table].queueIndex) {
    if (item.queue !== undefined) checkKeyPart(queueAttributes.partition, item.queue, limits.partitionKeyBytes);
    if (item.queueSort !== undefined) checkKeyPart(queueAttributes.sort, item.queueSort, limits.sortKeyBytes);
  }
  return inspectMembers(item, 0);
};

/** Refuses an item above 400 KB. */
export const checkItemSize = (bytes: number): void => {
  if (bytes > limits.itemBytes) throw new LimitExceeded(`an item of ${bytes} bytes is larger than ${limits.itemBytes}`);
};

/** Refuses a commit above 4 MB. */
export const checkCommitSize = (bytes: number): void => {
  if (bytes > limits.transactionBytes)
    throw new LimitExceeded(`a commit of ${bytes} bytes is larger than ${limits.transactionBytes}`);
};

/** The key a write is about. */
export const keyOf = (write: Write): Key =>
  'put' in write ? write.put : 'remove' in write ? write.remove : write.check;

/** Refuses more than 100 writes, and two writes of one item. */
export const checkWrites = (home: TableName, writes: readonly Write[]): void => {
  if (writes.length > limits.transactionItems)
    throw new LimitExceeded(`a commit of ${writes.length} writes has more than ${limits.transactionItems}`);
  const seen = new Set<string>();
  for (const write of writes) {
    const key = keyOf(write);
    checkKey(key);
    seen.add(`${write.in ?? home}\u0000${key.pk}\u0000${key.sk}`);
  }
  if (seen.size < writes.length) throw new LimitExceeded('a commit writes one item twice');
};

/** Refuses two puts of one key in a batch. */
export const checkBatch = (items: readonly Item[]): void => {
  const seen = new Set<string>();
  for (const item of items) seen.add(`${item.pk}\u0000${item.sk}`);
  if (seen.size < items.length) throw new LimitExceeded('a batch puts one item twice');
};

/** Refuses a query DynamoDB refuses, and a prefix beside bounds. */
export const checkQuery = (table: TableName, query: Query): void => {
  checkKeyPart('pk', query.pk, limits.partitionKeyBytes);
  if (query.prefix !== undefined && (query.from !== undefined || query.to !== undefined))
    throw new LimitExceeded('a query has either a prefix or bounds');
  if (query.to === '') throw new LimitExceeded('an upper bound must not be empty');
  if (query.limit !== undefined && (!Number.isInteger(query.limit) || query.limit < 1))
    throw new LimitExceeded('a limit is a whole number above zero');
  if (query.index === undefined) return;
  if (!tableLayouts[table].queueIndex) throw new LimitExceeded(`${table} has no index ${query.index}`);
  if (query.consistent === true) throw new LimitExceeded('an index cannot be read consistently');
};

/** DynamoDB cuts a scan into at most so many parts. */
const mostSegments = 1_000_000;

/** Refuses a scan DynamoDB refuses. */
export const checkScan = ({ segment, limit }: Scan): void => {
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw new LimitExceeded('a limit is a whole number above zero');
  if (segment === undefined) return;
  const { index, of } = segment;
  if (!Number.isInteger(of) || of < 1 || of > mostSegments || !Number.isInteger(index) || index < 0 || index >= of)
    throw new LimitExceeded(`there is no part ${index} of ${of}`);
};

/** Whether the bounds of a query leave nothing between them; DynamoDB refuses such a query, we answer it with nothing. */
export const isEmptyRange = (query: Query): boolean =>
  query.from !== undefined && query.to !== undefined && compareText(query.from, query.to) > 0;

/** Order of DynamoDB's text keys: by UTF-8 bytes. */
export const compareText = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));

/** A text attribute, or undefined where it is absent or no text. */
export const textOf = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
