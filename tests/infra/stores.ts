import { describe, expect, test } from 'vitest';
import { urgencies } from '#functions/manifest/alarm.ts';
import { stageConfig } from '#infra/config.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import { place } from '#tests/support/templates.ts';
import { at, type Found, failing, listOf, named, resourcesOf, statementsIn } from './templates.ts';

const kept = ({ resource }: Found): boolean =>
  resource.DeletionPolicy === 'RetainExceptOnCreate' && resource.UpdateReplacePolicy === 'Retain';

/** Whether a policy of the resource refuses what does not come by TLS. */
const refusesPlain = (policies: readonly Found[], belongs: (policy: Found) => boolean): boolean =>
  policies
    .filter(belongs)
    .some(({ properties }) =>
      statementsIn(properties).some(
        (statement) =>
          at(statement, 'Effect') === 'Deny' &&
          at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false' &&
          JSON.stringify(at(statement, 'Principal')).includes('*'),
      ),
    );

const stores = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::Cognito::UserPool',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::IoT::Policy',
  'AWS::IoT::ThingType',
  'AWS::IoT::ProvisioningTemplate',
]);

const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/**
 * Buckets that keep no personal values: hashes of the audit and ids of who was erased, both locked, and who read which object. Log
 * groups hold none either, as tests of the logger and of the gateway's log have it.
 */
const impersonal = /^(Checkpoints|AccessLogs)Bucket/;

/** How many days each kind of store keeps what is no longer current, unless it is not a number: then for good. */
const keeping: Readonly<Record<string, (found: Found) => readonly number[]>> = {
  'AWS::Events::Archive': ({ properties }) => [number(at(properties, 'RetentionDays'))],
  'AWS::Kinesis::Stream': ({ properties }) => [number(at(properties, 'RetentionPeriodHours')) / 24],
  'AWS::SQS::Queue': ({ properties }) => [number(at(properties, 'MessageRetentionPeriod')) / 86_400],
  'AWS::DynamoDB::Table': ({ properties }) => {
    const recovery = at(properties, 'PointInTimeRecoverySpecification');
    return recovery === undefined ? [] : [number(at(recovery, 'RecoveryPeriodInDays'))];
  },
  'AWS::S3::Bucket': ({ id, properties }) => {
    if (impersonal.test(id)) return [];
    const rules = listOf(at(properties, 'LifecycleConfiguration', 'Rules'));
    const ends = rules.map((rule) => [
      number(at(rule, 'ExpirationInDays')),
      number(at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays')),
    ]);
    return ends.length === 0
      ? [Number.NaN]
      : ends.map(([current = Number.NaN, before = Number.NaN]) => current + before);
  },
};
const daysKept = (found: Found): readonly number[] => keeping[found.type]?.(found) ?? [];

/** What holds data is encrypted, reached by TLS alone, kept, and can be set back. */
export const describeStores = (stage: string, synthesis: () => Synthesis): void => {
  const all = (type: string) => resourcesOf(synthesis(), type);

  describe(`what holds data in ${stage}`, () => {
    test('is kept when its stack goes or it is replaced, and gone where the very first try fails', () => {
      const found = resourcesOf(synthesis()).filter(({ type }) => stores.has(type));
      expect(found.length).toBeGreaterThan(10);
      expect(failing(found, kept)).toEqual([]);
    });

    test('tables are encrypted with a key of the installation and can be set back, the keys of people a week at most', () => {
      const tables = all('AWS::DynamoDB::Table');
      expect(tables).toHaveLength(4);
      expect(
        failing(
          tables,
          ({ properties }) =>
            at(properties, 'SSESpecification', 'SSEType') === 'KMS' &&
            at(properties, 'SSESpecification', 'KMSMasterKeyId') !== undefined,
        ),
      ).toEqual([]);
      const recovers = ({ properties }: Found): boolean =>
        at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true;
      expect(failing(tables, recovers)).toEqual([]);
      const keys = tables.find(({ id }) => id.startsWith('Keys'));
      expect(number(at(keys?.properties, 'PointInTimeRecoverySpecification', 'RecoveryPeriodInDays'))).toBeLessThan(8);
    });

    test('nothing that may hold personal values keeps them longer than the stage promises after an erasing', () => {
      const { promiseDays } = stageConfig(stage, place).erasure;
      expect(resourcesOf(synthesis()).filter(({ type }) => type.startsWith('AWS::Backup::'))).toEqual([]);
      const kept = resourcesOf(synthesis()).flatMap((found) => daysKept(found).map((days) => ({ found, days })));
      expect(new Set(kept.map(({ found }) => found.type))).toEqual(new Set(Object.keys(keeping)));
      expect(
        kept
          .filter(({ days }) => !(days <= promiseDays))
          .map(({ found, days }) => `${found.stack}/${found.id}: ${days}`),
      ).toEqual([]);
    });

    test('only the profile table expires items, and the keys of people are in no stream', () => {
      const tables = all('AWS::DynamoDB::Table');
      const expiring = tables.filter(({ properties }) => at(properties, 'TimeToLiveSpecification', 'Enabled') === true);
      expect(expiring.map(({ properties }) => at(properties, 'TimeToLiveSpecification', 'AttributeName'))).toEqual([
        'expiresAt',
      ]);
      const told = ({ properties }: Found): boolean =>
        at(properties, 'StreamSpecification', 'StreamViewType') === 'NEW_AND_OLD_IMAGES';
      expect(failing(tables, told)).toEqual([expect.stringMatching(/^Stateful\/Keys/)]);
    });

    test('the telemetry stream is encrypted with a key of the installation', () => {
      const streams = all('AWS::Kinesis::Stream');
      expect(streams).toHaveLength(1);
      const own = ({ properties }: Found): boolean =>
        at(properties, 'StreamEncryption', 'EncryptionType') === 'KMS' &&
        typeof at(properties, 'StreamEncryption', 'KeyId') === 'object';
      expect(failing(streams, own)).toEqual([]);
    });

    test('buckets are closed, encrypted, reached by TLS, logged, and do not grow for ever', () => {
      const buckets = all('AWS::S3::Bucket');
      const policies = all('AWS::S3::BucketPolicy');
      const algorithm = ({ properties }: Found): unknown =>
        at(
          properties,
          'BucketEncryption',
          'ServerSideEncryptionConfiguration',
          0,
          'ServerSideEncryptionByDefault',
          'SSEAlgorithm',
        );
      const accessLogs = ({ id }: Found): boolean => id.startsWith('AccessLogs');
      expect(failing(buckets, (one) => algorithm(one) === (accessLogs(one) ? 'AES256' : 'aws:kms'))).toEqual([]);
      const blocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
      expect(
        failing(buckets, ({ properties }) =>
          blocks.every((block) => at(properties, 'PublicAccessBlockConfiguration', block) === true),
        ),
      ).toEqual([]);
      expect(
        failing(buckets, ({ id }) =>
          refusesPlain(policies, ({ properties }) => at(properties, 'Bucket', 'Ref') === id),
        ),
      ).toEqual([]);
      expect(
        failing(
          buckets,
          (one) => accessLogs(one) || at(one.properties, 'LoggingConfiguration', 'DestinationBucketName') !== undefined,
        ),
      ).toEqual([]);
      expect(
        failing(
          buckets,
          (one) => accessLogs(one) || at(one.properties, 'VersioningConfiguration', 'Status') === 'Enabled',
        ),
      ).toEqual([]);
      expect(
        failing(buckets, ({ properties }) => listOf(at(properties, 'LifecycleConfiguration', 'Rules')).length > 0),
      ).toEqual([]);
    });

    test('audit checkpoints are locked from the moment they are written', () => {
      const locked = all('AWS::S3::Bucket').filter(({ properties }) => at(properties, 'ObjectLockEnabled') === true);
      expect(locked.map(({ id }) => id)).toEqual([expect.stringMatching(/^Checkpoints/)]);
      const rule = at(locked[0]?.properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention');
      expect(at(rule, 'Mode')).toBe(stage === 'prod' ? 'COMPLIANCE' : 'GOVERNANCE');
      expect(Number(at(rule, 'Days'))).toBeGreaterThan(0);
    });

    test('queues are encrypted, reached by TLS, and lead to dead letters or are some', () => {
      const queues = all('AWS::SQS::Queue');
      expect(queues.length).toBeGreaterThanOrEqual(6);
      expect(failing(queues, ({ properties }) => at(properties, 'KmsMasterKeyId') !== undefined)).toEqual([]);
      const policies = all('AWS::SQS::QueuePolicy');
      expect(
        failing(queues, ({ id, stack }) =>
          refusesPlain(policies, (policy) => policy.stack === stack && JSON.stringify(policy.properties).includes(id)),
        ),
      ).toEqual([]);
      const leads = ({ properties }: Found): boolean =>
        at(properties, 'RedrivePolicy', 'deadLetterTargetArn') !== undefined &&
        Number(at(properties, 'RedrivePolicy', 'maxReceiveCount')) === 5;
      const ends = ({ properties }: Found): boolean => at(properties, 'MessageRetentionPeriod') === 1_209_600;
      expect(failing(queues, (one) => leads(one) || ends(one))).toEqual([]);
      expect(named(queues.filter(leads))).toEqual([expect.stringMatching(/^Stateful\/FactsQueue/)]);
    });

    test('logs, buses and the topics of alarms are encrypted with a key of the installation; logs end', () => {
      // The log of the account is of no stage: CloudWatch encrypts it by a key of its own.
      const logs = all('AWS::Logs::LogGroup').filter(({ stack }) => stack !== 'Account');
      expect(logs.length).toBeGreaterThan(20);
      expect(failing(logs, ({ properties }) => at(properties, 'KmsKeyId') !== undefined)).toEqual([]);
      expect(failing(logs, ({ properties }) => Number(at(properties, 'RetentionInDays')) > 0)).toEqual([]);
      const buses = all('AWS::Events::EventBus');
      expect(buses).toHaveLength(2);
      expect(failing(buses, ({ properties }) => at(properties, 'KmsKeyIdentifier') !== undefined)).toEqual([]);
      expect(failing(buses, ({ properties }) => at(properties, 'DeadLetterConfig', 'Arn') !== undefined)).toEqual([]);
      const archives = all('AWS::Events::Archive');
      expect(archives).toHaveLength(2);
      expect(failing(archives, ({ properties }) => at(properties, 'KmsKeyIdentifier') !== undefined)).toEqual([]);
      expect(failing(archives, ({ properties }) => Number(at(properties, 'RetentionDays')) > 0)).toEqual([]);
      const topics = all('AWS::SNS::Topic');
      expect(topics).toHaveLength(urgencies.length);
      expect(failing(topics, ({ properties }) => at(properties, 'KmsMasterKeyId') !== undefined)).toEqual([]);
      expect(refusesPlain(all('AWS::SNS::TopicPolicy'), () => true)).toBe(true);
    });

    test('keys turn, but for the one whose answers must stay the same', () => {
      const turning = ({ properties }: Found): boolean => at(properties, 'EnableKeyRotation') === true;
      expect(failing(all('AWS::KMS::Key'), turning)).toEqual([expect.stringMatching(/^Stateful\/InstallationKey/)]);
    });
  });
};
