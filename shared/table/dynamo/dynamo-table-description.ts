import { type TableName, tableNames } from '#shared/table/table.ts';
import { queueAttributes, tableLayouts } from '#shared/table/table-layout.ts';

/** Physical name of each table. */
export type PhysicalNames = Readonly<Record<TableName, string>>;

interface KeyPart {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

/** The input of CreateTable, as far as our tables need it. */
export interface TableDescription {
  TableName: string;
  BillingMode: 'PAY_PER_REQUEST';
  KeySchema: KeyPart[];
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
  StreamSpecification?: { StreamEnabled: true; StreamViewType: 'NEW_AND_OLD_IMAGES' };
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyPart[]; Projection: { ProjectionType: 'ALL' } }[];
}

const text = (name: string): { AttributeName: string; AttributeType: 'S' } => ({
  AttributeName: name,
  AttributeType: 'S',
});
const keySchema = (hash: string, range: string): KeyPart[] => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** How each table is made: keys, the index `queue` and the stream, by the layouts all bodies share. */
export const describeTables = (names: PhysicalNames): readonly TableDescription[] =>
  tableNames.map((name) => {
    const { feed, queueIndex } = tableLayouts[name];
    const { partition, sort } = queueAttributes;
    return {
      TableName: names[name],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', ...(queueIndex ? [partition, sort] : [])].map(text),
      ...(feed ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
      ...(queueIndex
        ? {
            GlobalSecondaryIndexes: [
              { IndexName: 'queue', KeySchema: keySchema(partition, sort), Projection: { ProjectionType: 'ALL' } },
            ],
          }
        : {}),
    };
  });
