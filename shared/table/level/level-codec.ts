import type { Item, TableName, Value } from '#shared/table/table.ts';
import { inspectItem } from '#shared/table/table-checks.ts';

/**
 * Items and keys as the embedded body keeps them. An item is JSON text; one that holds bytes is marked by `~` and its bytes are
 * texts that begin with NUL and `b` (base64), its own texts that begin with NUL get `s` after it.
 */

const mark = '~';

const quotedText = (text: string): string =>
  JSON.stringify(text.charCodeAt(0) === 0 ? `\u0000s${text.slice(1)}` : text);

const base64Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const taggedJson = (value: unknown): string => {
  if (typeof value === 'string') return quotedText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return `"\\u0000b${base64Of(value)}"`;
  if (Array.isArray(value)) return `[${value.map(taggedJson).join(',')}]`;
  let text = '';
  for (const [name, member] of Object.entries(value))
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${taggedJson(member)}`;
  return text === '' ? '{}' : `${text}}`;
};

const untaggedText = (text: string): Loose => {
  if (text.charCodeAt(0) !== 0) return text;
  return text.charAt(1) === 'b' ? new Uint8Array(Buffer.from(text.slice(2), 'base64')) : `\u0000${text.slice(2)}`;
};

/** What JSON.parse has just made; ours alone, so it may be changed in place. */
type Loose = string | number | boolean | null | Uint8Array | Loose[] | { [name: string]: Loose };

const untagged = (value: Loose): Loose => {
  if (typeof value === 'string') return untaggedText(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(untagged);
  for (const [name, member] of Object.entries(value)) value[name] = untagged(member);
  return value;
};

/** Writes any value; `bytes` says whether it holds some. */
export const encodeValue = (value: unknown, bytes: boolean): string =>
  bytes ? mark + taggedJson(value) : JSON.stringify(value);

/** Reads what `encodeValue` wrote. */
export const decodeValue = (text: string): Value =>
  text.startsWith(mark) ? untagged(JSON.parse(text.slice(1))) : JSON.parse(text);

/** Checks an item and writes it. Throws LimitExceeded for what no item may hold. */
export const encodeItem = (table: TableName, item: Item): string => encodeValue(item, inspectItem(table, item));

/** Reads an item that `encodeItem` wrote; always a fresh object. */
export const decodeItem = (text: string): Item => {
  const item = decodeValue(text);
  if (!isItem(item)) throw new TypeError('a stored item has no key');
  return item;
};

const isItem = (value: Value): value is Item =>
  typeof value === 'object' && value !== null && 'pk' in value && typeof value.pk === 'string' && 'sk' in value;

/** The most bytes DynamoDB may bill for an item of this text: no character of JSON stands for more than 3. */
export const mostBytes = (text: string): number => text.length * 3;

/** Whether two stored items are the same; attribute order does not matter. */
export const sameItem = (left: string, right: string): boolean =>
  left === right || (left.length === right.length && canonical(decodeValue(left)) === canonical(decodeValue(right)));

const canonical = (value: Value): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('base64')}`;
  if (Array.isArray(value)) return `[${value.map((member: Value) => canonical(member)).join(',')}]`;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
};

/** A key part before a separator: NUL becomes NUL 1, so that NUL NUL ends it and the order of texts is kept. */
export const escaped = (part: string): string =>
  part.includes('\u0000') ? part.replaceAll('\u0000', '\u0000\u0001') : part;

/** Ends an escaped part; sorts before whatever may follow within it. */
export const partEnd = '\u0000\u0000';
/** Sorts after everything under an escaped part and its end. */
export const afterPart = '\u0000\u0001';

/** Places in the one Level database. */
export const itemsPrefix = (table: TableName): string => `!table:${table}!`;
export const indexPrefix = (table: TableName): string => `!queue:${table}!`;
export const feedPrefix = (table: TableName): string => `!feed:${table}!`;
export const logPrefix = (name: string): string => `!log:${name}!`;
export const positionKey = (consumer: string, shard: number): string => `!position!${consumer}!${shard}`;
export const sequenceKey = '!meta!sequence';

export const itemKey = (table: TableName, pk: string, sk: string): string =>
  itemsPrefix(table) + escaped(pk) + partEnd + sk;

export const indexKey = (table: TableName, queue: string, queueSort: string, pk: string, sk: string): string =>
  indexPrefix(table) + escaped(queue) + partEnd + escaped(queueSort) + partEnd + escaped(pk) + partEnd + sk;

/** Entry of an item that expires; `seconds` since 1970. */
export const expiryKey = (table: TableName, seconds: number, pk: string, sk: string): string =>
  `${expiryPrefix(table, seconds)}!${escaped(pk)}${partEnd}${sk}`;

/** Where the entries of a second begin. */
export const expiryPrefix = (table: TableName, seconds: number): string =>
  `!expiry:${table}!${String(Math.floor(seconds)).padStart(12, '0')}`;
