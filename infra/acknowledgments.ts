import { Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { TracingPolicy } from '#infra/constructs/function.ts';
import { DeadLetterQueue } from '#infra/constructs/queue.ts';

/** One rule that one resource, or one construct of the house wherever it is used, need not keep. */
export interface Acknowledgment {
  /** Id as the report prints it, with the finding in brackets where it names one. */
  readonly rule: string;
  /** Path of one construct from its stack on, e.g. `Stateful/Keys`, or a class of `infra/constructs`. */
  readonly on: string | (new (...parts: never) => Construct);
  readonly reason: string;
  readonly owner: string;
  /** Last day it holds; synthesis fails after it. */
  readonly expires: string;
}

const platform = 'customer-platform';

/** Everything that is acknowledged; at most 25. */
export const acknowledgments: readonly Acknowledgment[] = [
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    on: TracingPolicy,
    reason: 'X-Ray knows no resources: its two acts of writing take `*` alone. The policy holds nothing else.',
    owner: platform,
    expires: '2027-11-30',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    on: DeadLetterQueue,
    reason: 'It is where the others lead: messages wait here for a person, with an alarm at the first.',
    owner: platform,
    expires: '2027-11-30',
  },
  {
    rule: 'AwsSolutions-SQS3',
    on: DeadLetterQueue,
    reason: 'It is where the others lead: messages wait here for a person, with an alarm at the first.',
    owner: platform,
    expires: '2027-11-30',
  },
  {
    rule: 'AwsSolutions-DDB3',
    on: 'Stateful/Keys',
    reason:
      'A data key that was erased must not come back: a table set back in time would undo the erasure of a person.',
    owner: 'privacy',
    expires: '2027-11-30',
  },
];

/** Whether the acknowledgment is meant for this construct. */
export const isOn = ({ on }: Acknowledgment, construct: IConstruct): boolean =>
  typeof on === 'string' ? construct.node.path === on : construct instanceof on;

/** Enters each acknowledgment where it belongs. Throws where one has expired, or is on nothing. */
export const acknowledge = (app: IConstruct, today: string = new Date().toISOString().slice(0, 10)): void => {
  const constructs = app.node.findAll();
  for (const one of acknowledgments) {
    if (one.expires < today) throw new RangeError(`the acknowledgment of ${one.rule} has expired`);
    const places = constructs.filter((construct) => isOn(one, construct));
    if (places.length === 0) throw new RangeError(`the acknowledgment of ${one.rule} is on nothing`);
    for (const place of places) Validations.of(place).acknowledge({ id: one.rule, reason: one.reason });
  }
};
