import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { type Deployment, isProtected, physicalName } from '#infra/deployment.ts';

/** Tags of every resource of a stack. */
export const tagStack = (
  stack: Stack,
  {
    stage,
    owner,
    costCentre,
    dataClass,
  }: Pick<StageConfig, 'stage' | 'owner' | 'costCentre'> & { readonly dataClass: string },
): void => {
  const tags = { app: 'rotunda', stage, owner, cost: costCentre, dataClass };
  for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
};

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
      terminationProtection: isProtected(deployment) && options.keepsData === true,
    });
    this.deployment = deployment;
    tagStack(this, { ...config, dataClass: options.dataClass });
  }
}
