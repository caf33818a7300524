import { at, listOf } from '#infra/template.ts';
import type { Estate, Found } from './estate.ts';
import { type Limit, ofEach, ofPlace } from './limit.ts';
import { documentLength } from './resolve.ts';

const quotas = 'IAM and AWS STS quotas';

/** Inline policies of a role: its own, and those that stand beside it in its template. */
const inlineOf = ({ stack, id, properties }: Found, estate: Estate): readonly unknown[] => {
  const beside = estate
    .ofType('AWS::IAM::Policy')
    .filter(
      (policy) =>
        policy.stack === stack && listOf(at(policy.properties, 'Roles')).some((role) => at(role, 'Ref') === id),
    );
  return [...listOf(at(properties, 'Policies')), ...beside.map((policy) => policy.properties)].map((policy) =>
    at(policy, 'PolicyDocument'),
  );
};

/** Managed policies of a role: those it names, and those of its template that name it. */
const managedOf = ({ stack, id, properties }: Found, estate: Estate): number => {
  const named = listOf(at(properties, 'ManagedPolicyArns')).length;
  const naming = estate
    .ofType('AWS::IAM::ManagedPolicy')
    .filter(
      (policy) =>
        policy.stack === stack && listOf(at(policy.properties, 'Roles')).some((role) => at(role, 'Ref') === id),
    );
  return named + naming.length;
};

export const iamLimits: readonly Limit[] = [
  ofEach(
    'AWS::IAM::Role',
    {
      what: 'inline policies of a role together',
      unit: 'characters',
      most: 10_240,
      source: `${quotas}: role policy size cannot exceed 10,240 characters over all inline policies; white space is not counted`,
    },
    (found, estate) =>
      inlineOf(found, estate).reduce<number>((sum, one) => sum + documentLength(estate, found, one), 0),
  ),
  ofEach(
    'AWS::IAM::Role',
    {
      what: 'trust policy of a role',
      unit: 'characters',
      most: 2048,
      source: `${quotas}: role trust policy length 2048 by default`,
    },
    (found, estate) => documentLength(estate, found, at(found.properties, 'AssumeRolePolicyDocument')),
  ),
  ofEach(
    'AWS::IAM::Role',
    {
      what: 'managed policies of a role',
      unit: 'policies',
      most: 10,
      source: `${quotas}: managed policies attached to an IAM role 10 by default, 20 when asked for`,
    },
    managedOf,
  ),
  ofEach(
    'AWS::IAM::Role',
    {
      what: 'session of a role',
      unit: 's',
      least: 3600,
      most: 43_200,
      source: `${quotas}: the maximum session duration setting for a role can range from 1 to 12 hours`,
    },
    ({ properties }) => {
      const seconds = at(properties, 'MaxSessionDuration');
      return seconds === undefined ? undefined : Number(seconds);
    },
  ),
  ofEach(
    'AWS::IAM::ManagedPolicy',
    {
      what: 'managed policy',
      unit: 'characters',
      most: 6144,
      source: `${quotas}: the size of each managed policy cannot exceed 6,144 characters; white space is not counted`,
    },
    (found, estate) => documentLength(estate, found, at(found.properties, 'PolicyDocument')),
  ),
  ofPlace(
    'AWS::IAM::Role',
    {
      what: 'roles of an account',
      unit: 'roles',
      most: 1000,
      source: `${quotas}: roles in an AWS account 1000 by default`,
    },
    (roles) => roles.length,
  ),
  ofEach(
    'AWS::KMS::Key',
    {
      what: 'key policy',
      unit: 'bytes',
      most: 32_768,
      source: 'PutKeyPolicy (KMS API): the policy size limit is 32 KiB (32768 bytes)',
    },
    (found, estate) => documentLength(estate, found, at(found.properties, 'KeyPolicy')),
  ),
];
