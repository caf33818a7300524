import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IoTClient } from '@aws-sdk/client-iot';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Clients of the emulated account, by what the environment says. One of each, used for the whole run. */
export const openClients = () => ({
  cloudFormation: new CloudFormationClient({}),
  logs: new CloudWatchLogsClient({}),
  cognito: new CognitoIdentityProviderClient({}),
  dynamo: new DynamoDBClient({}),
  events: new EventBridgeClient({}),
  iot: new IoTClient({}),
  kinesis: new KinesisClient({}),
  lambda: new LambdaClient({}),
  s3: new S3Client({ forcePathStyle: true }),
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  sts: new STSClient({}),
});
export type Clients = ReturnType<typeof openClients>;
