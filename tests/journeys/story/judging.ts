import assert from 'node:assert/strict';
import * as z from 'zod';
import { usageTopic } from '#functions/readings/contract/topics.ts';
import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { DeviceLink } from '#iot/connection.ts';
import { newDeviceKey } from '#iot/device-key.ts';
import {
  addDays,
  expectedIntervals,
  instantOf,
  localDateAt,
  localMonthAt,
  startOfDate,
  startOfMonth,
} from '#shared/vocabulary/time.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Enrolment } from './ground.ts';
import { installMeter } from './install-meter.ts';
import { readUsage } from './usage.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const zone = 'Europe/London';
const register = '1';
const person = 'ines';

const Exceptions = z.object({
  data: z.array(z.object({ id: z.string(), rule: z.string(), state: z.string(), start: z.string() })),
});
const Decided = z.object({ state: z.string() });
const Month = z.object({
  data: z.object({
    month: z.string(),
    issue: z.number(),
    missing: z.number(),
    daysComplete: z.number(),
    byQuality: z.array(z.object({ quality: z.number(), count: z.number() })),
  }),
});
const Log = z.object({
  data: z.array(z.object({ requestId: z.string().optional(), act: z.string(), outcome: z.string() })),
});

/** Places of the two half-hours that the meter has no value for, and what a line between those around them gives. */
const hole = [20, 21];
const usual = (index: number): number => 100 + index;
/** What a person read from the display. */
const corrected = [777, 778];
/** Place of a value that no home uses. */
const spiked = 10;

/** Seconds that a month is over at least: long enough that a meter which sent nothing since is silent. */
const silentFor = 5 * 86_400;

/** Who corrects readings, and what for. */
const billing = { as: { role: 'billing' }, headers: { 'rotunda-purpose': 'billing' } } as const;

/** A day with a hole: filled, questioned, corrected by a person, closed with its month. */
export const judgingSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { api, patienceMs } = ground;
  const keyPem = newDeviceKey();
  const end = startOfMonth(zone, localMonthAt(zone, Math.floor(Date.now() / 1000) - silentFor));
  const [month, last] = [localMonthAt(zone, end - 1), localDateAt(zone, end - 1)];
  const before = addDays(last, -1);
  const requestId = `correct-${run}`;
  let meter: Enrolment | undefined;
  let line: DeviceLink | undefined;

  const dayOf = (date: string, valueAt: (index: number) => number | null, revision = 0): UsageBlock => {
    assert.ok(meter, 'no meter is registered');
    const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
    return {
      v: 1,
      meter: meter.id,
      register,
      start: startOfDate(zone, date),
      interval: 1800,
      values,
      seq: 1,
      revision,
    };
  };
  const asMeasured = (index: number): number | null => (hole.includes(index) ? null : usual(index));
  const publish = async (block: UsageBlock): Promise<void> => {
    assert.ok(line && meter, 'the meter is not connected');
    await line.publish(usageTopic(ground.stage, meter.thing), writeUsageBlock(block));
  };
  const point = (): string => world.homeOf(person).servicePoint;
  const holeNow = async () => {
    const usage = await readUsage(world, point(), { from: last, to: addDays(last, 1), resolution: 'interval' });
    return hole.map((index) => [usage.data[index]?.value ?? null, usage.data[index]?.quality ?? null]);
  };
  const exceptions = async (state?: string) => {
    const query = state === undefined ? '' : `?state=${state}`;
    const path = `/v1/service-points/${point()}/exceptions${query}`;
    return Exceptions.parse((await api.must({ path, as: { role: 'agent' } })).json).data;
  };
  const standing = async () => (await exceptions()).map(({ rule, state }) => `${rule} ${state}`);
  const until = <Value>(what: string, ask: () => Promise<Value>, holds: (value: Value) => boolean) =>
    eventually(what, patienceMs, ask, holds);
  const heardOf = (type: string): Promise<readonly string[]> => world.heardAt(person, type);
  const months = async () => {
    const facts = await Promise.all(
      (await heardOf('metering.month.closed.v1')).map((id) =>
        api.must({ path: `/v1/facts/${id}`, as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } }),
      ),
    );
    const told = facts.map(({ json }) => Month.parse(json).data);
    return told.filter((one) => one.month === month).sort((left, right) => left.issue - right.issue);
  };
  const countOf = (one: z.infer<typeof Month>['data'] | undefined, quality: number): number =>
    one?.byQuality.find((each) => each.quality === quality)?.count ?? 0;

  return [
    {
      name: 'hole-filled',
      title: 'a day that closes with a hole is filled by an estimate that usage shows as one, and the hole is told',
      run: async () => {
        await world.build(person, 'Moreau', '3 Pier View');
        meter = await installMeter(world, person, `RT-${run}-h`, keyPem);
        line = await ground.connect(meter, keyPem);
        await publish(dayOf(last, asMeasured));
        await until('the estimate', holeNow, ([first]) => first?.[0] !== null);
        assert.deepEqual(
          await holeNow(),
          hole.map((index) => [usual(index), 9]),
        );
        await until('the exception', standing, (found) => found.includes('missing-intervals filled'));
        await until(
          'its fact',
          () => heardOf('metering.exception.raised.v1'),
          (ids) => ids.length === 1,
        );
      },
    },
    {
      name: 'month-closed',
      title: 'the last day of a month closes it, with its estimates and what is missing, for whoever bills',
      run: async () => {
        const [first] = await until('the month', months, (issues) => issues.length > 0);
        assert.equal(countOf(first, 9), 2);
        assert.equal(first?.daysComplete, 1);
      },
    },
    {
      name: 'corrected',
      title: 'a person gives the values they read: usage shows them, the exception ends, the month is issued again',
      run: async () => {
        const start = instantOf(startOfDate(zone, last) + (hole[0] ?? 0) * 1800);
        const json = { register, start, values: corrected, quality: 7, reason: 'Read from the display on site.' };
        const path = `/v1/service-points/${point()}/corrections`;
        const foreign = await api.ask({ method: 'POST', path, as: { role: 'agent' }, json });
        assert.equal(foreign.status, 403);
        const { as, headers } = billing;
        await api.must({ method: 'POST', path, as, headers: { ...headers, 'x-request-id': requestId }, json });
        assert.deepEqual(
          await holeNow(),
          corrected.map((value) => [value, 7]),
        );
        await until('the end of the exception', standing, (found) => found.length === 0);
        assert.deepEqual(
          (await exceptions('corrected')).map(({ rule }) => rule),
          ['missing-intervals'],
        );
        await until(
          'the fact of its end',
          () => heardOf('metering.exception.resolved.v1'),
          (ids) => ids.length === 1,
        );
        await until(
          'the fact of the correction',
          () => heardOf('metering.correction.made.v1'),
          (ids) => ids.length === 1,
        );
        const isCorrected = (one: z.infer<typeof Month>['data'] | undefined) => countOf(one, 7) === 2;
        const latest = (await until('the month again', months, (issues) => isCorrected(issues.at(-1)))).at(-1);
        assert.equal(countOf(latest, 9), 0);
      },
    },
    {
      name: 'correction-stands',
      title:
        'what the meter sends of that day again, the same or another, undoes no correction and replaces nothing it told',
      run: async () => {
        const later = (index: number): number | null => (index === 5 ? 205 : usual(index));
        await publish(dayOf(last, later, 1));
        await publish(dayOf(last, asMeasured));
        await publish(dayOf(before, (index) => (index === spiked ? 9000 : usual(index))));
        const range = { from: before, to: addDays(last, 1), resolution: 'interval' } as const;
        const [night] = [expectedIntervals(zone, before, 1800)];
        const seen = async () => (await readUsage(world, point(), range)).data.map(({ value }) => value);
        const values = await until('the day behind', seen, (all) => all[0] !== null);
        assert.equal(values[night + 5], usual(5));
        assert.deepEqual(
          hole.map((index) => values[night + index]),
          corrected,
        );
      },
    },
    {
      name: 'dismissed',
      title: 'a value that no home uses is questioned until a person says that it is nothing',
      run: async () => {
        const questioned = async () => (await exceptions('open')).filter(({ rule }) => rule === 'spike');
        const [found] = await until('the question', questioned, (all) => all.length > 0);
        const path = `/v1/service-points/${point()}/exceptions/${found?.id ?? ''}/resolution`;
        const json = { decision: 'dismissed', reason: 'A kiln was fired that night.' };
        const decided = Decided.parse((await api.must({ method: 'POST', path, ...billing, json })).json);
        assert.equal(decided.state, 'dismissed');
        assert.deepEqual(await standing(), []);
        const told = () => heardOf('metering.exception.resolved.v1');
        await until('the fact of the decision', told, (ids) => ids.length === 2);
        await line?.close();
      },
    },
    {
      name: 'correction-logged',
      title: 'who corrected, and who was refused, stands in the log of the customer',
      run: async () => {
        const path = `/v1/customers/${world.homeOf(person).customer}/access-log?limit=100`;
        const log = async () => Log.parse((await api.must({ path, as: { role: 'privacy' } })).json).data;
        const own = (await log()).filter(({ act }) => act === 'readings.correct');
        assert.deepEqual(own.map(({ outcome }) => outcome).sort(), ['allowed', 'allowed', 'refused:access.denied']);
        assert.equal(own.filter((entry) => entry.requestId === requestId).length, 1);
      },
    },
  ];
};

/** Told last, since it judges the days of all meters up to now: a meter that sent nothing since is silent, and somebody is to look after it. */
export const silentStep = (world: StoryWorld): StoryStep => ({
  name: 'silent-meter',
  title: 'days of a meter that fell silent are judged by the clock, and somebody is told to look after it',
  run: async () => {
    await world.ground.lookAtSilentMeters();
    // The clock rings within a minute.
    const patienceMs = world.ground.patienceMs * 2;
    const tasks = () => world.heardAt(person, 'metering.task.opened.v1');
    await eventually('the task', patienceMs, tasks, (ids) => ids.length > 0);
    const path = `/v1/service-points/${world.homeOf(person).servicePoint}/exceptions?state=open`;
    const open = async () => Exceptions.parse((await world.ground.api.must({ path, as: { role: 'agent' } })).json).data;
    await eventually('its days', patienceMs, open, (found) => found.some(({ rule }) => rule === 'missing-intervals'));
  },
});
