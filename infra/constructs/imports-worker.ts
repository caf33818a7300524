import { Aws } from 'aws-cdk-lib';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { HouseFunction } from './function.ts';

/** The function that works imports off, as others and itself call it: by its alias. */
export const importsWorkerOf = (deployment: Deployment) => {
  const name = `${physicalName(deployment, 'imports-work')}:live`;
  const arn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
  return { name, letStart: (grantee: HouseFunction): void => grantee.allow(['lambda:InvokeFunction'], [arn]) };
};
