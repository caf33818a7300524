import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { describeTables } from '#shared/table/dynamo/dynamo-table-description.ts';
import { type Item, Throttled } from '#shared/table/table.ts';

const names = { profile: 'dev-profile', readings: 'dev-readings', audit: 'dev-audit', keys: 'dev-keys' };
const client = new DynamoDBClient({ region: 'eu-west-2' });
const dynamo = mockClient(client);
const waits: number[] = [];
const tables = openDynamoTables({
  names,
  client,
  wait: async (milliseconds) => {
    waits.push(milliseconds);
  },
  random: () => 1,
});
const profile = tables.table('profile');
const readings = tables.table('readings');

const failure = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });
const cancelled = (...codes: readonly string[]): Error =>
  failure('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
const itemsOf = (count: number): readonly Item[] =>
  Array.from({ length: count }, (_, n) => ({ pk: 'M', sk: String(n).padStart(3, '0') }));
const sentKeys = (call: number): readonly (string | undefined)[] =>
  (dynamo.commandCalls(BatchWriteItemCommand)[call]?.args[0].input.RequestItems?.['dev-readings'] ?? []).map(
    ({ PutRequest }) => PutRequest?.Item?.sk?.S,
  );

beforeEach(() => {
  dynamo.reset();
  waits.length = 0;
});

describe('what DynamoDB is asked', () => {
  test('a scan goes on in its own part of the table, where the page before ended', async () => {
    dynamo
      .on(ScanCommand)
      .resolvesOnce({
        Items: [{ pk: { S: 'A' }, sk: { S: '1' } }],
        LastEvaluatedKey: { pk: { S: 'A' }, sk: { S: '1' } },
      })
      .resolvesOnce({ Items: [] });
    const part = { segment: { index: 1, of: 4 }, limit: 10 } as const;
    const first = await profile.scan(part);
    expect(first.items).toEqual([{ pk: 'A', sk: '1' }]);
    expect(await profile.scan({ ...part, cursor: first.cursor ?? '' })).toEqual({ items: [] });
    const asked = dynamo.commandCalls(ScanCommand).map(({ args }) => args[0].input);
    expect(asked).toEqual([
      { TableName: 'dev-profile', ConsistentRead: false, Segment: 1, TotalSegments: 4, Limit: 10 },
      {
        TableName: 'dev-profile',
        ConsistentRead: false,
        Segment: 1,
        TotalSegments: 4,
        Limit: 10,
        ExclusiveStartKey: { pk: { S: 'A' }, sk: { S: '1' } },
      },
    ]);
  });

  test('a scan that DynamoDB throttles is told as such', async () => {
    dynamo.on(ScanCommand).rejects(failure('ProvisionedThroughputExceededException'));
    await expect(profile.scan({})).rejects.toBeInstanceOf(Throttled);
  });

  test('a commit is one transaction over the physical tables, each condition in its place', async () => {
    dynamo.on(TransactWriteItemsCommand).resolves({});
    await profile.commit([
      { put: { pk: 'A', sk: '1', n: 1, b: new Uint8Array([1]) }, when: { kind: 'absent' } },
      { in: 'audit', remove: { pk: 'B', sk: '1' }, when: { kind: 'version', is: 2 } },
      { in: 'keys', check: { pk: 'C', sk: '1' }, when: { kind: 'equals', attribute: 'state', is: 'open' } },
      { put: { pk: 'D', sk: '1' } },
    ]);
    expect(dynamo.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input.TransactItems).toEqual([
      {
        Put: {
          TableName: 'dev-profile',
          Item: { pk: { S: 'A' }, sk: { S: '1' }, n: { N: '1' }, b: { B: new Uint8Array([1]) } },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Delete: {
          TableName: 'dev-audit',
          Key: { pk: { S: 'B' }, sk: { S: '1' } },
          ConditionExpression: '#c = :c',
          ExpressionAttributeNames: { '#c': 'version' },
          ExpressionAttributeValues: { ':c': { N: '2' } },
        },
      },
      {
        ConditionCheck: {
          TableName: 'dev-keys',
          Key: { pk: { S: 'C' }, sk: { S: '1' } },
          ConditionExpression: '#c = :c',
          ExpressionAttributeNames: { '#c': 'state' },
          ExpressionAttributeValues: { ':c': { S: 'open' } },
        },
      },
      { Put: { TableName: 'dev-profile', Item: { pk: { S: 'D' }, sk: { S: '1' } } } },
    ]);
  });

  test('a put without a condition needs no transaction; one with a condition has one, for its token', async () => {
    dynamo.on(PutItemCommand).resolves({});
    dynamo.on(TransactWriteItemsCommand).resolves({});
    await profile.commit([{ in: 'audit', put: { pk: 'A', sk: '1' } }]);
    expect(dynamo.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'dev-audit',
      Item: { pk: { S: 'A' }, sk: { S: '1' } },
    });
    await profile.commit([{ put: { pk: 'A', sk: '1' }, when: { kind: 'absent' } }]);
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toHaveLength(1);
  });

  test('a query names its index, direction, consistency and bounds', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await profile.query({ pk: 'A', from: 'HEAD', to: 'STATE#~', consistent: true, limit: 5 });
    await profile.query({ pk: 'QUE#x', index: 'queue', prefix: '2026', descending: true });
    const asked = dynamo.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(asked).toEqual([
      {
        TableName: 'dev-profile',
        KeyConditionExpression: '#p = :p AND #s BETWEEN :a AND :b',
        ExpressionAttributeNames: { '#p': 'pk', '#s': 'sk' },
        ExpressionAttributeValues: { ':p': { S: 'A' }, ':a': { S: 'HEAD' }, ':b': { S: 'STATE#~' } },
        ScanIndexForward: true,
        ConsistentRead: true,
        Limit: 5,
      },
      {
        TableName: 'dev-profile',
        IndexName: 'queue',
        KeyConditionExpression: '#p = :p AND begins_with(#s, :a)',
        ExpressionAttributeNames: { '#p': 'queue', '#s': 'queueSort' },
        ExpressionAttributeValues: { ':p': { S: 'QUE#x' }, ':a': { S: '2026' } },
        ScanIndexForward: false,
        ConsistentRead: false,
      },
    ]);
  });

  test('reads are eventual unless they ask for more', async () => {
    dynamo.on(GetItemCommand).resolves({});
    await profile.get({ pk: 'A', sk: '1' });
    await profile.get({ pk: 'A', sk: '1' }, { consistent: true });
    expect(dynamo.commandCalls(GetItemCommand).map((call) => call.args[0].input.ConsistentRead)).toEqual([false, true]);
  });

  test('what would be refused anyway is not sent', async () => {
    await expect(profile.commit([{ put: { pk: '', sk: '1' } }])).rejects.toMatchObject({ name: 'LimitExceeded' });
    expect((await profile.query({ pk: 'A', from: 'b', to: 'a' })).items).toEqual([]);
    expect(dynamo.calls()).toHaveLength(0);
  });
});

describe('what DynamoDB answers', () => {
  test('a cancelled transaction names the writes whose condition failed, whatever else stood in the way', async () => {
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict'));
    const writes = itemsOf(3).map((put) => ({ put }));
    await expect(profile.commit(writes)).rejects.toMatchObject({ name: 'ConditionFailed', failed: [1] });
  });

  test.each([
    [cancelled('None', 'TransactionConflict', 'ThrottlingError'), 'TransactionConflict'],
    [failure('TransactionInProgressException'), 'TransactionConflict'],
    [cancelled('ThrottlingError', 'None'), 'Throttled'],
    [cancelled('ProvisionedThroughputExceeded', 'None'), 'Throttled'],
    [failure('ProvisionedThroughputExceededException'), 'Throttled'],
    [failure('ThrottlingException'), 'Throttled'],
    [failure('RequestLimitExceeded'), 'Throttled'],
    [cancelled('ValidationError', 'None'), 'LimitExceeded'],
    [failure('ValidationException'), 'LimitExceeded'],
    [cancelled('SomethingNew', 'None'), 'TransactionCanceledException'],
    [failure('ReplicatedWriteConflictException'), 'TransactionConflict'],
    [failure('InternalServerError'), 'Unanswered'],
    [failure('SomethingNew', { $metadata: { httpStatusCode: 503 } }), 'Unanswered'],
    [failure('TimeoutError'), 'Unanswered'],
    [failure('Error', { code: 'ECONNRESET' }), 'Unanswered'],
    [failure('ExpiredTokenException'), 'Unanswered'],
    [failure('AccessDeniedException'), 'AccessDeniedException'],
    [failure('Error', { code: 'ERR_ASSERTION' }), 'Error'],
  ])('%s of a commit is %s', async (error, name) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    const writes = itemsOf(2).map((put) => ({ put }));
    await expect(profile.commit(writes)).rejects.toMatchObject({ name });
  });

  test('reads are refused in the same words', async () => {
    dynamo.on(GetItemCommand).rejects(failure('ThrottlingException'));
    dynamo.on(QueryCommand).rejects(failure('ValidationException'));
    await expect(profile.get({ pk: 'A', sk: '1' })).rejects.toMatchObject({ name: 'Throttled' });
    await expect(profile.query({ pk: 'A' })).rejects.toMatchObject({ name: 'LimitExceeded' });
  });

  test('an item with a set, which we never write, is not guessed at', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { pk: { S: 'A' }, sk: { S: '1' }, s: { SS: ['a'] } } });
    await expect(profile.get({ pk: 'A', sk: '1' })).rejects.toThrow(TypeError);
  });
});

describe('batches', () => {
  const left = (sks: readonly string[]) => ({
    UnprocessedItems: {
      'dev-readings': sks.map((sk) => ({ PutRequest: { Item: { pk: { S: 'M' }, sk: { S: sk } } } })),
    },
  });

  test('are cut at 25 items, each item sent once', async () => {
    dynamo.on(BatchWriteItemCommand).resolves({});
    const items = itemsOf(60);
    await readings.batchPut(items);
    const sent = [0, 1, 2].map(sentKeys);
    expect(sent.map((keys) => keys.length).sort()).toEqual([10, 25, 25]);
    expect(sent.flat().sort()).toEqual(items.map((item) => item.sk));
    expect(waits).toEqual([]);
  });

  test('only what was left undone is sent again, after growing waits, at each place of the batch', async () => {
    for (const undone of ['000', '001', '002']) {
      dynamo.reset();
      waits.length = 0;
      dynamo
        .on(BatchWriteItemCommand)
        .resolvesOnce(left([undone]))
        .resolvesOnce(left([undone]))
        .resolves({});
      await readings.batchPut(itemsOf(3));
      expect([0, 1, 2].map(sentKeys)).toEqual([['000', '001', '002'], [undone], [undone]]);
      expect(waits).toEqual([100, 200]);
    }
  });

  test('a throttled batch is sent whole again', async () => {
    dynamo.on(BatchWriteItemCommand).rejectsOnce(failure('ProvisionedThroughputExceededException')).resolves({});
    await readings.batchPut(itemsOf(2));
    expect([0, 1].map(sentKeys)).toEqual([
      ['000', '001'],
      ['000', '001'],
    ]);
  });

  test('what stays undone ends as throttled after ten tries, and another failure ends at once', async () => {
    dynamo.on(BatchWriteItemCommand).resolves(left(['000']));
    await expect(readings.batchPut(itemsOf(2))).rejects.toBeInstanceOf(Throttled);
    expect(dynamo.commandCalls(BatchWriteItemCommand)).toHaveLength(10);
    expect(Math.max(...waits)).toBe(5000);
    dynamo.reset();
    dynamo.on(BatchWriteItemCommand).rejects(failure('AccessDeniedException'));
    await expect(readings.batchPut(itemsOf(2))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(dynamo.commandCalls(BatchWriteItemCommand)).toHaveLength(1);
  });
});

describe('how tables are made', () => {
  test('all but the keys table have a stream with old and new images, the profile alone has the index of work', () => {
    const described = describeTables(names);
    expect(described.map((table) => [table.TableName, table.StreamSpecification?.StreamViewType])).toEqual([
      ['dev-profile', 'NEW_AND_OLD_IMAGES'],
      ['dev-readings', 'NEW_AND_OLD_IMAGES'],
      ['dev-audit', 'NEW_AND_OLD_IMAGES'],
      ['dev-keys', undefined],
    ]);
    expect(described.map((table) => table.GlobalSecondaryIndexes?.map((index) => index.IndexName))).toEqual([
      ['queue'],
      undefined,
      undefined,
      undefined,
    ]);
  });
});
