import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { minutesRetried } from '#functions/manifest/schedule-rate.ts';
import { functionNamed } from '#functions/manifest.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { ImportBucket } from './bucket.ts';
import type { Bus } from './bus.ts';
import type { HouseFunction } from './function.ts';
import type { DeadLetterQueue, WorkQueue } from './queue.ts';

const ruleArn = (path: string): string => `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${path}`;

/** As often and as long as EventBridge tries at most. */
const retry = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

export interface BusRuleProps {
  readonly deployment: Deployment;
  readonly bus: Bus;
  /** The rule is `rotunda-<stage>-<name>`. */
  readonly name: string;
  readonly description: string;
  readonly pattern: object;
  readonly queue: WorkQueue;
}

/** Events of a bus go whole into a queue; those that cannot are kept in the bus's dead letters. */
export class BusRule extends Construct {
  readonly name: string;
  readonly houseName: string;
  readonly busName: string;

  constructor(scope: Construct, id: string, { deployment, bus, name, description, pattern, queue }: BusRuleProps) {
    super(scope, id);
    this.name = physicalName(deployment, name);
    this.houseName = name;
    this.busName = bus.name;
    const arn = ruleArn(`${bus.name}/${this.name}`);
    queue.letSend(arn);
    bus.deadLetters.letSend(arn);
    const rule = new CfnRule(this, 'Rule', {
      name: this.name,
      description,
      eventBusName: bus.name,
      eventPattern: pattern,
      state: 'ENABLED',
      targets: [
        {
          id: 'queue',
          arn: queue.queue.queueArn,
          deadLetterConfig: { arn: bus.deadLetters.queue.queueArn },
          retryPolicy: retry,
        },
      ],
    });
    rule.node.addDependency(queue, bus.deadLetters);
  }
}

export interface ScheduleProps {
  readonly target: HouseFunction;
  readonly deadLetters: DeadLetterQueue;
}

export interface ObjectRuleProps extends ScheduleProps {
  /** Buckets that files come into; which of them brings the function its work says the manifest. */
  readonly buckets: { readonly imports: ImportBucket };
}

/** Runs a function for each file that comes into a bucket, as the manifest says. An event that could not be brought goes to the dead letters. */
export class ObjectRule extends Construct {
  readonly name: string;
  readonly houseName: string;

  constructor(scope: Construct, id: string, props: ObjectRuleProps) {
    super(scope, id);
    const { target, deadLetters, buckets } = props;
    const { file } = functionNamed(target.houseName).on;
    if (file === undefined) throw new RangeError(`the manifest names no files that ${target.houseName} works off`);
    const { bucket, folder } = buckets[file.of];
    this.name = physicalName(target.deployment, file.name);
    this.houseName = file.name;
    const arn = ruleArn(this.name);
    deadLetters.letSend(arn);
    const rule = new CfnRule(this, 'Rule', {
      name: this.name,
      description: `Rotunda: ${file.description}`,
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ wildcard: `${folder}*/file` }] } },
      },
      state: 'ENABLED',
      targets: [
        {
          id: 'function',
          arn: target.alias.functionArn,
          deadLetterConfig: { arn: deadLetters.queue.queueArn },
          retryPolicy: retry,
        },
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: target.alias.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: arn,
    });
    rule.node.addDependency(target.alias);
  }
}

/** Runs a function by the clock, as the manifest says. A run that could not be started goes to the dead letters. */
export class Schedule extends Construct {
  readonly name: string;
  readonly houseName: string;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { target, deadLetters } = props;
    const { schedule } = functionNamed(target.houseName).on;
    if (schedule === undefined) throw new RangeError(`the manifest names no schedule of ${target.houseName}`);
    this.name = physicalName(target.deployment, schedule.name);
    this.houseName = schedule.name;
    const arn = ruleArn(this.name);
    deadLetters.letSend(arn);
    const rule = new CfnRule(this, 'Rule', {
      name: this.name,
      description: `Rotunda: ${schedule.description}`,
      scheduleExpression: schedule.expression,
      state: 'ENABLED',
      targets: [
        {
          id: 'function',
          arn: target.alias.functionArn,
          deadLetterConfig: { arn: deadLetters.queue.queueArn },
          retryPolicy: {
            maximumRetryAttempts: 185,
            maximumEventAgeInSeconds: minutesRetried(schedule.expression) * 60,
          },
        },
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: target.alias.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: arn,
    });
    rule.node.addDependency(target.alias);
  }
}
