import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { oneByOne, readChanges, type TakeChanges, together } from '#shared/edge/changes.ts';
import type { LogFields } from '#shared/runtime/logger.ts';
import { changesOf } from '#shared/table/dynamo/dynamo-stream.ts';
import type { Change } from '#shared/table/table.ts';

const record = (sequence: number, change: Partial<DynamoDBRecord> = {}): DynamoDBRecord => ({
  eventID: String(sequence),
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: { pk: { S: 'CUS#1' }, sk: { S: `FACT#${sequence}` } },
    NewImage: { pk: { S: 'CUS#1' }, sk: { S: `FACT#${sequence}` }, n: { N: String(sequence) } },
    SequenceNumber: String(100 + sequence),
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
  ...change,
});
const removed = (sequence: number): DynamoDBRecord =>
  record(sequence, {
    eventName: 'REMOVE',
    dynamodb: {
      Keys: { pk: { S: 'IDEM#a' }, sk: { S: 'k' } },
      OldImage: {
        pk: { S: 'IDEM#a' },
        sk: { S: 'k' },
        b: { B: 'AQID' },
        list: { L: [{ NULL: true }, { M: { x: { BOOL: false } } }] },
      },
      SequenceNumber: String(100 + sequence),
    },
  });

const warned: LogFields[] = [];
const logger = {
  info: () => {},
  error: () => {},
  warn: (_: string, fields: LogFields = {}) => void warned.push(fields),
};
const kept = () => {
  const seen: string[] = [];
  const reader: TakeChanges = together(async (changes) => void seen.push(...changes.map(({ position }) => position)));
  return { seen, reader };
};
const failsAt = (position: string): TakeChanges =>
  oneByOne(async (change: Change) => {
    if (change.position === position) throw new RangeError('Mr Smith of 4 High Street');
  });

describe('changes of a DynamoDB stream', () => {
  it('are read as the table reads items, bytes included', () => {
    expect(changesOf({ Records: [removed(1)] })).toEqual([
      {
        key: { pk: 'IDEM#a', sk: 'k' },
        before: { pk: 'IDEM#a', sk: 'k', b: Uint8Array.of(1, 2, 3), list: [null, { x: false }] },
        after: undefined,
        position: '101',
      },
    ]);
  });

  it('that time to live took away are removed items like any other', () => {
    const expired = { ...removed(1), userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };
    expect(changesOf({ Records: [expired] })).toEqual(changesOf({ Records: [removed(1)] }));
  });

  it('of a table that is none of ours are refused', () => {
    const foreign = record(1, { dynamodb: { Keys: { Id: { N: '101' } }, SequenceNumber: '111' } });
    expect(() => changesOf({ Records: [foreign] })).toThrow('an item without a key');
    expect(() => changesOf({ Records: [record(1, { dynamodb: {} })] })).toThrow('without key or sequence number');
  });
});

describe('a function that reads changes', () => {
  it('answers that nothing failed, also for no records', async () => {
    const { seen, reader } = kept();
    const handler = readChanges([reader], logger);
    expect(await handler({ Records: [] })).toEqual({ batchItemFailures: [] });
    expect(await handler({ Records: [record(1), record(2)] })).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['101', '102']);
  });

  it('names the change in the middle that failed, to begin again there, and tells no more than the kind of failure', async () => {
    warned.length = 0;
    const handler = readChanges([failsAt('102')], logger);
    const answer = await handler({ Records: [record(1), record(2), record(3)] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
    expect(warned).toEqual([{ position: '102', cause: 'RangeError' }]);
  });

  it('lets the failure of one reader keep nothing from the others, and answers the first change any failed at', async () => {
    const { seen, reader } = kept();
    const handler = readChanges([failsAt('103'), failsAt('102'), reader], logger);
    const answer = await handler({ Records: [record(1), record(2), record(3)] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
    expect(seen).toEqual(['101', '102', '103']);
  });

  it('throws where a reader cannot say what failed, after the others had the batch', async () => {
    const { seen, reader } = kept();
    const broken = together(async () => {
      throw new Error('the table is away');
    });
    await expect(readChanges([broken, reader], logger)({ Records: [record(1)] })).rejects.toThrow('the table is away');
    expect(seen).toEqual(['101']);
  });
});
