import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionNamed } from '#functions/manifest.ts';
import type { Estate } from './estate.ts';
import type { HouseFunction } from './function.ts';

export interface QueueMappingProps {
  readonly target: HouseFunction;
  /** Queues there are; which of them the function works off says the manifest. */
  readonly queues: Estate['queues'];
}

/** A function works off a queue; only what failed is handed out again, and ends in the queue's dead letters. */
export class QueueMapping extends Construct {
  constructor(scope: Construct, id: string, { target, queues }: QueueMappingProps) {
    super(scope, id);
    const said = functionNamed(target.houseName).on.queue;
    if (said === undefined) throw new RangeError(`the manifest names no queue of ${target.houseName}`);
    const queue = queues[said.of];
    target.role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        resources: [queue.queue.queueArn],
      }),
    );
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: target.alias.functionArn,
      eventSourceArn: queue.queue.queueArn,
      batchSize: said.batchSize,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: said.concurrency },
    });
    mapping.node.addDependency(target.role);
  }
}
