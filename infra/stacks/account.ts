import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type AccountConfig, accountStackName } from '#infra/config.ts';
import { DeviceAudit } from '#infra/constructs/device-audit.ts';
import { GatewayLogging } from '#infra/constructs/gateway-logging.ts';
import { IotLogging } from '#infra/constructs/iot-logging.ts';
import { tagStack } from './house-stack.ts';

/**
 * What AWS has once in an account and region: the log of IoT Core, the role by which API Gateway writes logs, the audit of devices.
 * Made once before the first stage; no stage makes or changes any of it.
 */
export class Account extends Stack {
  constructor(scope: Construct, id: string, config: AccountConfig) {
    super(scope, id, {
      stackName: accountStackName,
      description: 'Rotunda: what an account and region have once, for all stages',
      env: { account: config.account, region: config.region },
    });
    tagStack(this, { ...config, stage: 'account', dataClass: 'internal' });
    new GatewayLogging(this, 'GatewayLogging');
    new IotLogging(this, 'IotLogging', config);
    if (config.deviceAuditEmail !== undefined)
      new DeviceAudit(this, 'DeviceAudit', config.account, config.deviceAuditEmail);
  }
}
