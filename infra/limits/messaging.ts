import { at, listOf, membersOf } from '#infra/template.ts';
import type { Found } from './estate.ts';
import { type Limit, ofEach, type Part } from './limit.ts';
import { byteLength, textLength } from './resolve.ts';

const policies = 'Amazon SQS policy quotas';
const queue = 'AWS::SQS::Queue';
const queuePolicy = 'AWS::SQS::QueuePolicy';

const numberOf = ({ properties }: Found, member: string): number | undefined => {
  const value = at(properties, member);
  return value === undefined ? undefined : Number(value);
};

const statements = ({ properties }: Found): readonly unknown[] => listOf(at(properties, 'PolicyDocument', 'Statement'));

/** A figure of each statement. */
const ofStatements = (found: Found, figure: (statement: unknown) => number): readonly Part[] =>
  statements(found).map((statement, number) => ({ part: `statement ${number}`, figure: figure(statement) }));

/** Keys that the conditions of a statement look at. */
const conditionsOf = (statement: unknown): number =>
  membersOf(at(statement, 'Condition')).reduce((sum, [, keys]) => sum + membersOf(keys).length, 0);

const principalsOf = (statement: unknown): number => {
  const principal = at(statement, 'Principal');
  return typeof principal === 'string' ? 1 : membersOf(principal).reduce((sum, [, who]) => sum + listOf(who).length, 0);
};

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);

export const messagingLimits: readonly Limit[] = [
  ofEach(
    queue,
    {
      what: 'how long a queue hides a message',
      unit: 's',
      least: 0,
      most: 43_200,
      source: 'AWS::SQS::Queue: VisibilityTimeout from 0 to 43,200 seconds (12 hours)',
    },
    (found) => numberOf(found, 'VisibilityTimeout'),
  ),
  ofEach(
    queue,
    {
      what: 'how long a queue keeps a message',
      unit: 's',
      least: 60,
      most: 1_209_600,
      source: 'AWS::SQS::Queue: MessageRetentionPeriod from 60 to 1,209,600 seconds (14 days)',
    },
    (found) => numberOf(found, 'MessageRetentionPeriod'),
  ),
  ofEach(
    queue,
    {
      what: 'largest message of a queue',
      unit: 'bytes',
      least: 1024,
      most: 1_048_576,
      source: 'AWS::SQS::Queue: MaximumMessageSize from 1,024 to 1,048,576 bytes',
    },
    (found) => numberOf(found, 'MaximumMessageSize'),
  ),
  ofEach(
    queuePolicy,
    { what: 'policy of a queue', unit: 'bytes', most: 8192, source: `${policies}: 8,192 bytes` },
    (found, estate) => byteLength(estate, found, at(found.properties, 'PolicyDocument')),
  ),
  ofEach(
    queuePolicy,
    { what: 'statements of the policy of a queue', unit: 'statements', most: 20, source: `${policies}: 20 statements` },
    (found) => statements(found).length,
  ),
  ofEach(
    queuePolicy,
    { what: 'principals of the policy of a queue', unit: 'principals', most: 50, source: `${policies}: 50 principals` },
    (found) => sum(statements(found).map(principalsOf)),
  ),
  ofEach(
    queuePolicy,
    {
      what: 'conditions of the policy of a queue',
      unit: 'conditions',
      most: 10,
      source: `${policies}: 10 conditions`,
    },
    (found) => sum(statements(found).map(conditionsOf)),
  ),
  ofEach(
    queuePolicy,
    {
      what: 'actions of a statement of a queue',
      unit: 'actions',
      most: 7,
      source: `${policies}: 7 actions per statement`,
    },
    (found) => ofStatements(found, (statement) => listOf(at(statement, 'Action')).length),
  ),
  ofEach(
    'AWS::SNS::Topic',
    {
      what: 'display name of a topic',
      unit: 'characters',
      most: 100,
      source: 'AWS::SNS::Topic: the display name must be maximum 100 characters long',
    },
    (found, estate) => {
      const name = at(found.properties, 'DisplayName');
      return name === undefined ? undefined : textLength(estate, found, name);
    },
  ),
  ofEach(
    'AWS::Kinesis::Stream',
    {
      what: 'how long a stream keeps a record',
      unit: 'hours',
      least: 24,
      most: 8760,
      source: 'IncreaseStreamRetentionPeriod (Kinesis API): the maximum is 8760 hours (365 days); known: 24 at least',
    },
    (found) => numberOf(found, 'RetentionPeriodHours'),
  ),
];
