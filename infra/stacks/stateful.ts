import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { QueueOf, StreamOf } from '#functions/manifest/definition.ts';
import { functionNamed } from '#functions/manifest.ts';
import { AccessLogBucket, CheckpointBucket, FailureBucket, ImportBucket } from '#infra/constructs/bucket.ts';
import { Bus } from '#infra/constructs/bus.ts';
import { DeviceRegistry } from '#infra/constructs/device-registry.ts';
import type { Estate } from '#infra/constructs/estate.ts';
import { MeterPolicy } from '#infra/constructs/fleet-policies.ts';
import { type Ground, publisherRoles } from '#infra/constructs/function.ts';
import { DataKey, InstallationKey, MasterKey } from '#infra/constructs/keys.ts';
import { listedFunction } from '#infra/constructs/listed-functions.ts';
import { Provisioning } from '#infra/constructs/provisioning.ts';
import { DeadLetterQueue, WorkQueue } from '#infra/constructs/queue.ts';
import { Senders } from '#infra/constructs/senders.ts';
import type { StreamSource } from '#infra/constructs/stream-mapping.ts';
import { HouseTable } from '#infra/constructs/table.ts';
import { TelemetryStream } from '#infra/constructs/telemetry-stream.ts';
import { CustomerPool, StaffPool } from '#infra/constructs/user-pool.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { TableName } from '#shared/table/table.ts';
import { HouseStack } from './house-stack.ts';

/** What must outlive every other stack: keys, tables, the stream, buses, queues, buckets, who may sign in, who a meter is. */
export class Stateful extends HouseStack implements Estate {
  readonly ground: Ground;
  readonly dataKey: DataKey;
  readonly masterKey: MasterKey;
  readonly installationKey: InstallationKey;
  readonly tables: Readonly<Record<TableName, HouseTable>>;
  readonly telemetry: TelemetryStream;
  readonly accessLogs: AccessLogBucket;
  readonly checkpoints: CheckpointBucket;
  readonly failures: FailureBucket;
  readonly imports: ImportBucket;
  readonly inbound: Bus;
  readonly outbound: Bus;
  readonly queues: Readonly<Record<QueueOf, WorkQueue>>;
  readonly factLetters: readonly DeadLetterQueue[];
  readonly customerSignIn: CustomerPool;
  readonly staffSignIn: StaffPool;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id, deployment, {
      description: 'Rotunda: keys, tables, telemetry stream, buses, queues, buckets, sign-in and device registry',
      dataClass: 'personal',
      keepsData: true,
    });
    const { config } = deployment;
    this.dataKey = new DataKey(this, 'DataKey');
    this.masterKey = new MasterKey(this, 'MasterKey');
    this.installationKey = new InstallationKey(this, 'InstallationKey');
    const { dataKey } = this;
    const table = (name: TableName, tableId: string) => new HouseTable(this, tableId, { deployment, dataKey, name });
    this.tables = {
      profile: table('profile', 'Profile'),
      readings: table('readings', 'Readings'),
      audit: table('audit', 'Audit'),
      keys: table('keys', 'Keys'),
    };
    this.telemetry = new TelemetryStream(this, 'Telemetry', config, dataKey);
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', config);
    const parts = { dataKey, accessLogs: this.accessLogs };
    this.checkpoints = new CheckpointBucket(this, 'Checkpoints', config, parts);
    this.failures = new FailureBucket(this, 'Failures', config, parts);
    this.imports = new ImportBucket(this, 'Imports', config, parts);
    this.ground = {
      deployment,
      dataKey,
      failedInvocations: new DeadLetterQueue(this, 'FailedInvocations', { dataKey, name: 'failed-invocations' }),
    };
    this.inbound = this.#inboundBus();
    this.outbound = this.#outboundBus();
    this.queues = {
      facts: new WorkQueue(this, 'Facts', {
        dataKey,
        name: 'facts',
        consumerTimeout: Duration.seconds(functionNamed('facts-inbound').seconds),
        maxReceiveCount: 5,
      }),
    };
    this.factLetters = [this.queues.facts.deadLetters, this.inbound.deadLetters];
    this.customerSignIn = new CustomerPool(this, 'SignIn', this.ground);
    this.staffSignIn = new StaffPool(this, 'StaffSignIn', this.ground);
    this.#deviceRegistry();
    this.#say('ProfileTable', 'The table of profiles', this.tables.profile.tableName);
    this.#say('ReadingsTable', 'The table of readings', this.tables.readings.tableName);
    this.#say('AuditTable', 'The table of audit entries', this.tables.audit.tableName);
    this.#say('KeysTable', 'The table of data keys', this.tables.keys.tableName);
    this.#say('TelemetryStream', 'The stream of what meters send', this.telemetry.stream.streamName);
    this.#say('InboundBus', 'Takes facts of other systems', this.inbound.name);
    this.#say('OutboundBus', 'Tells subscribers of facts', this.outbound.name);
    this.#say('CheckpointsBucket', 'Audit checkpoints', this.checkpoints.bucket.bucketName);
    this.#say('FailuresBucket', 'Records that were given up on', this.failures.bucket.bucketName);
    this.#say('ImportsBucket', 'Files of meter data', this.imports.bucket.bucketName);
    this.#say('MasterKeyArn', 'Wraps the data keys of people', this.masterKey.key.keyArn);
    this.#say('InstallationKeyArn', 'Keys of the installation are derived from it', this.installationKey.key.keyArn);
  }

  /** Takes facts of other systems, each source from its own role. */
  #inboundBus(): Bus {
    const { deployment, dataKey } = this;
    const senders = new Senders(this, 'Senders', deployment, physicalName(deployment, 'inbound'));
    return new Bus(this, 'Inbound', {
      deployment,
      dataKey,
      name: 'inbound',
      policy: (busArn) => senders.statements(busArn),
    });
  }

  /** Tells subscribers of facts that were kept; nobody but the relay publishes there. */
  #outboundBus(): Bus {
    const { deployment, dataKey } = this;
    return new Bus(this, 'Outbound', {
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
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': publisherRoles(deployment) } },
        }),
      ],
    });
  }

  /** Who a meter is, what it may do, and how it gets its certificate: of use to devices in the field whatever stack goes. */
  #deviceRegistry(): void {
    const { deployment } = this;
    const registry = new DeviceRegistry(deployment);
    new MeterPolicy(this, 'Meter', deployment, registry);
    const hook = listedFunction(this, 'MeterProvision', 'meter-provision', this);
    const { templateName } = new Provisioning(this, 'Provisioning', deployment, registry, hook);
    this.#say(
      'ProvisioningTemplate',
      'The template devices with the claim certificate are provisioned by',
      templateName,
    );
  }

  /** Settings that most functions have: where they are and what they keep things in. */
  get commonSettings(): Pick<
    Settings,
    | 'stage'
    | 'zone'
    | 'country'
    | 'payments'
    | 'erasures'
    | 'profileTable'
    | 'readingsTable'
    | 'auditTable'
    | 'keysTable'
    | 'masterKey'
    | 'installationKey'
  > {
    const { stage, zone, country, payments, erasures } = this.deployment.config;
    return {
      stage,
      zone,
      country,
      payments,
      erasures,
      profileTable: this.tables.profile.tableName,
      readingsTable: this.tables.readings.tableName,
      auditTable: this.tables.audit.tableName,
      keysTable: this.tables.keys.tableName,
      masterKey: this.masterKey.key.keyArn,
      installationKey: this.installationKey.key.keyArn,
    };
  }

  /** What can be read in order, by the name that the manifest has for it. */
  get streams(): Readonly<Record<StreamOf, StreamSource>> {
    const { profile, readings, audit } = this.tables;
    return { profile, readings, audit, telemetry: this.telemetry };
  }

  #say(id: string, description: string, value: string): void {
    new CfnOutput(this, `${id}Output`, { description, value }).overrideLogicalId(id);
  }
}
