import { CfnOutput } from 'aws-cdk-lib';
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
      settings,
    });
    tables.profile.letRead(hook);
    tables.profile.letPut(hook);
    devices.letLook(hook);
    const provisioning = new Provisioning(this, 'Provisioning', deployment, devices, hook);
    const certificates = new HouseFunction(this, 'MeterCertificates', {
      ground,
      name: 'meter-certificates',
      settings,
    });
    tables.profile.letRead(certificates);
    tables.profile.letPut(certificates);
    devices.letRetire(certificates);
    new Schedule(this, 'MeterCertificatesDaily', { target: certificates, deadLetters: ground.failedInvocations });
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
      settings: { ...commonSettings, telemetryStream: telemetry.stream.streamName },
    });
    // Events of meters are facts: the function keeps them as the inbound one does.
    stateful.letCommitFacts(readings);
    stateful.letRecord(readings);
    tables.readings.letRead(readings);
    tables.readings.letPut(readings);
    // One second for what is measured now; a batch of day blocks fills before that.
    new StreamMapping(this, 'TelemetryToReadings', { target: readings, from: stateful });
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
      settings: commonSettings,
    });
    stateful.letCommitFacts(makesPoints);
    stateful.letRecord(makesPoints);
    const work = new HouseFunction(this, 'ImportsWork', {
      ground,
      name: 'imports-work',
      settings: {
        ...commonSettings,
        telemetryStream: telemetry.stream.streamName,
        importsBucket: imports.bucket.bucketName,
        importsWorker: worker.name,
        importsPoints: points.name,
      },
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
    new Schedule(this, 'ImportsLeft', { target: work, deadLetters: ground.failedInvocations });
  }

  /** What follows where no readings come. */
  #silence({ ground, tables, commonSettings }: Stateful): void {
    const silent = new HouseFunction(this, 'SilentMeters', {
      ground,
      name: 'silent-meters',
      settings: commonSettings,
    });
    tables.profile.letRead(silent);
    tables.profile.letPut(silent);
    // A meter that was removed is looked at no longer.
    tables.profile.letDelete(silent);
    tables.readings.letRead(silent);
    tables.readings.letPut(silent);
    new Schedule(this, 'SilentMetersHourly', { target: silent, deadLetters: ground.failedInvocations });
  }

  /** What follows from changed readings. */
  #readers(stateful: Stateful): void {
    const { ground, tables, commonSettings } = stateful;
    const conflicts = new HouseFunction(this, 'ReadingConflicts', {
      ground,
      name: 'insight-follow',
      settings: commonSettings,
    });
    stateful.letCommitFacts(conflicts);
    tables.readings.letRead(conflicts);
    tables.readings.letPut(conflicts);
    new StreamMapping(this, 'ReadingsToConflicts', { target: conflicts, from: stateful });
    const usage = new HouseFunction(this, 'UsageFollow', {
      ground,
      name: 'validation-follow',
      settings: commonSettings,
    });
    tables.readings.letRead(usage);
    tables.readings.letPut(usage);
    // Days that were left to be judged are taken away.
    tables.readings.letDelete(usage);
    // What readings amount to are facts, too.
    stateful.letCommitFacts(usage);
    new StreamMapping(this, 'ReadingsToUsage', { target: usage, from: stateful });
  }
}
