import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3SetAside } from '#shared/messaging/aws/s3-set-aside.ts';
import { createSqsSetAside } from '#shared/messaging/aws/sqs-set-aside.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { RecordedLogger } from '#tests/support/recorders.ts';

const region = 'eu-west-2';
const s3Client = new S3Client({ region });
const lambdaClient = new LambdaClient({ region });
const kinesisClient = new KinesisClient({ region });
const sqsClient = new SQSClient({ region });
const s3 = mockClient(s3Client);
const lambda = mockClient(lambdaClient);
const kinesis = mockClient(kinesisClient);
const sqs = mockClient(sqsClient);
beforeEach(() => {
  for (const mock of [s3, lambda, kinesis, sqs]) mock.reset();
});

const arn = 'arn:aws:lambda:eu-west-2:123456789012:function:rotunda-dev-readings:live';
const kinesisEvent = {
  Records: [
    {
      eventSource: 'aws:kinesis',
      eventID: 'shardId-000000000001:495',
      kinesis: { partitionKey: 'mtr_1', data: 'aGVsbG8=', sequenceNumber: '495', approximateArrivalTimestamp: 1.5 },
    },
  ],
};
const dynamoEvent = {
  Records: [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'CUS#1' } }, NewImage: { b: { B: 'AQI=' } } } }],
};
/** Lambda's record of a batch that was given up, as its guide prints it; the event stands in it as text. */
const givenUp = (event: object, functionArn = arn) =>
  JSON.stringify({
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 1,
    },
    responseContext: { statusCode: 200, executedVersion: '3', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-24T00:38:06.021Z',
    KinesisBatchInfo: { shardId: 'shardId-000000000001', batchSize: 1 },
    payload: JSON.stringify(event),
  });
const ruleError = JSON.stringify({
  ruleName: 'rotunda_usage_dev',
  topic: '$aws/rules/rotunda_usage_dev/mtr_1',
  cloudwatchTraceId: '7e146a2c-95b5-6caf-98b9-50e3969734c7',
  clientId: 'mtr_1',
  base64OriginalPayload: Buffer.from([0, 1, 255]).toString('base64'),
  failures: [{ failedAction: 'KinesisAction', failedResource: 'stream', errorMessage: 'throttled' }],
});

/** The part of a body that is read. */
const body = (text: string) => ({ transformToByteArray: async () => new Uint8Array(Buffer.from(text)) });

/** Objects in the bucket, by name; removed as S3 would. */
const bucketWith = (objects: Record<string, string>) => {
  s3.on(ListObjectsV2Command).callsFake(({ Prefix, StartAfter }) => ({
    Contents: Object.keys(objects)
      .filter((name) => name.startsWith(Prefix) && (StartAfter === undefined || name > StartAfter))
      .sort()
      .map((Key) => ({ Key })),
  }));
  s3.on(GetObjectCommand).callsFake(({ Key }) => ({ Body: body(objects[Key] ?? '') }));
  s3.on(DeleteObjectCommand).callsFake(({ Key }) => {
    delete objects[Key];
    return {};
  });
  return createS3SetAside({
    bucket: 'failures',
    functions: createLambdaFunctions({ client: lambdaClient }),
    isOurs: (name) => name.startsWith('rotunda-dev-'),
    telemetry: createKinesisStream({ streamName: 'telemetry', client: kinesisClient, attempts: 1 }),
    logger: new RecordedLogger(),
    client: s3Client,
  });
};
const payload = (answer: unknown) => {
  const text = JSON.stringify(answer);
  return Object.assign(new Uint8Array(Buffer.from(text)), { transformToString: () => text });
};
const answers = (answer: unknown, more: object = {}) =>
  lambda.on(InvokeCommand).resolves({ Payload: payload(answer), ...more });
const batch = (n: number) => `aws/lambda/5b4/shardId-1/2026/11/24/2026-11-24T00.00.0${n}-u`;

describe('a batch that a reader gave up', () => {
  it.each([
    ['of the telemetry stream', kinesisEvent],
    ['of a table', dynamoEvent],
  ])('%s goes whole to its function again, and is removed once taken', async (_title, event) => {
    const objects = { [batch(1)]: givenUp(event) };
    const aside = bucketWith(objects);
    answers({ batchItemFailures: [] });
    expect(await aside.count()).toBe(1);
    expect(await aside.redrive()).toEqual({ tried: 1, placed: 1 });
    const sent = lambda.commandCalls(InvokeCommand)[0]?.args[0].input;
    expect(sent?.FunctionName).toBe(arn);
    expect(
      JSON.parse(new TextDecoder().decode(sent?.Payload instanceof Uint8Array ? sent.Payload : undefined)),
    ).toEqual(event);
    expect(objects).toEqual({});
  });

  it.each([
    ['names records that failed', { batchItemFailures: [{ itemIdentifier: '495' }] }, {}],
    ['ends with an error', { errorType: 'Throttled' }, { FunctionError: 'Unhandled' }],
    ['answers what no reader answers', 'ok', {}],
  ])('stays where its function %s', async (_title, answer, more) => {
    const objects = { [batch(1)]: givenUp(kinesisEvent) };
    answers(answer, more);
    expect(await bucketWith(objects).redrive()).toEqual({ tried: 1, placed: 0 });
    expect(Object.keys(objects)).toEqual([batch(1)]);
  });

  it('of a function that is none of this stage, or an object that is no batch, calls nobody and stays', async () => {
    const objects = {
      [batch(1)]: givenUp(kinesisEvent, 'arn:aws:lambda:eu-west-2:123456789012:function:rotunda-prod-readings'),
      [batch(2)]: '{"requestContext":{}}',
      [batch(3)]: 'no JSON',
    };
    expect(await bucketWith(objects).redrive()).toEqual({ tried: 3, placed: 0 });
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(0);
    expect(Object.keys(objects)).toHaveLength(3);
  });

  it('whose function cannot be called does not keep the next one from being tried', async () => {
    const objects = { [batch(1)]: givenUp(kinesisEvent), [batch(2)]: givenUp(dynamoEvent) };
    const aside = bucketWith(objects);
    lambda
      .on(InvokeCommand)
      .rejectsOnce(Object.assign(new Error('no'), { name: 'TooManyRequestsException' }))
      .resolves({ Payload: payload(null) });
    expect(await aside.redrive()).toEqual({ tried: 2, placed: 1 });
    expect(Object.keys(objects)).toEqual([batch(1)]);
  });
});

describe('a message that a rule could not pass on', () => {
  it('goes into the stream as its device sent it, and is removed', async () => {
    const objects = { 'iot/rotunda_usage_dev/1': ruleError };
    kinesis.on(PutRecordsCommand).resolves({ FailedRecordCount: 0, Records: [{ SequenceNumber: '1' }] });
    expect(await bucketWith(objects).redrive()).toEqual({ tried: 1, placed: 1 });
    const [record] = kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input.Records ?? [];
    expect(record?.PartitionKey).toBe('mtr_1');
    expect([...(record?.Data ?? [])]).toEqual([0, 1, 255]);
    expect(objects).toEqual({});
  });

  it('stays where the stream does not take it', async () => {
    const objects = { 'iot/rotunda_usage_dev/1': ruleError };
    kinesis.on(PutRecordsCommand).resolves({ FailedRecordCount: 1, Records: [{ ErrorCode: 'InternalFailure' }] });
    expect(await bucketWith(objects).redrive()).toEqual({ tried: 1, placed: 0 });
    expect(Object.keys(objects)).toHaveLength(1);
  });
});

describe('a redrive of the bucket', () => {
  it('stops in time and goes on behind what it tried, over both folders', async () => {
    const objects = {
      [batch(1)]: givenUp(kinesisEvent),
      [batch(2)]: 'no batch',
      'iot/r/1': ruleError,
      'iot/r/2': ruleError,
    };
    const aside = bucketWith(objects);
    answers(null);
    kinesis.on(PutRecordsCommand).resolves({ FailedRecordCount: 0, Records: [{ SequenceNumber: '1' }] });
    const outcomes: { readonly tried: number; readonly placed: number }[] = [];
    let from: string | undefined;
    do {
      const step = await aside.redrive(from, () => true);
      outcomes.push({ tried: step.tried, placed: step.placed });
      from = step.next;
    } while (from !== undefined);
    expect(outcomes.reduce((sum, { tried }) => sum + tried, 0)).toBe(4);
    expect(outcomes.reduce((sum, { placed }) => sum + placed, 0)).toBe(3);
    expect(Object.keys(objects)).toEqual([batch(2)]);
  });
});

describe('dead letters of a queue', () => {
  const clock = new StoryClock('2026-11-24T12:00:00.000Z');
  const letters = createSqsSetAside({ from: 'facts-dlq', to: 'facts', clock, client: sqsClient });
  const message = (n: number, sent = clock.now() - 1000) => ({
    MessageId: `m${n}`,
    ReceiptHandle: `r${n}`,
    Body: `{"n":${n}}`,
    Attributes: { SentTimestamp: String(sent) },
  });
  beforeEach(() => {
    sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: `https://sqs/${QueueName}` }));
    sqs.on(SendMessageBatchCommand).callsFake(({ Entries }) => ({ Successful: Entries }));
    sqs.on(DeleteMessageBatchCommand).resolves({});
  });

  it('go back as they were, each removed only when the queue has it', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [message(1), message(2)] })
      .resolves({});
    expect(await letters.redrive()).toEqual({ tried: 2, placed: 2 });
    const [sent] = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
    expect(sent?.QueueUrl).toBe('https://sqs/facts');
    expect(sent?.Entries?.map(({ MessageBody }) => MessageBody)).toEqual(['{"n":1}', '{"n":2}']);
    const [gone] = sqs.commandCalls(DeleteMessageBatchCommand).map(({ args }) => args[0].input);
    expect(gone?.Entries?.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['r1', 'r2']);
  });

  it('that the queue did not take stay', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [message(1), message(2)] })
      .resolves({});
    sqs.on(SendMessageBatchCommand).callsFake(({ Entries }) => ({
      Successful: [Entries[1]],
      Failed: [{ Id: Entries[0].Id, Code: 'InternalError' }],
    }));
    expect(await letters.redrive()).toEqual({ tried: 2, placed: 1 });
    const [gone] = sqs.commandCalls(DeleteMessageBatchCommand).map(({ args }) => args[0].input);
    expect(gone?.Entries?.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['r2']);
  });

  it('that were moved and failed again are not moved a second time', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [message(1)] })
      .resolves({ Messages: [message(1, clock.now() + 5)] });
    expect(await letters.redrive()).toEqual({ tried: 1, placed: 1 });
  });

  it('are sent in batches of 256 KB', async () => {
    const large = [1, 2, 3].map((n) => ({ ...message(n), Body: 'x'.repeat(120_000) }));
    sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: large }).resolves({});
    expect(await letters.redrive()).toEqual({ tried: 3, placed: 3 });
    expect(sqs.commandCalls(SendMessageBatchCommand)).toHaveLength(2);
  });

  it('go on in the next step as of the same beginning', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [message(1)] })
      .resolvesOnce({ Messages: [message(2)] })
      .resolves({});
    const first = await letters.redrive(undefined, () => true);
    expect(first).toEqual({ tried: 1, placed: 1, next: String(clock.now()) });
    expect(await letters.redrive(first.next)).toEqual({ tried: 1, placed: 1 });
  });

  it('are counted as SQS counts them', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '7' } });
    expect(await letters.count()).toBe(7);
  });
});
