import { Aws } from 'aws-cdk-lib';
import { CfnPolicy, CfnThingType } from 'aws-cdk-lib/aws-iot';
import { Construct } from 'constructs';
import { devicePolicy } from '#functions/readings/contract/device-policy.ts';
import type { Deployment } from '#infra/deployment.ts';
import { kept, physicalName } from '#infra/deployment.ts';
import type { DeviceRegistry } from './device-registry.ts';

/**
 * What a meter is, and what it may do: connect as itself and use its own topics. Kept: IoT Core deletes no policy that a certificate
 * has (DeletePolicy: DeleteConflictException) and no type that has things.
 */
export class MeterPolicy extends Construct {
  constructor(scope: Construct, id: string, { config }: Deployment, registry: DeviceRegistry) {
    super(scope, id);
    const type = new CfnThingType(this, 'Type', {
      thingTypeName: registry.thingType,
      thingTypeProperties: { thingTypeDescription: `Rotunda ${config.stage}: a meter` },
    });
    const policy = new CfnPolicy(this, 'Policy', {
      policyName: registry.policyName,
      policyDocument: devicePolicy({ stage: config.stage, region: Aws.REGION, account: Aws.ACCOUNT_ID }),
    });
    for (const inUse of [type, policy]) inUse.applyRemovalPolicy(kept);
  }
}

/** Client ids with which a device that has nothing but the claim certificate connects; no meter's id begins so. */
const claimant = 'claim-*';

/**
 * What the claim certificate that devices leave the factory with may do: ask for a certificate of their own, by a request they
 * signed themselves, and be provisioned by the one template. No telemetry, no key made elsewhere.
 */
export class ClaimPolicy extends Construct {
  readonly policyName: string;

  constructor(scope: Construct, id: string, deployment: Deployment, templateName: string) {
    super(scope, id);
    this.policyName = physicalName(deployment, 'claim');
    const iot = (resource: string): string => `arn:aws:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    const topics = [
      '$aws/certificates/create-from-csr/json',
      `$aws/provisioning-templates/${templateName}/provision/json`,
    ];
    const answers = topics.flatMap((topic) => [`${topic}/accepted`, `${topic}/rejected`]);
    const policy = new CfnPolicy(this, 'Policy', {
      policyName: this.policyName,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['iot:Connect'], Resource: [iot(`client/${claimant}`)] },
          { Effect: 'Allow', Action: ['iot:Publish'], Resource: topics.map((topic) => iot(`topic/${topic}`)) },
          { Effect: 'Allow', Action: ['iot:Subscribe'], Resource: answers.map((topic) => iot(`topicfilter/${topic}`)) },
          { Effect: 'Allow', Action: ['iot:Receive'], Resource: answers.map((topic) => iot(`topic/${topic}`)) },
        ],
      },
    });
    policy.applyRemovalPolicy(kept);
  }
}
