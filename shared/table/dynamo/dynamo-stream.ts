import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Change, Item, Key } from '#shared/table/table.ts';
import { itemOf, type ReadAttribute } from './dynamo-attributes.ts';

type Image = Readonly<Record<string, AttributeValue>>;

/** An attribute as a stream event writes it: bytes stand in base64. */
const attributeOf = ({ B, L, M, ...plain }: AttributeValue): ReadAttribute => ({
  ...plain,
  ...(B === undefined ? {} : { B: Buffer.from(B, 'base64') }),
  ...(L === undefined ? {} : { L: L.map(attributeOf) }),
  ...(M === undefined ? {} : { M: attributesOf(M) }),
});

const attributesOf = (image: Image): Record<string, ReadAttribute> =>
  Object.fromEntries(Object.entries(image).map(([name, attribute]) => [name, attributeOf(attribute)]));

const imageOf = (image: Image | undefined): Item | undefined =>
  image === undefined ? undefined : itemOf(attributesOf(image));

const keyOf = (image: Image): Key => {
  const { pk, sk } = itemOf(attributesOf(image));
  return { pk, sk };
};

const changeOf = ({ dynamodb }: DynamoDBRecord): Change => {
  if (dynamodb?.Keys === undefined || dynamodb.SequenceNumber === undefined)
    throw new TypeError('a record of a stream without key or sequence number');
  return {
    key: keyOf(dynamodb.Keys),
    before: imageOf(dynamodb.OldImage),
    after: imageOf(dynamodb.NewImage),
    position: dynamodb.SequenceNumber,
  };
};

/**
 * The changes that a DynamoDB stream (new and old images) hands to a function, with items as the table reads them. An item that
 * time to live took away is a removed one. Throws TypeError for a record that is none of a table of ours.
 */
export const changesOf = (event: DynamoDBStreamEvent): readonly Change[] => event.Records.map(changeOf);
