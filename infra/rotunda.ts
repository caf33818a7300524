import type { App } from 'aws-cdk-lib';
import type { Deployment } from '#infra/deployment.ts';
import { Stateful } from '#infra/stacks/stateful.ts';

/** The stacks of one deployment, in the order in which they depend on each other. */
export const addRotunda = (app: App, deployment: Deployment) => {
  const stateful = new Stateful(app, 'Stateful', deployment);
  return { stateful };
};
