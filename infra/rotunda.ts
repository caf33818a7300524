import type { App } from 'aws-cdk-lib';
import { accountConfig } from '#infra/config.ts';
import type { Deployment } from '#infra/deployment.ts';
import { Account } from '#infra/stacks/account.ts';
import { Api } from '#infra/stacks/api.ts';
import { Events } from '#infra/stacks/events.ts';
import { Ingest } from '#infra/stacks/ingest.ts';
import { Observability } from '#infra/stacks/observability.ts';
import { Stateful } from '#infra/stacks/stateful.ts';

/** The stacks of one deployment, in the order in which they depend on each other, after what its account and region have once. */
export const addRotunda = (app: App, deployment: Deployment) => {
  const account = new Account(app, 'Account', accountConfig(deployment.config));
  const stateful = new Stateful(app, 'Stateful', deployment);
  const ingest = new Ingest(app, 'Ingest', deployment, stateful);
  const events = new Events(app, 'Events', deployment, stateful);
  const api = new Api(app, 'Api', deployment, stateful);
  // Without the role for its logs API Gateway makes no stage that has some.
  api.addStackDependency(account, 'API Gateway writes logs by the role of the account');
  const observability = new Observability(app, 'Observability', deployment, stateful);
  return { account, stateful, ingest, events, api, observability };
};
