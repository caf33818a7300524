import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AttachPolicyCommand, GetV2LoggingOptionsCommand, IoTClient, ListThingsCommand } from '@aws-sdk/client-iot';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '#tests/support/eventually.ts';
import { account, region } from './emulator.ts';
import { factorNeedNotBeProven, factorNeedNotBeSetUp } from './probe-factors.ts';
import type { ProbeGround } from './probe-ground.ts';

const patienceMs = 60_000;

/** Whether S3 says that a bucket has no such configuration. */
const isAbsent = async (ask: Promise<unknown>): Promise<boolean> => {
  try {
    await ask;
    return false;
  } catch (error) {
    if (error instanceof Error && /NotFound|NoSuch/.test(error.name)) return true;
    throw error;
  }
};

const recordsOf = async ({ clients: { kinesis } }: ProbeGround, StreamName: string): Promise<number> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const counts = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      return (await kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records?.length ?? 0;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

const takenTimes = async (ground: ProbeGround): Promise<number> => {
  const filter = new FilterLogEventsCommand({
    logGroupName: `/aws/lambda/${ground.id('Function')}`,
    filterPattern: 'PROBED',
  });
  try {
    return (await ground.clients.logs.send(filter)).events?.length ?? 0;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return 0;
    throw error;
  }
};

/** Whether a call is denied for want of a right. */
const isDenied = async (call: Promise<unknown>): Promise<boolean> => {
  try {
    await call;
    return false;
  } catch (error) {
    return error instanceof Error && /AccessDenied|NotAuthorized|Unauthorized/.test(error.name);
  }
};

/** Whether the emulator holds a role to its rights at all: an act that it was not given is denied. */
export const holdsRoles = async (ground: ProbeGround): Promise<boolean> => {
  const client = new IoTClient(await ground.limited());
  return isDenied(client.send(new ListThingsCommand({})));
};

/** Whether the emulator does not know what it is asked. */
const isUnknown = async (ask: Promise<unknown>): Promise<boolean> => {
  try {
    await ask;
    return false;
  } catch (error) {
    if (error instanceof Error && /^(Unknown|InvalidRequestException)$/.test(error.name)) return true;
    throw error;
  }
};

/** Each answers whether its gap is open. */
export const probes = {
  /** The rule's other action comes after the one to the stream: once its message is there, the stream had its turn. */
  ruleSkipsKinesis: async (ground: ProbeGround): Promise<boolean> => {
    await ground.publish(Buffer.from('{"probe":1}'));
    const receive = new ReceiveMessageCommand({ QueueUrl: ground.id('Queue') });
    const messages = async () => (await ground.clients.sqs.send(receive)).Messages ?? [];
    await eventually('the message of the rule', patienceMs, messages, (found) => found.length > 0);
    return (await recordsOf(ground, ground.id('Stream'))) === 0;
  },
  tableHasNoTimeToLive: async (ground: ProbeGround): Promise<boolean> => {
    const describe = new DescribeTimeToLiveCommand({ TableName: ground.id('Table') });
    const { TimeToLiveDescription } = await ground.clients.dynamo.send(describe);
    return TimeToLiveDescription?.TimeToLiveStatus !== 'ENABLED';
  },
  tableHasNoRecovery: async (ground: ProbeGround): Promise<boolean> => {
    const describe = new DescribeContinuousBackupsCommand({ TableName: ground.id('Table') });
    const { ContinuousBackupsDescription } = await ground.clients.dynamo.send(describe);
    return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus !== 'ENABLED';
  },
  tableHasNoKey: async (ground: ProbeGround): Promise<boolean> => {
    const { Table } = await ground.clients.dynamo.send(new DescribeTableCommand({ TableName: ground.id('Table') }));
    return Table?.SSEDescription?.KMSMasterKeyArn === undefined;
  },
  bucketHasNoLock: (ground: ProbeGround): Promise<boolean> =>
    isAbsent(ground.clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket: ground.id('Bucket') }))),
  bucketHasNoKey: async (ground: ProbeGround): Promise<boolean> => {
    const get = new GetBucketEncryptionCommand({ Bucket: ground.id('Bucket') });
    const { ServerSideEncryptionConfiguration } = await ground.clients.s3.send(get);
    const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
    return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== 'aws:kms';
  },
  bucketHasNoLifecycle: (ground: ProbeGround): Promise<boolean> =>
    isAbsent(ground.clients.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: ground.id('Bucket') }))),
  functionHasNoReserve: async (ground: ProbeGround): Promise<boolean> => {
    const get = new GetFunctionConcurrencyCommand({ FunctionName: ground.id('Function') });
    return (await ground.clients.lambda.send(get)).ReservedConcurrentExecutions === undefined;
  },
  streamForgetsPartFailures: async (ground: ProbeGround): Promise<boolean> => {
    const put = new PutRecordCommand({ StreamName: ground.id('Taken'), PartitionKey: 'probe', Data: Buffer.from('x') });
    await ground.clients.kinesis.send(put);
    await eventually(
      'the first call',
      patienceMs,
      () => takenTimes(ground),
      (times) => times > 0,
    );
    await sleep(3000);
    return (await takenTimes(ground)) === 1;
  },
  gatewayDropsResponses: async (ground: ProbeGround): Promise<boolean> => {
    const url = `${process.env.AWS_ENDPOINT_URL}/restapis/${ground.id('Api')}/probe/_user_request_/none`;
    return (await fetch(url)).status !== 418;
  },
  /** Alarms on metric math are refused before anything is made. */
  alarmsHaveNoMath: async ({ clients }: ProbeGround): Promise<boolean> => {
    const Metrics = [{ Id: 'one', Expression: '1' }];
    const Properties = { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Threshold: 1, Metrics };
    const TemplateBody = JSON.stringify({ Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties } } });
    const StackName = 'probe-alarm';
    const { cloudFormation: client } = clients;
    await client.send(new CreateStackCommand({ StackName, TemplateBody, OnFailure: 'DELETE' }));
    const wait = { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
    return waitUntilStackCreateComplete(wait, { StackName }).then(
      () => false,
      () => true,
    );
  },
  factorNeedNotBeSetUp,
  factorNeedNotBeProven,
  conditionsLackEncryptionContext: async (ground: ProbeGround): Promise<boolean> => {
    const client = new KMSClient(await ground.limited());
    const about = { KeyId: ground.id('Key'), Plaintext: Buffer.from('x'), EncryptionContext: { owner: 'probe' } };
    return isDenied(client.send(new EncryptCommand(about)));
  },
  conditionsLackEventSource: async (ground: ProbeGround): Promise<boolean> => {
    const client = new EventBridgeClient(await ground.limited());
    const Entries = [{ Source: 'probe', DetailType: 'probe', Detail: '{}' }];
    return isDenied(client.send(new PutEventsCommand({ Entries })));
  },
  /** The certificate is none; where the right is judged rightly, that is what the answer says. */
  attachPolicyHasNoResource: async (ground: ProbeGround): Promise<boolean> => {
    const client = new IoTClient(await ground.limited());
    const target = `arn:aws:iot:${region}:${account}:cert/${'0'.repeat(64)}`;
    return isDenied(client.send(new AttachPolicyCommand({ policyName: ground.id('DevicePolicy'), target })));
  },
  quotasAreNotTold: (): Promise<boolean> =>
    isUnknown(new ServiceQuotasClient({}).send(new ListServiceQuotasCommand({ ServiceCode: 'lambda' }))),
  iotLogIsNotTold: (): Promise<boolean> => isUnknown(new IoTClient({}).send(new GetV2LoggingOptionsCommand({}))),
};
