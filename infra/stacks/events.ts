import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ListedFunctions } from '#infra/constructs/listed-functions.ts';
import { BusRule } from '#infra/constructs/rule.ts';
import type { Deployment } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** Facts of other systems in, facts of the house out, and what follows from a fact that was kept. */
export class Events extends HouseStack {
  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: rules of the buses, and what follows the tables',
      dataClass: 'personal',
    });
    new BusRule(this, 'FactsRule', {
      deployment,
      bus: stateful.inbound,
      name: 'facts',
      description: 'Rotunda: every event of a known source is for the facts queue',
      pattern: { source: deployment.config.inbound.map(({ source }) => source) },
      queue: stateful.queues.facts,
    });
    const functions = new ListedFunctions(this, 'events', stateful);
    const { name: operations } = functions.named('operations');
    this.#say('OperationsFunction', "Does the operator's acts on the tables", operations);
    const { name: parked } = functions.named('operations-parked');
    this.#say('OperationsParkedFunction', "Does the operator's acts on what was given up and on devices", parked);
    const { name: replays } = functions.named('operations-replay');
    this.#say('OperationsReplayFunction', 'Works replays on, segment by segment', replays);
    const { name: match } = functions.named('operations-match');
    this.#say('OperationsMatchFunction', 'Looks for duplicates among the stored customers', match);
  }

  #say(id: string, description: string, value: string): void {
    new CfnOutput(this, `${id}Output`, { description, value }).overrideLogicalId(id);
  }
}
