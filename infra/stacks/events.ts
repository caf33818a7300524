import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { functionNamed } from '#functions/manifest.ts';
import { Bus } from '#infra/constructs/bus.ts';
import { ListedFunctions } from '#infra/constructs/listed-functions.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import { BusRule } from '#infra/constructs/rule.ts';
import { Senders } from '#infra/constructs/senders.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** Facts of other systems in, facts of the house out, and what follows from a fact that was kept. */
export class Events extends HouseStack {
  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: buses, queues, and what follows the tables',
      dataClass: 'personal',
    });
    const queues = { facts: this.#inbound(stateful) };
    const functions = new ListedFunctions(this, 'events', { estate: stateful, queues });
    this.#outbound(functions, stateful);
    this.#say('InboundBus', 'Takes facts of other systems', physicalName(deployment, 'inbound'));
    this.#say('OutboundBus', 'Tells subscribers of facts', physicalName(deployment, 'outbound'));
    const { name: operations } = functions.named('operations');
    this.#say('OperationsFunction', "Does the operator's acts on the tables", operations);
    const { name: parked } = functions.named('operations-parked');
    this.#say('OperationsParkedFunction', "Does the operator's acts on what was given up and on devices", parked);
    const { name: replays } = functions.named('operations-replay');
    this.#say('OperationsReplayFunction', 'Works replays on, segment by segment', replays);
    const { name: match } = functions.named('operations-match');
    this.#say('OperationsMatchFunction', 'Looks for duplicates among the stored customers', match);
  }

  /** Other systems -> bus -> queue; nothing is lost on the way. */
  #inbound({ dataKey }: Stateful): WorkQueue {
    const { deployment } = this;
    const senders = new Senders(this, 'Senders', deployment, physicalName(deployment, 'inbound'));
    const bus = new Bus(this, 'Inbound', {
      deployment,
      dataKey,
      name: 'inbound',
      policy: (busArn) => senders.statements(busArn),
    });
    const queue = new WorkQueue(this, 'Facts', {
      deployment,
      dataKey,
      name: 'facts',
      consumerTimeout: Duration.seconds(functionNamed('facts-inbound').seconds),
      maxReceiveCount: 5,
    });
    new BusRule(this, 'FactsRule', {
      deployment,
      bus,
      name: 'facts',
      description: 'Rotunda: every event of a known source is for the facts queue',
      pattern: { source: deployment.config.inbound.map(({ source }) => source) },
      queue,
    });
    return queue;
  }

  /** Facts that were kept -> bus; nobody else publishes there. */
  #outbound(functions: ListedFunctions<'events'>, { dataKey }: Stateful): void {
    const publishers = functions.thatMay('publish facts').map(({ role }) => role.roleArn);
    new Bus(this, 'Outbound', {
      deployment: this.deployment,
      dataKey,
      name: 'outbound',
      policy: (busArn) => [
        new PolicyStatement({
          sid: 'OnlyTheRelay',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['events:PutEvents'],
          resources: [busArn],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': publishers } },
        }),
      ],
    });
  }

  #say(id: string, description: string, value: string): void {
    new CfnOutput(this, `${id}Output`, { description, value }).overrideLogicalId(id);
  }
}
