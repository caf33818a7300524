import type { Item, Value } from '#shared/table/table.ts';

/** A value in DynamoDB's notation, as we write it. */
export type Attribute =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { B: Uint8Array }
  | { L: Attribute[] }
  | { M: Record<string, Attribute> };

/** A value in DynamoDB's notation, as the SDK hands it over; sets are never written. */
export interface ReadAttribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly B?: Uint8Array | undefined;
  readonly L?: readonly ReadAttribute[] | undefined;
  readonly M?: Readonly<Record<string, ReadAttribute>> | undefined;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Writes one value. */
export const attributeOf = (value: Value): Attribute => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: value };
  return isList(value) ? { L: value.map(attributeOf) } : { M: attributesOf(value) };
};

/** Writes an item or a map. */
export const attributesOf = (members: { readonly [name: string]: Value }): Record<string, Attribute> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, attributeOf(value)]));

/** Reads one value. Throws TypeError for a type that items never hold. */
export const readAttribute = (attribute: ReadAttribute): Value => {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  // A copy of its own: the SDK may hand over a part of a larger buffer.
  if (attribute.B !== undefined) return Uint8Array.from(attribute.B);
  if (attribute.L !== undefined) return attribute.L.map(readAttribute);
  if (attribute.M !== undefined) return readAttributes(attribute.M);
  throw new TypeError('an attribute of a type that no item holds');
};

const readAttributes = (members: Readonly<Record<string, ReadAttribute>>): { readonly [name: string]: Value } =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, readAttribute(member)]));

/** Reads an item; its key must be two texts. */
export const itemOf = (attributes: Readonly<Record<string, ReadAttribute>>): Item => {
  const values = readAttributes(attributes);
  const { pk, sk } = values;
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new TypeError('an item without a key');
  return { ...values, pk, sk };
};
