import type { Item, Value } from './table.ts';

const utf8 = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Bytes of a number as DynamoDB stores it: one for each pair of digits between the first and the last that is not zero, pairs
 * counted from the decimal point, plus one, plus one where negative.
 */
const numberBytes = (value: number): number => {
  if (value === 0) return 1;
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const first = Number(exponent);
  const last = first - (mantissa.length > 1 ? mantissa.length - 2 : 0);
  return Math.floor(first / 2) - Math.floor(last / 2) + 2 + (value < 0 ? 1 : 0);
};

/** Bytes of one attribute value by DynamoDB's item size rules (lists and maps: 3 bytes and 1 for each member). */
export const valueBytes = (value: Value): number => {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return utf8(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, member: Value) => sum + 1 + valueBytes(member), 3);
  return Object.entries(value).reduce((sum, [name, member]) => sum + 1 + utf8(name) + valueBytes(member), 3);
};

/** Size of an item as DynamoDB bills it: names and values, keys included. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0);
