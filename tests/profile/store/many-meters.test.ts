import { expect, it } from 'vitest';
import { premiseOperations } from '#functions/premises/api.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { addDays, secondsOf } from '#shared/vocabulary/time.ts';
import { entityOf, mpan, point, putMeter, registered, sent, tell } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const exchangedAt = (n: number): string => `${addDays('2025-03-01', n)}T10:00:00.000Z`;

/** A service point whose meter was exchanged so many times, each day once. */
const exchanged = async (times: number) => {
  const system = await openProfileSystem();
  const [premise = '', servicePoint = ''] = (await tell(system, registered, point)).map(entityOf);
  const meters = await Promise.all(Array.from({ length: times + 1 }, (_, n) => putMeter(system, `RT-${n}`)));
  const facts = meters.flatMap((meter, n) => {
    const at = exchangedAt(n);
    const removed = { servicePoint: mpan, meter: meters[n - 1], at };
    return [
      ...(n === 0 ? [] : [sent(`out-${n}`, 'metering.meter.removed.v1', at, removed, 'field')]),
      sent(`in-${n}`, 'metering.meter.installed.v1', at, { servicePoint: mpan, meter, from: at }, 'field'),
    ];
  });
  for (let from = 0; from < facts.length; from += 20) {
    const results = await system.submit(facts.slice(from, from + 20), machine);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
  }
  const readPremise = async () => {
    const operations = premiseOperations({
      ...system,
      readings: system.store.table('readings'),
      now: () => system.clock.now(),
    });
    const request = { ...operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] }), query: {}, body: undefined };
    return (await operations.readPremise({ ...request, subjectId: premise })).body;
  };
  return { system, premise, servicePoint, meters, readPremise };
};

it('of a point whose meter was exchanged sixty times each meter is known in its time: its usage is told', async () => {
  const { system, premise, servicePoint, meters, readPremise } = await exchanged(60);
  const supplied = await new SupplyReader(system.profile).of(servicePoint, premise);
  expect(supplied?.meters.map(({ meter, from }) => [meter, from])).toEqual(
    meters.map((meter, n) => [meter, secondsOf(exchangedAt(n))]),
  );
  expect((await readMeter(system.profile, meters[0] ?? ''))?.installations).toHaveLength(1);
  expect((await readPremise()).metersForgotten).toBeUndefined();
});

it('beyond 100 that are gone the first are forgotten, and staff are told how many', { timeout: 120_000 }, async () => {
  const { system, premise, meters, readPremise } = await exchanged(105);
  const { states } = await loadSubject(system.profile, premise);
  const held = stateOf(states, metering);
  expect([held.groundless.count, held.state.installations.starts.length]).toEqual([0, 101]);
  expect((await readPremise()).metersForgotten).toBe(5);
  expect((await readPremise()).servicePoints[0]?.meter?.id).toBe(meters.at(-1));
});
