import assert from 'node:assert/strict';
import { usageTopic } from '#functions/readings/contract/topics.ts';
import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { localDateAt, midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { daysOf } from '../view.ts';

const zone = 'Europe/London';

/** A whole day before today in the meter's zone, in half-hours of 100 Wh and more: its block, date and energy in Wh. */
export const meterDay = (meter: string, daysAgo: number) => {
  let end = midnightBefore(zone, Math.floor(Date.now() / 1000));
  for (let day = 1; day < daysAgo; day += 1) end = midnightBefore(zone, end - 1);
  const start = midnightBefore(zone, end - 1);
  const values = Array.from({ length: (nextMidnight(zone, start) - start) / 1800 }, (_, index) => 100 + index);
  const block: UsageBlock = {
    v: 1,
    meter,
    register: '1',
    start,
    interval: 1800,
    values,
    seq: daysAgo,
    revision: 0,
  };
  return { block, date: localDateAt(zone, start), wattHours: values.reduce((sum, value) => sum + value, 0) };
};

/** The meter publishes a day by its own line. */
export const publishDay = (rehearsal: Rehearsal, daysAgo: number) =>
  rehearsal.connected(async (line, meter) => {
    const day = meterDay(meter.id, daysAgo);
    await line.publish(usageTopic(rehearsal.ground.stage, meter.thing), writeUsageBlock(day.block));
    return day;
  });

/** Waits until a day of the meter stands in the view, to the watt-hour. */
export const dayInView = async (rehearsal: Rehearsal, { date, wattHours }: ReturnType<typeof meterDay>) => {
  const seen = async (): Promise<number | undefined> => daysOf(await rehearsal.view()).get(date);
  const value = await eventually(`${date} in the view`, rehearsal.ground.patienceMs, seen, (one) => one !== undefined);
  assert.equal(value, wattHours, `the view tells another use of ${date}`);
  return `${wattHours} Wh of ${date} in the view`;
};
