import { at, listOf } from '#infra/template.ts';
import { type Limit, ofEach } from './limit.ts';
import { byteLength } from './resolve.ts';

export const storageLimits: readonly Limit[] = [
  ofEach(
    'AWS::DynamoDB::Table',
    {
      what: 'days a table can be set back',
      unit: 'days',
      least: 1,
      most: 35,
      source: 'PointInTimeRecoverySpecification (DynamoDB API): RecoveryPeriodInDays 1 to 35',
    },
    ({ properties }) => {
      const days = at(properties, 'PointInTimeRecoverySpecification', 'RecoveryPeriodInDays');
      return days === undefined ? undefined : Number(days);
    },
  ),
  ofEach(
    'AWS::DynamoDB::Table',
    {
      what: 'global secondary indexes of a table',
      unit: 'indexes',
      most: 20,
      source: 'AWS::DynamoDB::Table: you can create up to 20 global secondary indexes',
    },
    ({ properties }) => listOf(at(properties, 'GlobalSecondaryIndexes')).length,
  ),
  ofEach(
    'AWS::S3::BucketPolicy',
    {
      what: 'policy of a bucket',
      unit: 'bytes',
      most: 20_480,
      source: 'Bucket policies and user policies (S3): bucket policies are limited to 20 KB in size',
    },
    (found, estate) => byteLength(estate, found, at(found.properties, 'PolicyDocument')),
  ),
  ofEach(
    'AWS::S3::Bucket',
    {
      what: 'lifecycle rules of a bucket',
      unit: 'rules',
      most: 1000,
      source: 'LifecycleConfiguration (S3 API): you can add as many as 1000 rules',
    },
    ({ properties }) => listOf(at(properties, 'LifecycleConfiguration', 'Rules')).length,
  ),
];
