import { Aws } from 'aws-cdk-lib';
import type { FunctionName } from '#functions/manifest.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { HouseFunction } from './function.ts';

const calledBy = (deployment: Deployment, house: FunctionName) => {
  const name = `${physicalName(deployment, house)}:live`;
  const arn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
  return { name, letStart: (grantee: HouseFunction): void => grantee.allow(['lambda:InvokeFunction'], [arn]) };
};

/** The function that works imports off, as others and itself call it: by its alias. */
export const importsWorkerOf = (deployment: Deployment) => calledBy(deployment, 'imports-work');
/** The function that makes points of imports known, as the worker calls it. */
export const importsPointsOf = (deployment: Deployment) => calledBy(deployment, 'imports-points');
