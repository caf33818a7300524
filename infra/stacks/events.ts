import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { streamFunctionNames } from '#functions/manifest.ts';
import { Bus } from '#infra/constructs/bus.ts';
import { DeviceRegistry } from '#infra/constructs/device-registry.ts';
import { HouseFunction } from '#infra/constructs/function.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import { QueueMapping } from '#infra/constructs/queue-mapping.ts';
import { BusRule, Schedule } from '#infra/constructs/rule.ts';
import { Senders } from '#infra/constructs/senders.ts';
import { StreamMapping } from '#infra/constructs/stream-mapping.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** Facts of other systems in, facts of the house out, and what follows from a fact that was kept. */
export class Events extends HouseStack {
  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: buses, queues, and what follows the tables',
      dataClass: 'personal',
    });
    const queue = this.#inbound(stateful);
    const relay = this.#relay(stateful);
    this.#follow(stateful);
    this.#audit(stateful);
    const operations = this.#operations(stateful);
    const parked = this.#operationsParked(stateful, queue);
    const match = this.#operationsMatch(stateful);
    const { dataKey } = stateful;
    const outbound = new Bus(this, 'Outbound', {
      deployment,
      dataKey,
      name: 'outbound',
      policy: (busArn) => [
        new PolicyStatement({
          sid: 'OnlyTheRelay',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['events:PutEvents'],
          resources: [busArn],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': [relay.role.roleArn, operations.role.roleArn] } },
        }),
      ],
    });
    outbound.letPublish(relay);
    outbound.letPublish(operations);
    this.#say('InboundBus', 'Takes facts of other systems', physicalName(deployment, 'inbound'));
    this.#say('OutboundBus', 'Tells subscribers of facts', physicalName(deployment, 'outbound'));
    this.#say('OperationsFunction', "Does the operator's acts on the tables", operations.name);
    this.#say('OperationsParkedFunction', "Does the operator's acts on what was given up and on devices", parked.name);
    this.#say('OperationsMatchFunction', 'Looks for duplicates among the stored customers', match.name);
  }

  /** Other systems -> bus -> queue -> function; nothing is lost on the way. */
  #inbound(stateful: Stateful): WorkQueue {
    const { deployment } = this;
    const { ground, dataKey, commonSettings } = stateful;
    const timeout = Duration.minutes(1);
    const senders = new Senders(this, 'Senders', deployment, physicalName(deployment, 'inbound'));
    const bus = new Bus(this, 'Inbound', {
      deployment,
      dataKey,
      name: 'inbound',
      policy: (busArn) => senders.statements(busArn),
    });
    const queue = new WorkQueue(this, 'Facts', {
      deployment,
      dataKey,
      name: 'facts',
      consumerTimeout: timeout,
      maxReceiveCount: 5,
    });
    new BusRule(this, 'FactsRule', {
      deployment,
      bus,
      name: 'facts',
      description: 'Rotunda: every event of a known source is for the facts queue',
      pattern: { source: deployment.config.inbound.map(({ source }) => source) },
      queue,
    });
    const target = new HouseFunction(this, 'FactsInbound', {
      ground,
      name: 'facts-inbound',
      settings: commonSettings,
    });
    stateful.letCommitFacts(target);
    stateful.letRecord(target);
    new QueueMapping(this, 'QueueToFacts', { target, queue });
    return queue;
  }

  /** Facts that were kept -> outbound bus. */
  #relay(stateful: Stateful): HouseFunction {
    const { ground, commonSettings } = stateful;
    const { deployment } = this;
    const relay = new HouseFunction(this, 'Relay', {
      ground,
      name: 'relay',
      settings: { ...commonSettings, outboundBus: physicalName(deployment, 'outbound') },
    });
    new StreamMapping(this, 'ProfileToRelay', { target: relay, from: stateful });
    return relay;
  }

  /** What follows a changed profile: readers, search words, what waited, usage. */
  #follow(stateful: Stateful): void {
    const { ground, tables, failures, imports, checkpoints, commonSettings } = stateful;
    const follow = new HouseFunction(this, 'Follow', {
      ground,
      name: 'profile-follow',
      settings: {
        ...commonSettings,
        checkpointsBucket: checkpoints.bucket.bucketName,
        failuresBucket: failures.bucket.bucketName,
        importsBucket: imports.bucket.bucketName,
      },
    });
    stateful.letCommitFacts(follow);
    stateful.letRecord(follow);
    tables.audit.letRead(follow);
    checkpoints.letRegister(follow);
    failures.letForget(follow);
    imports.letForget(follow);
    tables.readings.letRead(follow);
    tables.readings.letPut(follow);
    new StreamMapping(this, 'ProfileToFollow', { target: follow, from: stateful });
  }

  /** Audit entries are sealed into their chains; where the chains stand is written down where nobody can change it. */
  #audit(stateful: Stateful): void {
    const { ground, tables, checkpoints, commonSettings } = stateful;
    const seal = new HouseFunction(this, 'AuditSeal', {
      ground,
      name: 'audit-seal',
      settings: commonSettings,
    });
    tables.audit.letRead(seal);
    tables.audit.letPut(seal);
    new StreamMapping(this, 'AuditToSeal', { target: seal, from: stateful });
    const checkpoint = new HouseFunction(this, 'AuditCheckpoint', {
      ground,
      name: 'audit-checkpoint',
      settings: { ...commonSettings, checkpointsBucket: checkpoints.bucket.bucketName },
    });
    tables.audit.letRead(checkpoint);
    checkpoints.letPut(checkpoint);
    new Schedule(this, 'AuditCheckpointSchedule', { target: checkpoint, deadLetters: ground.failedInvocations });
  }

  /** The operator's acts on the tables; invoked with the operator's own AWS credentials. */
  #operations(stateful: Stateful): HouseFunction {
    const { ground, tables, checkpoints, failures, imports, commonSettings } = stateful;
    const operations = new HouseFunction(this, 'Operations', {
      ground,
      name: 'operations',
      settings: {
        ...commonSettings,
        outboundBus: physicalName(this.deployment, 'outbound'),
        // The register of who was erased; for who verifies the audit with credentials of their own, its checkpoints.
        checkpointsBucket: checkpoints.bucket.bucketName,
        failuresBucket: failures.bucket.bucketName,
        importsBucket: imports.bucket.bucketName,
      },
    });
    stateful.letCommitFacts(operations);
    stateful.letRecord(operations);
    for (const table of [tables.profile, tables.readings]) table.letScan(operations);
    tables.readings.letRead(operations);
    tables.readings.letPut(operations);
    checkpoints.letRegister(operations);
    failures.letForget(operations);
    imports.letForget(operations);
    return operations;
  }

  /** The operator's acts on what readers, queues and rules gave up, and on devices; invoked as the other. */
  #operationsParked(stateful: Stateful, facts: WorkQueue): HouseFunction {
    const { ground, tables, telemetry, failures, commonSettings } = stateful;
    const devices = new DeviceRegistry(this.deployment);
    const parked = new HouseFunction(this, 'OperationsParked', {
      ground,
      name: 'operations-parked',
      settings: {
        ...commonSettings,
        telemetryStream: telemetry.stream.streamName,
        failuresBucket: failures.bucket.bucketName,
        ...devices.settings,
      },
    });
    tables.profile.letRead(parked);
    tables.profile.letPut(parked);
    stateful.letRecord(parked);
    failures.letRedrive(parked);
    devices.letRetire(parked);
    this.#letRedrive(parked, stateful, facts);
    return parked;
  }

  /** The operator's acts that hold stored customers against each other; invoked as the others. */
  #operationsMatch(stateful: Stateful): HouseFunction {
    const { ground, tables, commonSettings } = stateful;
    const match = new HouseFunction(this, 'OperationsMatch', {
      ground,
      name: 'operations-match',
      settings: commonSettings,
    });
    tables.profile.letScan(match);
    tables.profile.letRead(match);
    tables.profile.letPut(match);
    tables.profile.letDelete(match);
    stateful.letRecord(match);
    return match;
  }

  /** What was given up goes where it came from: letters to the queue, batches to their readers, messages to the stream. */
  #letRedrive(grantee: HouseFunction, { telemetry }: Stateful, facts: WorkQueue): void {
    const arn = (service: string, name: string): string =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${name}`;
    grantee.allow(
      ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      [facts.deadLetters.queue.queueArn, arn('sqs', physicalName(this.deployment, 'inbound-dlq'))],
    );
    grantee.allow(['sqs:GetQueueUrl', 'sqs:SendMessage'], [facts.queue.queueArn]);
    const readers = streamFunctionNames.map((name) => arn('lambda', `function:${physicalName(this.deployment, name)}`));
    grantee.allow(['lambda:InvokeFunction'], [...readers, ...readers.map((reader) => `${reader}:live`)]);
    telemetry.letAppend(grantee);
  }

  #say(id: string, description: string, value: string): void {
    new CfnOutput(this, `${id}Output`, { description, value }).overrideLogicalId(id);
  }
}
