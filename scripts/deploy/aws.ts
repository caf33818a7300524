import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IoTClient } from '@aws-sdk/client-iot';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Clients of the account with the caller's credentials; `AWS_ENDPOINT_URL` leads them to an emulator. */
export const openClients = () => ({
  cloudFormation: new CloudFormationClient({}),
  cognito: new CognitoIdentityProviderClient({}),
  dynamo: new DynamoDBClient({}),
  events: new EventBridgeClient({}),
  iot: new IoTClient({}),
  kinesis: new KinesisClient({}),
  kms: new KMSClient({}),
  logs: new CloudWatchLogsClient({}),
  quotas: new ServiceQuotasClient({}),
  // An emulator has no host name for each bucket.
  s3: new S3Client(process.env.AWS_ENDPOINT_URL === undefined ? {} : { forcePathStyle: true }),
  sns: new SNSClient({}),
  sqs: new SQSClient({}),
  sts: new STSClient({}),
});
export type Clients = ReturnType<typeof openClients>;
