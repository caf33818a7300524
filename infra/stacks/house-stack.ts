import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Deployment, physicalName } from '#infra/deployment.ts';

/** A stack of one deployment: named, placed, described and tagged alike. */
export abstract class HouseStack extends Stack {
  readonly deployment: Deployment;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    options: {
      readonly description: string;
      readonly dataClass: 'personal' | 'internal';
      readonly keepsData?: boolean;
    },
  ) {
    const { config } = deployment;
    super(scope, id, {
      stackName: physicalName(deployment, id.toLowerCase()),
      description: options.description,
      env: { account: config.account, region: config.region },
      terminationProtection: config.deletionProtection && options.keepsData === true,
    });
    this.deployment = deployment;
    const tags = {
      app: 'rotunda',
      stage: config.stage,
      owner: config.owner,
      cost: config.costCentre,
      dataClass: options.dataClass,
    };
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
  }
}
