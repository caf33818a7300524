import type { ProbeGround } from './probe-ground.ts';
import { probes } from './probes.ts';

/**
 * What AWS does and this emulator does not, found open by a probe at every run. What the test does about it, and which test holds
 * the templates to it. Where a gap has closed its probe fails, and the work-round goes.
 */
export interface Gap {
  readonly name: string;
  readonly lacks: string;
  /** What the test does instead; absent where it does nothing. */
  readonly instead?: string;
  /** Where the synthesised templates are held to it. */
  readonly asserted: string;
  /** Whether the gap is there. */
  readonly isOpen: (ground: ProbeGround) => Promise<boolean>;
}

const infra = (name: string): string => `tests/infra/${name}.ts`;

export const gaps: readonly Gap[] = [
  {
    name: 'iot-kinesis',
    lacks: 'the action of an IoT rule that puts into a Kinesis stream is skipped',
    instead: 'the rule puts into a queue, and the test puts what comes there into the stream',
    asserted: infra('flows'),
    isOpen: probes.ruleSkipsKinesis,
  },
  {
    name: 'table-ttl',
    lacks: 'time to live of a table in a template is dropped',
    instead: 'the test sets it',
    asserted: infra('stores'),
    isOpen: probes.tableHasNoTimeToLive,
  },
  {
    name: 'table-recovery',
    lacks: 'point-in-time recovery of a table in a template is dropped',
    instead: 'the test sets it',
    asserted: infra('stores'),
    isOpen: probes.tableHasNoRecovery,
  },
  {
    name: 'table-key',
    lacks: 'the key of a table in a template is dropped; nothing is encrypted at rest',
    asserted: infra('stores'),
    isOpen: probes.tableHasNoKey,
  },
  {
    name: 'bucket-lock',
    lacks: 'object lock of a bucket in a template is dropped',
    instead: 'the test sets it',
    asserted: infra('stores'),
    isOpen: probes.bucketHasNoLock,
  },
  {
    name: 'bucket-key',
    lacks: 'the key of a bucket in a template is dropped',
    asserted: infra('stores'),
    isOpen: probes.bucketHasNoKey,
  },
  {
    name: 'bucket-lifecycle',
    lacks: 'the lifecycle of a bucket in a template is dropped',
    asserted: infra('stores'),
    isOpen: probes.bucketHasNoLifecycle,
  },
  {
    name: 'reserved-concurrency',
    lacks: 'concurrency reserved for a function in a template is dropped',
    asserted: infra('flows'),
    isOpen: probes.functionHasNoReserve,
  },
  {
    name: 'stream-part-failures',
    lacks: 'what a function says it could not take of a stream is not brought again',
    asserted: infra('flows'),
    isOpen: probes.streamForgetsPartFailures,
  },
  {
    name: 'gateway-responses',
    lacks: "what the body of an API says of the gateway's own responses is dropped",
    instead: 'in the copy they are resources of their own',
    asserted: 'tests/infra/api-body.test.ts',
    isOpen: probes.gatewayDropsResponses,
  },
  {
    name: 'alarm-math',
    lacks: 'alarms on metric math cannot be made',
    instead: 'they are taken out of the copy',
    asserted: infra('watch'),
    isOpen: probes.alarmsHaveNoMath,
  },
  {
    name: 'factor-set-up',
    lacks: 'a user pool that requires a second factor lets in, by the password alone, whoever has none yet',
    asserted: 'tests/infra/user-pool.test.ts',
    isOpen: probes.factorNeedNotBeSetUp,
  },
  {
    name: 'factor-proven',
    lacks: 'a second factor that nobody has proven counts where an administrator says so, and any code is taken for it',
    instead: 'staff of the test have such a factor, are asked for it, and answer with any code',
    asserted: 'tests/infra/user-pool.test.ts',
    isOpen: probes.factorNeedNotBeProven,
  },
  {
    name: 'condition-context',
    lacks: 'a right on the condition of an encryption context is denied with that context too',
    instead: 'in the copy the condition is left out',
    asserted: 'tests/infra/api-rights.test.ts',
    isOpen: probes.conditionsLackEncryptionContext,
  },
  {
    name: 'condition-source',
    lacks: 'a right on the condition of the source of an event is denied with that source too',
    instead: 'in the copy the condition, and denials on it, are left out',
    asserted: infra('rights'),
    isOpen: probes.conditionsLackEventSource,
  },
  {
    name: 'attach-resource',
    lacks: 'a right to attach a policy to certificates alone is denied for those too',
    instead: 'in the copy the right is for every resource',
    asserted: infra('rights'),
    isOpen: probes.attachPolicyHasNoResource,
  },
  {
    name: 'quotas',
    lacks: 'quotas of services are not told',
    instead: 'the test tells none, and the deployment says of each that it is unknown',
    asserted: 'tests/scripts/deploy/deploy.test.ts',
    isOpen: probes.quotasAreNotTold,
  },
  {
    name: 'iot-log',
    lacks: 'nothing says whether IoT Core has a log',
    instead: 'the test says that it has none',
    asserted: 'tests/scripts/deploy/deploy.test.ts',
    isOpen: probes.iotLogIsNotTold,
  },
];
