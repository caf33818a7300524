import assert from 'node:assert/strict';
import { usageTopic } from '#functions/readings/contract/topics.ts';
import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { newDeviceKey } from '#iot/device-key.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { localDateAt, midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import { eventually } from '#tests/support/eventually.ts';
import { publishOnce } from '#tests/support/meters/raw-meter.ts';
import { installMeter } from './install-meter.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const zone = 'Europe/London';
const register = '1';

/** The whole day that many days before today in the meter's zone, in half-hours of 100 Wh and more. */
const dayBefore = (meter: string, days: number): UsageBlock => {
  let end = midnightBefore(zone, Math.floor(Date.now() / 1000));
  for (let day = 1; day < days; day += 1) end = midnightBefore(zone, end - 1);
  const start = midnightBefore(zone, end - 1);
  const intervals = (nextMidnight(zone, start) - start) / 1800;
  const values = Array.from({ length: intervals }, (_, index) => 100 + index);
  return { v: 1, meter, register, start, interval: 1800, values, seq: days, revision: 0 };
};

const totalOf = (block: UsageBlock): number => block.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** A meter that is heard, and one that is not. */
export const meterSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { operator } = ground;
  const keyPem = newDeviceKey();
  const publish = async (block: UsageBlock): Promise<void> => {
    assert.ok(world.line, 'the meter is not connected');
    await world.line.publish(usageTopic(ground.stage, world.meter().thing), writeUsageBlock(block));
  };
  const kept = (): Promise<ReadonlyMap<string, string>> => ground.readings(world.meter().id, register);
  const keptAside = async (reason: string): Promise<number> => (await operator.quarantined()).get(reason) ?? 0;
  const foreignBlocks = (): Promise<number> => keptAside('block.foreign');
  const conflicts = (): Promise<number> => keptAside('block.conflict');
  return [
    {
      name: 'meter-registered',
      title: 'a meter gets a certificate for the key it keeps, and connects with it',
      run: async () => {
        world.enrolled = await installMeter(world, 'amara', `RT-${run}`, keyPem);
        world.line = await ground.connect(world.enrolled, keyPem);
        assert.equal(world.line.connected, true);
      },
    },
    {
      name: 'block',
      title: 'a day that the meter publishes is kept once and counted in the usage of the view',
      run: async () => {
        const block = dayBefore(world.meter().id, 1);
        await publish(block);
        const date = localDateAt(zone, block.start);
        const items = await eventually('readings of the day', ground.patienceMs, kept, (found) => found.size === 1);
        assert.deepEqual([...items.keys()], [`D#${date.replaceAll('-', '')}`]);
        const { customer, servicePoint } = world.homeOf('amara');
        const usage = async () => (await world.see(customer)).usage.find((one) => one.servicePointId === servicePoint);
        const seen = await eventually('usage in the view', ground.patienceMs, usage, (one) => one !== undefined);
        const day = seen?.recentDays.find((one) => one.date === date)?.value;
        assert.deepEqual([seen?.unit, day], ['Wh', totalOf(block)]);
      },
    },
    {
      name: 'same-block-again',
      title: 'the same block again is the same item to the byte',
      run: async () => {
        const before = await kept();
        const block = dayBefore(world.meter().id, 1);
        await publish(block);
        await publish(dayBefore(world.meter().id, 2));
        const after = await eventually('the block behind', ground.patienceMs, kept, (found) => found.size === 2);
        for (const [key, bytes] of before) assert.equal(after.get(key), bytes);
      },
    },
    {
      name: 'changed-block',
      title: 'a block in which the meter says something else of what it told is kept aside, and what it told stands',
      run: async () => {
        const [before, items] = [await conflicts(), await kept()];
        const { values, ...block } = dayBefore(world.meter().id, 2);
        await publish({ ...block, values: values.map((value) => (value ?? 0) + 1) });
        await eventually('the other word', ground.patienceMs, conflicts, (count) => count === before + 1);
        assert.deepEqual(await kept(), items);
      },
    },
    {
      name: 'foreign-block',
      title: 'a block that names another meter is refused, counted and kept aside',
      run: async () => {
        const before = await foreignBlocks();
        const items = await kept();
        await publish(dayBefore(mintedId('meter', `other-${run}`), 3));
        const { patienceMs } = ground;
        await eventually('the foreign block', patienceMs, foreignBlocks, (count) => count === before + 1);
        assert.deepEqual(await kept(), items);
      },
    },
    {
      name: 'foreign-topic',
      title: 'a meter that publishes for another meter, or by a rule of another stage, is cut off',
      run: async () => {
        await world.line?.close();
        world.line = undefined;
        const meter = world.meter();
        const own = usageTopic(ground.stage, meter.thing);
        assert.equal(await publishOnce(meter, keyPem, own, '{}'), 'acknowledged');
        const other = usageTopic(ground.stage, mintedId('meter', `other-${run}`));
        for (const topic of [other, usageTopic('elsewhere', meter.thing)])
          assert.equal(await publishOnce(meter, keyPem, topic, '{}'), 'disconnected', topic);
      },
    },
    {
      name: 'revoked-certificate',
      title: 'a meter whose certificate was taken back is refused',
      run: async () => {
        await ground.revoke(world.meter());
        await assert.rejects(ground.connect(world.meter(), keyPem));
      },
    },
  ];
};
