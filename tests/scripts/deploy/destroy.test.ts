import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openClients } from '#scripts/deploy/aws.ts';
import { deleteData } from '#scripts/deploy/data.ts';
import { destroyPlan } from '#scripts/deploy/destroy.ts';
import { Stand } from './stand.ts';

const table = { type: 'AWS::DynamoDB::Table', id: 'profile-table' };
const logs = { type: 'AWS::Logs::LogGroup', id: 'logs-of-api' };
const key = { type: 'AWS::KMS::Key', id: 'data-key' };
const bucket = { type: 'AWS::S3::Bucket', id: 'checkpoints' };
const role = { type: 'AWS::IAM::Role', id: 'logging-role' };

const stateless = ['rotunda-dev-observability', 'rotunda-dev-api', 'rotunda-dev-events', 'rotunda-dev-ingest'];

const mockDynamoDB = () => mockClient(DynamoDBClient);
const mockS3 = () => mockClient(S3Client);
const mockKMS = () => mockClient(KMSClient);

let stand: Stand;
let dynamo: ReturnType<typeof mockDynamoDB>;
const notes = () => stand.notes.join('\n');

beforeEach(() => {
  stand = new Stand();
  dynamo = mockDynamoDB();
  dynamo.on(UpdateTableCommand).resolves({});
  dynamo.on(DeleteTableCommand).resolves({});
});

describe('the plan', () => {
  const found = new Map([
    ['Stateful' as const, { kept: [table, key], going: 3 }],
    ['Api' as const, { kept: [logs, role], going: 20 }],
  ]);

  it('removes what holds no data, last made first, and leaves the rest', () => {
    const plan = destroyPlan('dev', found, false);
    expect(plan.stacks.map(({ name }) => name)).toEqual(['rotunda-dev-api']);
    expect(plan.stays).toEqual([logs, role, table, key]);
    expect(plan.data).toEqual([]);
  });

  it('takes the stack with the data and what it leaves behind only when asked', () => {
    const plan = destroyPlan('dev', found, true);
    expect(plan.stacks.map(({ name }) => name)).toEqual(['rotunda-dev-api', 'rotunda-dev-stateful']);
    expect(plan.data).toEqual([logs, table, key]);
    expect(plan.stays).toEqual([role]);
  });
});

describe('taking a stage down', () => {
  it('keeps its data, and says what stays and what that costs', async () => {
    stand.deployed('dev', { Stateful: table });
    expect(await stand.run('destroy', '--stage', 'dev', '--yes')).toBe(0);
    expect(stand.deleted()).toEqual(stateless);
    expect(notes()).toContain('stays    AWS::DynamoDB::Table profile-table: $0.25 a GB and month');
    expect(stand.out.at(-1)).toContain('1 resources with data stay');
    expect(dynamo.calls()).toEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    stand.deployed('dev', { Stateful: table });
    expect(await stand.run('destroy', '--stage', 'dev', '--with-data', '--dry-run')).toBe(0);
    expect(notes()).toContain('DELETES  AWS::DynamoDB::Table profile-table');
    expect(stand.deleted()).toEqual([]);
  });

  it('is refused where nobody said so and nobody is there', async () => {
    stand.deployed('dev', {});
    expect(await stand.run('destroy', '--stage', 'dev')).toBe(3);
    expect(stand.deleted()).toEqual([]);
  });

  it('says that there is nothing where there is nothing', async () => {
    expect(await stand.run('destroy', '--stage', 'dev', '--yes')).toBe(1);
    expect(notes()).toContain('there is no stage dev in this AWS account and region');
  });
});

describe('taking the data too', () => {
  it('needs somebody who types the name of the stage, whatever was said beforehand', async () => {
    stand.deployed('dev', { Stateful: table });
    expect(await stand.run('destroy', '--stage', 'dev', '--with-data', '--yes')).toBe(3);
    stand.answer = 'yes';
    expect(await stand.run('destroy', '--stage', 'dev', '--with-data')).toBe(3);
    expect(stand.asked.at(-1)).toContain('Type dev to go on');
    expect(stand.deleted()).toEqual([]);
  });

  it('lifts the protections first and then deletes what the stacks left', async () => {
    stand.deployed('dev', { Stateful: table });
    stand.answer = 'dev';
    expect(await stand.run('destroy', '--stage', 'dev', '--with-data', '--json')).toBe(0);
    expect(stand.deleted()).toEqual([...stateless, 'rotunda-dev-stateful']);
    const lifted = stand.cloudFormation.commandCalls(UpdateTerminationProtectionCommand);
    expect(lifted.map(({ args }) => args[0].input)).toEqual([
      { StackName: 'rotunda-dev-stateful', EnableTerminationProtection: false },
    ]);
    expect(dynamo.calls().map(({ args }) => args[0].input)).toEqual([
      { TableName: 'profile-table', DeletionProtectionEnabled: false },
      { TableName: 'profile-table' },
    ]);
  });

  it('is refused for prod until that is said too', async () => {
    stand.deployed('prod', { Stateful: table });
    stand.answer = 'prod';
    expect(await stand.run('destroy', '--stage', 'prod', '--with-data')).toBe(3);
    expect(notes()).toContain('--yes-delete-prod');
    expect(stand.deleted()).toEqual([]);
    expect(await stand.run('destroy', '--stage', 'prod', '--with-data', '--yes-delete-prod', '--json')).toBe(0);
    expect(stand.deleted()).toContain('rotunda-prod-stateful');
  });
});

describe('what cannot go yet', () => {
  const until = new Date('2027-11-24T10:00:00.000Z');
  let s3: ReturnType<typeof mockS3>;
  let kms: ReturnType<typeof mockKMS>;

  beforeEach(() => {
    s3 = mockS3();
    kms = mockKMS();
    const Versions = ['a', 'b'].map((Key) => ({ Key, VersionId: `${Key}1` }));
    s3.on(ListObjectVersionsCommand).resolves({ Versions });
    s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'b', VersionId: 'b1', Code: 'AccessDenied' }] });
    s3.on(GetObjectRetentionCommand).resolves({ Retention: { Mode: 'COMPLIANCE', RetainUntilDate: until } });
    s3.on(DeleteBucketCommand).resolves({});
    kms.on(ScheduleKeyDeletionCommand).resolves({ DeletionDate: new Date('2026-12-24T10:00:00.000Z') });
  });

  it('is named with its day: locked objects, and with them the keys they are read with', async () => {
    const gone = await deleteData(openClients(), [key, bucket]);
    expect(gone.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['checkpoints', 'not yet'],
      ['data-key', 'left'],
    ]);
    expect(gone[0]?.note).toContain('1 objects are locked, the last until 2027-11-24T10:00:00.000Z');
    expect(s3.commandCalls(DeleteBucketCommand)).toEqual([]);
    expect(kms.calls()).toEqual([]);
  });

  it('is a key that KMS still holds for thirty days, and how to keep it', async () => {
    s3.on(DeleteObjectsCommand).resolves({});
    const gone = await deleteData(openClients(), [key, bucket]);
    expect(gone.map(({ outcome }) => outcome)).toEqual(['deleted', 'not yet']);
    expect(gone[1]?.note).toContain('KMS deletes it on 2026-12-24');
    expect(kms.commandCalls(ScheduleKeyDeletionCommand)[0]?.args[0].input.PendingWindowInDays).toBe(30);
  });

  it('is no object that nothing locks: that is an error', async () => {
    s3.on(GetObjectRetentionCommand).rejects(Object.assign(new Error('no'), { name: 'NoSuchObjectLockConfiguration' }));
    await expect(deleteData(openClients(), [bucket])).rejects.toThrow('checkpoints/b was not deleted');
  });

  it('leaves what holds no data and costs nothing, and passes over what is gone already', async () => {
    dynamo.on(UpdateTableCommand).rejects(Object.assign(new Error('no'), { name: 'ResourceNotFoundException' }));
    const gone = await deleteData(openClients(), [role, table]);
    expect(gone.map(({ outcome }) => outcome)).toEqual(['left', 'deleted']);
  });
});
