import type { Condition, Key, Query } from '#shared/table/table.ts';
import { readCursor } from '#shared/table/table-cursor.ts';
import { queueAttributes } from '#shared/table/table-layout.ts';
import { type Attribute, attributeOf } from './dynamo-attributes.ts';

interface ConditionParts {
  readonly ConditionExpression: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, Attribute>;
}

interface KeyConditionParts {
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, Attribute>;
}

/** The key of an item in DynamoDB's notation. */
export const keyAttributes = (key: Key): Record<string, Attribute> => ({ pk: { S: key.pk }, sk: { S: key.sk } });

const equals = (attribute: string, is: string | number | Uint8Array): ConditionParts => ({
  ConditionExpression: '#c = :c',
  ExpressionAttributeNames: { '#c': attribute },
  ExpressionAttributeValues: { ':c': attributeOf(is) },
});

/** What a write expects, as DynamoDB's condition expression. */
export const conditionOf = (when: Condition | undefined): ConditionParts => {
  if (when === undefined) return { ConditionExpression: undefined };
  if (when.kind === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (when.kind === 'present') return { ConditionExpression: 'attribute_exists(pk)' };
  return when.kind === 'version' ? equals('version', when.is) : equals(when.attribute, when.is);
};

/** The partition and bounds of a query, as DynamoDB's key condition. */
export const keyConditionOf = (query: Query): KeyConditionParts => {
  const [partition, sort] =
    query.index === undefined ? ['pk', 'sk'] : [queueAttributes.partition, queueAttributes.sort];
  const bound = boundOf(query);
  return {
    KeyConditionExpression: ['#p = :p', ...(bound === undefined ? [] : [bound.expression])].join(' AND '),
    ExpressionAttributeNames: { '#p': partition, ...(bound === undefined ? {} : { '#s': sort }) },
    ExpressionAttributeValues: { ':p': { S: query.pk }, ...bound?.values },
  };
};

const boundOf = (
  query: Query,
): { readonly expression: string; readonly values: Record<string, Attribute> } | undefined => {
  const { from, to, prefix } = query;
  if (prefix !== undefined && prefix !== '')
    return { expression: 'begins_with(#s, :a)', values: { ':a': { S: prefix } } };
  const after = from === undefined || from === '' ? undefined : from;
  if (after !== undefined && to !== undefined)
    return { expression: '#s BETWEEN :a AND :b', values: { ':a': { S: after }, ':b': { S: to } } };
  if (after !== undefined) return { expression: '#s >= :a', values: { ':a': { S: after } } };
  return to === undefined ? undefined : { expression: '#s <= :b', values: { ':b': { S: to } } };
};

/** Where a page starts, from the cursor of the page before. */
export const startOf = (query: Query, cursor: string): Record<string, Attribute> => {
  const place = readCursor(query, cursor);
  return place.queueSort === undefined
    ? keyAttributes(place)
    : {
        ...keyAttributes(place),
        [queueAttributes.partition]: { S: query.pk },
        [queueAttributes.sort]: { S: place.queueSort },
      };
};
