import { Aws, Duration } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  Code,
  Function as Lambda,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionName, functionNamed, functionNames } from '#functions/manifest.ts';
import { type Deployment, kept, keptLogs, physicalName } from '#infra/deployment.ts';
import { environmentOf, type Settings } from '#shared/runtime/settings.ts';
import type { DataKey } from './keys.ts';
import type { DeadLetterQueue } from './queue.ts';

/** What every function needs of the installation. */
export interface Ground {
  readonly deployment: Deployment;
  readonly dataKey: DataKey;
  /** Takes events whose function failed although nobody waited for it. */
  readonly failedInvocations: DeadLetterQueue;
}

export interface HouseFunctionProps {
  readonly ground: Ground;
  readonly name: FunctionName;
  readonly settings: Partial<Settings>;
}

/** Whether a policy elsewhere says who alone may do something, and so needs the name of its role. */
const hasNamedRole = (name: FunctionName): boolean => functionNamed(name).rights.includes('publish facts');

/** Roles of the functions that alone may publish facts, whether they stand already or not. */
export const publisherRoles = (deployment: Deployment): readonly string[] =>
  functionNames
    .filter(hasNamedRole)
    .map((name) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${physicalName(deployment, name)}`);

/** What the function may do with X-Ray, apart from all else: these two acts know no resource. */
export class TracingPolicy extends Policy {
  constructor(scope: Construct, id: string, role: Role) {
    super(scope, id, {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
      ],
    });
  }
}

/**
 * A function of the house: its own role with nothing but what is granted to it, its own encrypted log, a bound on memory and
 * time, traces, a queue for events it failed on, and the alias `live` that everything calls.
 */
export class HouseFunction extends Construct implements IGrantable {
  /** Physical name. */
  readonly name: string;
  readonly houseName: FunctionName;
  readonly deployment: Deployment;
  readonly role: Role;
  readonly lambda: Lambda;
  readonly alias: Alias;
  readonly grantPrincipal: IPrincipal;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id);
    const { ground, name } = props;
    const { memoryMb, seconds, ...definition } = functionNamed(name);
    const description = `Rotunda: ${definition.description}`;
    const timeout = Duration.seconds(seconds);
    const { deployment, dataKey, failedInvocations } = ground;
    const { config } = deployment;
    this.name = physicalName(deployment, name);
    this.houseName = name;
    this.deployment = deployment;
    this.timeout = timeout;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${this.name}`,
      retention: config.retention.logDays,
      encryptionKey: dataKey.key,
      removalPolicy: keptLogs(deployment),
    });
    this.role = new Role(this, 'Role', {
      ...(hasNamedRole(name) ? { roleName: this.name } : {}),
      description: `Rotunda ${config.stage}: the function ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.grantPrincipal = this.role;
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    dataKey.letUse(this, ['sqs']);
    const tracing = new TracingPolicy(this, 'Tracing', this.role);
    const reserved = Object.entries(config.reserved).find(([reservedName]) => reservedName === name)?.[1];
    this.lambda = new Lambda(this, 'Function', {
      functionName: this.name,
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(deployment.code[name]),
      handler: 'index.handler',
      // Without the grants that CDK would add for traces: they stand in a policy of their own.
      role: this.role.withoutPolicyUpdates(),
      memorySize: memoryMb,
      timeout,
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: environmentOf({ watching: config.alarms.watching, ...props.settings }),
      ...(definition.handsOn === true ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      deadLetterQueue: failedInvocations.queue,
      currentVersionOptions: { removalPolicy: kept, description },
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });
    this.allow(['sqs:SendMessage'], [failedInvocations.queue.queueArn]);
    // The function starts once it may do what it is for.
    this.lambda.node.addDependency(this.role, tracing);
    this.alias = this.lambda.addAlias('live');
  }

  /** Grants acts on resources, each named; grants on what Rotunda has stand with its constructs. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}
