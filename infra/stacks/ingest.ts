import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { telemetryKinds } from '#functions/readings/contract/topics.ts';
import { constructId } from '#infra/constructs/construct-id.ts';
import { DeviceRegistry } from '#infra/constructs/device-registry.ts';
import { MeterPolicy } from '#infra/constructs/fleet-policies.ts';
import { IotLogging } from '#infra/constructs/iot-logging.ts';
import { ListedFunctions } from '#infra/constructs/listed-functions.ts';
import { Provisioning } from '#infra/constructs/provisioning.ts';
import { TelemetryRule } from '#infra/constructs/telemetry-rule.ts';
import type { Deployment } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** From the meter to its readings: devices, rules, and the functions that take what meters send and what follows from it. */
export class Ingest extends HouseStack {
  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: meters, their messages and readings',
      dataClass: 'personal',
    });
    this.#telemetry(stateful);
    const functions = new ListedFunctions(this, 'ingest', { estate: stateful, queues: {} });
    this.#devices(functions, stateful);
  }

  /** Messages of each kind go into the stream; its reader reads all of them and puts aside what it does not know. */
  #telemetry({ telemetry, failures }: Stateful): void {
    const { config } = this.deployment;
    for (const kind of telemetryKinds) {
      new TelemetryRule(this, `${constructId(kind)}Rule`, { config, kind, stream: telemetry, failures });
    }
  }

  /** Who a meter is, and how it gets its certificate. */
  #devices(functions: ListedFunctions<'ingest'>, { dataKey }: Stateful): void {
    const { deployment } = this;
    const devices = new DeviceRegistry(deployment);
    new MeterPolicy(this, 'Meter', deployment, devices);
    const hook = functions.named('meter-provision');
    const provisioning = new Provisioning(this, 'Provisioning', deployment, devices, hook);
    if (deployment.config.ownsAccountSettings) new IotLogging(this, 'IotLogging', deployment.config, dataKey);
    new CfnOutput(this, 'ProvisioningTemplateOutput', {
      description: 'The template devices with the claim certificate are provisioned by',
      value: provisioning.templateName,
    }).overrideLogicalId('ProvisioningTemplate');
  }
}
