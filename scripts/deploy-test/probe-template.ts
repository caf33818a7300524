import { account, region } from './emulator.ts';

/** One small stack with something of everything that is probed. */

const accountRoot = `arn:aws:iam::${account}:root`;
const certificates = `arn:aws:iot:${region}:${account}:cert/*`;

const anyone = (action: string | readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});
const assumedBy = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const roleFor = (service: string, actions: readonly string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: assumedBy(service),
    Policies: [{ PolicyName: 'probe', PolicyDocument: anyone(actions) }],
  },
});

/** A function that says that it could take no record. */
const refusing = `exports.handler = async (event) => {
  console.log('PROBED ' + event.Records.length);
  return { batchItemFailures: event.Records.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
};`;

const ruleName = 'probe_rule';

export const probeTemplate = {
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { AWS: accountRoot }, Action: 'kms:*', Resource: '*' }],
        },
      },
    },
    /** A role with rights that the emulator may judge otherwise than AWS. */
    Limited: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { AWS: accountRoot }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'probe',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'kms:Encrypt',
                  Resource: { 'Fn::GetAtt': ['Key', 'Arn'] },
                  Condition: { Null: { 'kms:EncryptionContext:owner': 'false' } },
                },
                {
                  Effect: 'Allow',
                  Action: 'events:PutEvents',
                  Resource: '*',
                  Condition: { StringEquals: { 'events:source': 'probe' } },
                },
                { Effect: 'Allow', Action: 'iot:AttachPolicy', Resource: certificates },
              ],
            },
          },
        ],
      },
    },
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Body: {
          openapi: '3.0.1',
          info: { title: 'probe', version: '1' },
          paths: { '/probe': { get: { responses: {}, 'x-amazon-apigateway-integration': { type: 'mock' } } } },
          'x-amazon-apigateway-gateway-responses': { MISSING_AUTHENTICATION_TOKEN: { statusCode: '418' } },
        },
      },
    },
    ApiDeployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } } },
    ApiStage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'ApiDeployment' }, StageName: 'probe' },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { Ref: 'Key' } },
      },
    },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { Ref: 'Key' } } },
          ],
        },
        LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
      },
    },
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Taken: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Queue: { Type: 'AWS::SQS::Queue' },
    RuleRole: roleFor('iot.amazonaws.com', ['kinesis:PutRecord', 'sqs:SendMessage']),
    Rule: {
      Type: 'AWS::IoT::TopicRule',
      Properties: {
        RuleName: ruleName,
        TopicRulePayload: {
          Sql: `SELECT * FROM 'probe'`,
          AwsIotSqlVersion: '2016-03-23',
          Actions: [
            {
              Kinesis: {
                StreamName: { Ref: 'Stream' },
                PartitionKey: 'probe',
                RoleArn: { 'Fn::GetAtt': ['RuleRole', 'Arn'] },
              },
            },
            { Sqs: { QueueUrl: { Ref: 'Queue' }, RoleArn: { 'Fn::GetAtt': ['RuleRole', 'Arn'] } } },
          ],
        },
      },
    },
    DevicePolicy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: anyone('iot:*') } },
    FunctionRole: roleFor('lambda.amazonaws.com', ['kinesis:*', 'logs:*']),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: refusing },
        Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
        ReservedConcurrentExecutions: 2,
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Function' },
        EventSourceArn: { 'Fn::GetAtt': ['Taken', 'Arn'] },
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 2,
      },
    },
  },
} as const;
