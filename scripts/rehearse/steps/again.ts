import assert from 'node:assert/strict';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { DescribeThingCommand } from '@aws-sdk/client-iot';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';
import type { RehearsedView } from '../view.ts';
import { deploymentLines } from './deploy.ts';
import { dayInView, publishDay } from './meter-day.ts';

/** What was seen before the stage was taken down. */
interface Before {
  view?: RehearsedView;
}

/** Archives of the buses of a stage, by name. */
const archivesOf = async ({ ground: { clients }, stand }: Rehearsal): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const { physicalId: Name } of stand.stacks.ofType('AWS::Events::EventBus')) {
    const { Arn: EventSourceArn } = await clients.events.send(new DescribeEventBusCommand({ Name }));
    const { Archives = [] } = await clients.events.send(new ListArchivesCommand({ EventSourceArn }));
    names.push(...Archives.map(({ ArchiveName = '' }) => ArchiveName));
  }
  return names.sort();
};

const destroyStep = (rehearsal: Rehearsal, before: Before): Step => ({
  name: 'destroy',
  title: 'the stage is taken down; its data, its meter and the archives of its buses stay',
  run: async () => {
    const { ground, stand, meter } = rehearsal;
    assert.ok(meter, 'no meter is registered');
    before.view = await rehearsal.view();
    const archives = await archivesOf(rehearsal);
    assert.notDeepEqual(archives, [], 'the buses have no archive');
    const started = performance.now();
    const { plan } = await ground.destroy({ stage: ground.stage, withData: false });
    assert.deepEqual(await archivesOf(rehearsal), archives);
    await ground.clients.iot.send(new DescribeThingCommand({ thingName: meter.enrolment.thing }));
    const tables = stand.stacks.ofType('AWS::DynamoDB::Table');
    for (const { physicalId: TableName } of tables)
      await ground.clients.dynamo.send(new DescribeTableCommand({ TableName }));
    return [
      `${plan.stacks.length} stacks removed in ${secondsSince(started)}; ${plan.stays.length} resources stay`,
      `still there: ${tables.length} tables, the meter ${meter.enrolment.thing}, ${archives.join(', ')}`,
    ];
  },
});

const deployAgainStep = (rehearsal: Rehearsal, before: Before): Step => ({
  name: 'deploy-again',
  title: 'deployed again, the view is as it was, and the meter is heard by the certificate it has',
  run: async () => {
    const { ground } = rehearsal;
    const started = performance.now();
    const lines = deploymentLines(await ground.deploy({ stage: ground.stage }), started);
    await rehearsal.open();
    assert.deepEqual(await rehearsal.view(), before.view);
    const seen = await dayInView(rehearsal, await publishDay(rehearsal, 3));
    return [...lines, `the view is the same as before; ${seen} by the old certificate`];
  },
});

/** Down and up again: what stays is used again. */
export const againSteps = (rehearsal: Rehearsal): readonly Step[] => {
  const before: Before = {};
  return [destroyStep(rehearsal, before), deployAgainStep(rehearsal, before)];
};
