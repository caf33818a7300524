import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributesOf } from '#shared/table/dynamo/dynamo-attributes.ts';
import { createTables, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import type { Item } from '#shared/table/table.ts';
import { type DynamoLocal, startDynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { anyValue } from '#tests/support/table-values.ts';
import { tableContract } from '#tests/table/table.contract.ts';

const names = { profile: 'test-profile', readings: 'test-readings', audit: 'test-audit', keys: 'test-keys' };

let local: DynamoLocal;
beforeAll(async () => {
  local = await startDynamoLocal();
  await createTables({ names, ...local });
});
afterAll(() => local?.stop());

tableContract('in DynamoDB', 30, async () => {
  const tables = openDynamoTables({ names, ...local });
  return { table: (name) => tables.table(name), stop: async () => tables.close() };
});

describe('the size of an item', () => {
  test('is what DynamoDB bills: up to 1,024 bytes one write unit, of one byte more two', async () => {
    const client = new DynamoDBClient(local);
    const unitsOf = async (item: Item): Promise<number | undefined> => {
      const answer = await client.send(
        new PutItemCommand({ TableName: names.readings, Item: attributesOf(item), ReturnConsumedCapacity: 'TOTAL' }),
      );
      return answer.ConsumedCapacity?.CapacityUnits;
    };
    let n = 0;
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        n += 1;
        const empty = { pk: 'size', sk: `${n}`, value, pad: '' };
        const room = 1024 - itemBytes(empty);
        fc.pre(room > 0);
        expect(await unitsOf({ ...empty, pad: 'x'.repeat(room) })).toBe(1);
        expect(await unitsOf({ ...empty, pad: 'x'.repeat(room + 1) })).toBe(2);
      }),
      { numRuns: 200 },
    );
    client.destroy();
  });
});
