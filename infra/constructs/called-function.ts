import { Aws } from 'aws-cdk-lib';
import type { FunctionName } from '#functions/manifest.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { HouseFunction } from './function.ts';

/** A function as others and itself call it: by its alias. */
export const calledFunction = (deployment: Deployment, house: FunctionName) => {
  const name = `${physicalName(deployment, house)}:live`;
  const arn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
  return { name, letStart: (grantee: HouseFunction): void => grantee.allow(['lambda:InvokeFunction'], [arn]) };
};
