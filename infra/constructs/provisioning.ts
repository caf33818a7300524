import { Aws } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnProvisioningTemplate } from 'aws-cdk-lib/aws-iot';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Deployment, kept, physicalName } from '#infra/deployment.ts';
import type { DeviceRegistry } from './device-registry.ts';
import { ClaimPolicy } from './fleet-policies.ts';
import type { HouseFunction } from './function.ts';

/** What becomes of a device that was let in: the thing its hook names, its certificate active, the policy of meters. */
const templateBody = (registry: DeviceRegistry) => ({
  Parameters: {
    SerialNumber: { Type: 'String' },
    ThingName: { Type: 'String' },
    'AWS::IoT::Certificate::Id': { Type: 'String' },
  },
  Resources: {
    thing: {
      Type: 'AWS::IoT::Thing',
      Properties: { ThingName: { Ref: 'ThingName' }, ThingTypeName: registry.thingType },
      OverrideSettings: { AttributePayload: 'DO_NOTHING', ThingTypeName: 'REPLACE', ThingGroups: 'DO_NOTHING' },
    },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
    },
    policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: registry.policyName } },
  },
});

/** Devices that leave the factory with the claim certificate get one of their own, if the hook lets them. */
export class Provisioning extends Construct {
  readonly templateName: string;

  constructor(scope: Construct, id: string, deployment: Deployment, registry: DeviceRegistry, hook: HouseFunction) {
    super(scope, id);
    const { config } = deployment;
    this.templateName = physicalName(deployment, 'meter');
    const role = new Role(this, 'Role', {
      description: `Rotunda ${config.stage}: provisions meters`,
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': config.account } },
      }),
    });
    const policy = registry.letProvision(this, role);
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: hook.alias.functionArn,
      principal: 'iot.amazonaws.com',
      sourceAccount: config.account,
      sourceArn: `arn:${Aws.PARTITION}:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}:provisioningtemplate/${this.templateName}`,
    });
    const template = new CfnProvisioningTemplate(this, 'Template', {
      templateName: this.templateName,
      templateType: 'FLEET_PROVISIONING',
      description: `Rotunda ${config.stage}: meters with the claim certificate`,
      enabled: true,
      provisioningRoleArn: role.roleArn,
      templateBody: JSON.stringify(templateBody(registry)),
      preProvisioningHook: { targetArn: hook.alias.functionArn, payloadVersion: '2020-04-01' },
    });
    template.applyRemovalPolicy(kept);
    template.node.addDependency(policy, permission);
    new ClaimPolicy(this, 'Claim', deployment, this.templateName);
  }
}
