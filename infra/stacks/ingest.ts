import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { telemetryKinds } from '#functions/readings/contract/topics.ts';
import { DeviceRegistry } from '#infra/constructs/device-registry.ts';
import { MeterPolicy } from '#infra/constructs/fleet-policies.ts';
import { HouseFunction } from '#infra/constructs/function.ts';
import { importsPointsOf, importsWorkerOf } from '#infra/constructs/imports-worker.ts';
import { IotLogging } from '#infra/constructs/iot-logging.ts';
import { Provisioning } from '#infra/constructs/provisioning.ts';
import { ObjectRule, Schedule } from '#infra/constructs/rule.ts';
import { StreamMapping } from '#infra/constructs/stream-mapping.ts';
import { TelemetryRule } from '#infra/constructs/telemetry-rule.ts';
import type { Deployment } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** Judged days, and what was told of them. */
const whatReadingsTell = { dynamodb: { Keys: { pk: { S: ['V#', 'I#'].map((prefix) => ({ prefix })) } } } };
const onlyReadings = { dynamodb: { Keys: { pk: { S: [{ prefix: 'M#' }] } } } };
/** Readings, what dials stood at, judged days, closed months, and what happened at premises. */
const allOfReadings = {
  dynamodb: { Keys: { pk: { S: ['M#', 'C#', 'V#', 'T#', 'W#', 'P#'].map((prefix) => ({ prefix })) } } },
};
const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** From the meter to its readings: devices, rules, and the readers of telemetry and of readings. */
export class Ingest extends HouseStack {
  readonly devices: DeviceRegistry;

  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: meters, their messages and readings',
      dataClass: 'personal',
    });
    this.devices = new DeviceRegistry(deployment);
    this.#devices(stateful);
    this.#telemetry(stateful);
    this.#readers(stateful);
    this.#silence(stateful);
    this.#imports(stateful);
  }

  /** Who a meter is, and how it gets and loses its certificate. */
  #devices({ ground, tables, commonSettings, dataKey }: Stateful): void {
    const { deployment, devices } = this;
    new MeterPolicy(this, 'Meter', deployment, devices);
    const settings = { ...commonSettings, ...devices.settings };
    const hook = new HouseFunction(this, 'MeterProvision', {
      ground,
      name: 'meter-provision',
      description: 'Rotunda: whether a device may be provisioned as the meter it says it is',
      settings,
      memoryMb: 512,
      // IoT Core waits five seconds.
      timeout: Duration.seconds(5),
    });
    tables.profile.letRead(hook);
    tables.profile.letPut(hook);
    devices.letLook(hook);
    const provisioning = new Provisioning(this, 'Provisioning', deployment, devices, hook);
    const certificates = new HouseFunction(this, 'MeterCertificates', {
      ground,
      name: 'meter-certificates',
      description: 'Rotunda: takes back certificates that are superseded or over',
      settings,
      memoryMb: 512,
      timeout: Duration.minutes(15),
    });
    tables.profile.letRead(certificates);
    tables.profile.letPut(certificates);
    devices.letRetire(certificates);
    new Schedule(this, 'MeterCertificatesDaily', {
      deployment,
      name: 'meter-certificates',
      description: 'Rotunda: takes back certificates, daily',
      expression: 'cron(17 3 * * ? *)',
      target: certificates,
      deadLetters: ground.failedInvocations,
      within: Duration.hours(20),
    });
    if (deployment.config.ownsAccountSettings) new IotLogging(this, 'IotLogging', deployment.config, dataKey);
    new CfnOutput(this, 'ProvisioningTemplateOutput', {
      description: 'The template devices with the claim certificate are provisioned by',
      value: provisioning.templateName,
    }).overrideLogicalId('ProvisioningTemplate');
  }

  /** Messages of each kind go into the stream; the function reads all of them and puts aside what it does not know. */
  #telemetry(stateful: Stateful): void {
    const { ground, tables, telemetry, failures, commonSettings } = stateful;
    const { config } = this.deployment;
    for (const kind of telemetryKinds) {
      new TelemetryRule(this, `${capitalised(kind)}Rule`, { config, kind, stream: telemetry, failures });
    }
    const readings = new HouseFunction(this, 'Readings', {
      ground,
      name: 'readings',
      description: 'Rotunda: keeps what meters measured',
      settings: { ...commonSettings, telemetryStream: telemetry.stream.streamName },
      memoryMb: 1769,
      timeout: Duration.minutes(2),
    });
    // Events of meters are facts: the function keeps them as the inbound one does.
    stateful.letCommitFacts(readings);
    stateful.letRecord(readings);
    tables.readings.letRead(readings);
    tables.readings.letPut(readings);
    // One second for what is measured now; a batch of day blocks fills before that.
    new StreamMapping(this, 'TelemetryToReadings', {
      target: readings,
      source: telemetry,
      failures,
      batchSize: 2000,
      window: Duration.seconds(1),
    });
  }

  /** Files of meter data -> the telemetry stream. */
  #imports(stateful: Stateful): void {
    const { ground, tables, telemetry, imports, commonSettings } = stateful;
    const { deployment } = this;
    const worker = importsWorkerOf(deployment);
    const points = importsPointsOf(deployment);
    // What keeps facts and sealed rows is a function of its own: the worker stays small, and has no right to keys.
    const makesPoints = new HouseFunction(this, 'ImportsPoints', {
      ground,
      name: 'imports-points',
      description: 'Rotunda: makes points known that files of meter data name, and keeps their rows aside',
      settings: commonSettings,
      memoryMb: 1769,
      timeout: Duration.minutes(2),
    });
    stateful.letCommitFacts(makesPoints);
    stateful.letRecord(makesPoints);
    const work = new HouseFunction(this, 'ImportsWork', {
      ground,
      name: 'imports-work',
      description: 'Rotunda: works off files of meter data',
      settings: {
        ...commonSettings,
        telemetryStream: telemetry.stream.streamName,
        importsBucket: imports.bucket.bucketName,
        importsWorker: worker.name,
        importsPoints: points.name,
      },
      memoryMb: 1769,
      timeout: Duration.minutes(15),
    });
    // Where imports stand, and rows in quarantine, which an undoing takes out.
    tables.profile.letRead(work);
    tables.profile.letPut(work);
    tables.profile.letDelete(work);
    tables.readings.letRead(work);
    tables.readings.letDelete(work);
    telemetry.letAppend(work);
    imports.letImport(work);
    worker.letStart(work);
    points.letStart(work);
    const common = { deployment, target: work, deadLetters: ground.failedInvocations };
    new ObjectRule(this, 'ImportFiles', {
      ...common,
      name: 'import-files',
      description: 'Rotunda: a file of meter data came',
      bucketName: imports.bucket.bucketName,
      prefix: 'imports/',
    });
    new Schedule(this, 'ImportsLeft', {
      ...common,
      name: 'imports-left',
      description: 'Rotunda: takes up imports that nobody works on',
      expression: 'rate(5 minutes)',
      within: Duration.minutes(5),
    });
  }

  /** What follows where no readings come. */
  #silence({ ground, tables, commonSettings }: Stateful): void {
    const silent = new HouseFunction(this, 'SilentMeters', {
      ground,
      name: 'silent-meters',
      description: 'Rotunda: judges the days of meters of which nothing came',
      settings: commonSettings,
      memoryMb: 1024,
      timeout: Duration.minutes(15),
    });
    tables.profile.letRead(silent);
    tables.profile.letPut(silent);
    // A meter that was removed is looked at no longer.
    tables.profile.letDelete(silent);
    tables.readings.letRead(silent);
    tables.readings.letPut(silent);
    new Schedule(this, 'SilentMetersHourly', {
      deployment: this.deployment,
      name: 'silent-meters',
      description: 'Rotunda: looks at meters that should have been heard, hourly',
      expression: 'rate(1 hour)',
      target: silent,
      deadLetters: ground.failedInvocations,
      within: Duration.hours(1),
    });
  }

  /** What follows from changed readings. */
  #readers(stateful: Stateful): void {
    const { ground, tables, failures, commonSettings } = stateful;
    const conflicts = new HouseFunction(this, 'ReadingConflicts', {
      ground,
      name: 'reading-conflicts',
      description: 'Rotunda: keeps readings that another content replaced, and tells what judged days make known',
      settings: commonSettings,
      memoryMb: 1769,
      timeout: Duration.minutes(2),
    });
    stateful.letCommitFacts(conflicts);
    tables.readings.letRead(conflicts);
    tables.readings.letPut(conflicts);
    new StreamMapping(this, 'ReadingsToConflicts', {
      target: conflicts,
      source: tables.readings,
      failures,
      batchSize: 1000,
      window: Duration.seconds(5),
      filters: [{ eventName: ['MODIFY'], ...onlyReadings }, whatReadingsTell],
    });
    const usage = new HouseFunction(this, 'UsageFollow', {
      ground,
      name: 'usage-follow',
      description: 'Rotunda: days are judged and usage in the views of customers follows readings',
      settings: commonSettings,
      memoryMb: 1769,
      timeout: Duration.minutes(2),
    });
    tables.readings.letRead(usage);
    tables.readings.letPut(usage);
    // Days that were left to be judged are taken away.
    tables.readings.letDelete(usage);
    // What readings amount to are facts, too.
    stateful.letCommitFacts(usage);
    new StreamMapping(this, 'ReadingsToUsage', {
      target: usage,
      source: tables.readings,
      failures,
      batchSize: 1000,
      window: Duration.seconds(5),
      parallelization: 4,
      filters: [allOfReadings],
    });
  }
}
