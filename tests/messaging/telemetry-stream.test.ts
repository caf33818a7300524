import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { startEventSource } from '#shared/messaging/local/local-event-source.ts';
import { arrivedAt, createLocalStream, invokeKinesisHandler } from '#shared/messaging/local/local-stream.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the telemetry stream on this machine', () => {
  it('reaches a Kinesis handler with the identity, the bytes and the arrival, each meter in its order', async () => {
    const clock = new StoryClock('2026-03-01T12:00:00.250Z');
    const store = await openLevelStore();
    const log = store.log('telemetry', 4);
    const stream = createLocalStream(log, clock);
    const meters = ['a', 'b', 'c', 'd', 'e'];
    for (let index = 0; index < 20; index += 1)
      await Promise.all(meters.map((meter) => stream.append(meter, bytes(`${meter}${index}`))));
    const received = new Map<string, string[]>();
    const arrivals = new Set<number>();
    const source = startEventSource({
      consumer: 'readings',
      log,
      positions: store.positions,
      arrivedAt,
      failures: createMemoryObjects(clock),
      clock,
      logger: new RecordedLogger(),
      metrics: new RecordedMetrics(),
      batchSize: 7,
      invoke: invokeKinesisHandler('telemetry', async (event) => {
        for (const { kinesis, eventID } of event.Records) {
          expect(eventID).toMatch(/^shardId-\d{12}:\d+$/);
          arrivals.add(kinesis.approximateArrivalTimestamp);
          const texts = received.get(kinesis.partitionKey) ?? [];
          texts.push(Buffer.from(kinesis.data, 'base64').toString());
          received.set(kinesis.partitionKey, texts);
        }
        return undefined;
      }),
    });
    await source.drain();
    await source.stop();
    await store.close();
    for (const meter of meters)
      expect(received.get(meter)).toEqual(Array.from({ length: 20 }, (_, index) => `${meter}${index}`));
    expect([...arrivals]).toEqual([Date.parse('2026-03-01T12:00:00.250Z') / 1000]);
  });

  it('asks for failed records again by their sequence numbers', async () => {
    const seen: number[] = [];
    const invoke = invokeKinesisHandler('telemetry', async (event) => {
      seen.push(event.Records.length);
      return { batchItemFailures: [{ itemIdentifier: event.Records[1]?.kinesis.sequenceNumber ?? '' }] };
    });
    const records = ['1', '2', '3'].map((position) => ({
      position,
      entry: { partitionKey: 'a', data: bytes('x'), arrival: 0 },
    }));
    expect(await invoke({ shard: 0, records })).toEqual(['2']);
    expect(seen).toEqual([3]);
  });
});

describe('the telemetry stream on Kinesis', () => {
  const setUp = () => {
    const client = new KinesisClient({ region: 'eu-west-2' });
    const mock = mockClient(client);
    const keysOf = (input: PutRecordsCommandInput) => (input.Records ?? []).map((record) => record.PartitionKey);
    const sent = () => mock.commandCalls(PutRecordsCommand).map((call) => keysOf(call.args[0].input));
    return { mock, sent, stream: createKinesisStream({ streamName: 's', client, attempts: 4, backoffMs: 0 }) };
  };
  const taken = { SequenceNumber: '1', ShardId: 's' };
  const busy = { ErrorCode: 'ProvisionedThroughputExceededException' };

  it('sends what is appended at once in one call', async () => {
    const { mock, sent, stream } = setUp();
    mock.on(PutRecordsCommand).callsFake((input: PutRecordsCommandInput) => ({
      FailedRecordCount: 0,
      Records: input.Records?.map(() => taken),
    }));
    await Promise.all(Array.from({ length: 501 }, (_, index) => stream.append(`k${index}`, bytes('x'))));
    expect(sent().map((keys) => keys.length)).toEqual([500, 1]);
  });

  it('sends again only those that failed, whichever they were', async () => {
    for (let failing = 0; failing < 3; failing += 1) {
      const { mock, sent, stream } = setUp();
      mock
        .on(PutRecordsCommand)
        .resolvesOnce({ FailedRecordCount: 1, Records: [0, 1, 2].map((index) => (index === failing ? busy : taken)) })
        .resolves({ FailedRecordCount: 0, Records: [taken] });
      await Promise.all(['a', 'b', 'c'].map((key) => stream.append(key, bytes(key))));
      expect(sent()).toEqual([['a', 'b', 'c'], [['a', 'b', 'c'][failing]]]);
    }
  });

  it('tells only the one whose record was never taken, after its attempts', async () => {
    const { mock, sent, stream } = setUp();
    mock.on(PutRecordsCommand).callsFake((input: PutRecordsCommandInput) => ({
      FailedRecordCount: 1,
      Records: input.Records?.map((record) => (record.PartitionKey === 'b' ? busy : taken)),
    }));
    const results = await Promise.allSettled(['a', 'b', 'c'].map((key) => stream.append(key, bytes(key))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent().length).toBe(4);
  });

  it('rejects every append of a call that the service refuses', async () => {
    const { mock, stream } = setUp();
    mock.on(PutRecordsCommand).rejects(new Error('AccessDenied'));
    const results = await Promise.allSettled(['a', 'b'].map((key) => stream.append(key, bytes(key))));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  });
});
