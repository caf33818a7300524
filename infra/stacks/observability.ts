import { type App, CfnOutput } from 'aws-cdk-lib';
import { alarmCatalogue, type Watched } from '#infra/alarms/catalogue.ts';
import { addAlarms, alarmTopicName, HouseAlarm } from '#infra/constructs/alarm.ts';
import { AlarmTopic } from '#infra/constructs/alarm-topic.ts';
import { HouseDashboard } from '#infra/constructs/dashboard.ts';
import { HouseFunction } from '#infra/constructs/function.ts';
import { DeadLetterQueue } from '#infra/constructs/queue.ts';
import { BusRule, ObjectRule, Schedule } from '#infra/constructs/rule.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** Who is told when something is lost or late, and a page with everything on it. Comes last: it watches all other stacks. */
export class Observability extends HouseStack {
  constructor(scope: App, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: alarms, their topics and the dashboard',
      dataClass: 'internal',
    });
    new AlarmTopic(this, 'Page', deployment, 'page', stateful.dataKey);
    new AlarmTopic(this, 'Ticket', deployment, 'ticket', stateful.dataKey);
    const watched = this.#watched(scope, stateful);
    addAlarms(this, deployment, alarmCatalogue(watched));
    const alarms = scope.node.findAll().filter((construct) => construct instanceof HouseAlarm);
    const dashboard = new HouseDashboard(this, 'System', deployment, watched, alarms);
    new CfnOutput(this, 'DashboardOutput', {
      description: 'The page with everything on it',
      value: `https://${this.region}.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/${dashboard.name}`,
    }).overrideLogicalId('Dashboard');
  }

  /** All there is to watch, so that nothing new is left out. */
  #watched(app: App, { tables, telemetry, queues }: Stateful): Watched {
    const { deployment } = this;
    const constructs = app.node.findAll();
    const functions = constructs.filter((one) => one instanceof HouseFunction);
    const rules = constructs.filter((one) => one instanceof BusRule);
    const schedules = constructs.filter((one) => one instanceof Schedule || one instanceof ObjectRule);
    const deadLetters = constructs.filter((one) => one instanceof DeadLetterQueue);
    return {
      stage: deployment.config.stage,
      watching: deployment.config.alarms.watching,
      functions: new Map(
        functions.map((one) => [one.houseName, { physical: one.name, timeoutSeconds: one.timeout.toSeconds() }]),
      ),
      tables: {
        profile: tables.profile.tableName,
        readings: tables.readings.tableName,
        audit: tables.audit.tableName,
        keys: tables.keys.tableName,
      },
      stream: telemetry.stream.streamName,
      api: { name: physicalName(deployment, 'api'), stage: 'v1' },
      deadLetters: Object.fromEntries(deadLetters.map((one) => [one.houseName, one.name])),
      facts: queues.facts.name,
      rules: [
        ...rules.map((one) => ({ name: one.houseName, physical: one.name, bus: one.busName })),
        ...schedules.map((one) => ({ name: one.houseName, physical: one.name })),
      ],
      topics: { page: alarmTopicName(deployment, 'page'), ticket: alarmTopicName(deployment, 'ticket') },
    };
  }
}
