import type { App } from 'aws-cdk-lib';
import type { Deployment } from '#infra/deployment.ts';
import { Api } from '#infra/stacks/api.ts';
import { Events } from '#infra/stacks/events.ts';
import { Ingest } from '#infra/stacks/ingest.ts';
import { Observability } from '#infra/stacks/observability.ts';
import { Stateful } from '#infra/stacks/stateful.ts';

/** The stacks of one deployment, in the order in which they depend on each other. */
export const addRotunda = (app: App, deployment: Deployment) => {
  const stateful = new Stateful(app, 'Stateful', deployment);
  const ingest = new Ingest(app, 'Ingest', deployment, stateful);
  const events = new Events(app, 'Events', deployment, stateful);
  const api = new Api(app, 'Api', deployment, stateful);
  const observability = new Observability(app, 'Observability', deployment, stateful);
  return { stateful, ingest, events, api, observability };
};
