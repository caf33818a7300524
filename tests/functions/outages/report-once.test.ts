import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { outage } from '#functions/outages/rules/outages.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { named, placeFacts, sendFacts } from '#tests/support/small-world.ts';

let system: RunningSystem;
beforeAll(async () => {
  system = await RunningSystem.start();
});
afterAll(() => system.stop());

let homes = 0;
let premise = '';
let household = '';
beforeEach(async () => {
  homes += 1;
  household = `reported-${homes}`;
  const uprn = named(household).premise.value;
  await sendFacts(system, placeFacts(household, '1 Quay Street'));
  premise = String((await system.must({ path: `/v1/premises/uprn:${uprn}`, as: { role: 'agent' } })).json.id);
});

const report = (more: object = {}) =>
  system.ask({ method: 'POST', path: '/v1/outages', as: { role: 'agent' }, json: { premise, ...more } });
const restore = (id: unknown) =>
  system.must({
    method: 'POST',
    path: `/v1/outages/${id}/restoration`,
    as: { role: 'supervisor' },
    headers: { 'rotunda-purpose': 'service' },
    json: {},
  });
const read = async (id: unknown) => (await system.must({ path: `/v1/outages/${id}`, as: { role: 'agent' } })).json;
const openAt = async () => {
  const { json } = await system.must({ path: `/v1/premises/${premise}`, as: { role: 'agent' } });
  return z
    .looseObject({ openOutages: z.array(z.looseObject({ id: z.string() })) })
    .parse(json)
    .openOutages.map(({ id }) => id);
};
const held = async () => {
  const { states } = await loadSubject(system.served.system.store.table('profile'), premise);
  return stateOf(states, outage).state.outages;
};
const byMachine = (event: string, startedAt: string) => ({
  type: 'service.outage.reported.v1',
  source: { system: 'field' },
  sourceEventId: `${household}-${event}`,
  occurredAt: startedAt,
  data: { premise: named(household).premise, commodity: 'electricity', startedAt },
});

it('a report of what is reported already joins it: the same outage, and one more report', async () => {
  const first = await report();
  expect(first.status).toBe(201);
  for (let nth = 2; nth <= 5; nth += 1) {
    const again = await report({ description: `Still dark, call ${nth}.` });
    expect([again.status, again.json.id, again.json.reports]).toEqual([200, first.json.id, nth]);
    expect(again.headers.get('location')).toBe(`/v1/outages/${first.json.id}`);
  }
  expect(await openAt()).toEqual([first.json.id]);
  expect((await read(first.json.id)).reports).toBe(5);
});

it('another commodity, another premise and planned work are other outages', async () => {
  const first = await report();
  const gas = await report({ commodity: 'gas' });
  const planned = await report({ planned: true, startedAt: '2030-01-01T08:00:00Z' });
  expect([first.status, gas.status, planned.status]).toEqual([201, 201, 201]);
  expect(new Set([first.json.id, gas.json.id, planned.json.id]).size).toBe(3);
});

it('two hundred reports of one premise are one outage, with bounded facts and state', async () => {
  const first = await report();
  let factsBefore = 0;
  for (let nth = 2; nth <= 200; nth += 1) {
    const again = await report();
    if (again.status !== 200 || again.json.id !== first.json.id) throw new Error(`report ${nth}: ${again.text}`);
    if (nth === 40) factsBefore = (await held()).length;
  }
  expect(await openAt()).toEqual([first.json.id]);
  expect((await held()).length).toBe(factsBefore);
  expect((await held()).length).toBeLessThanOrEqual(20);
  expect((await read(first.json.id)).reports).toBe(20);
}, 60_000);

it('outages that are restored at once are bounded in a day too', async () => {
  for (let nth = 1; nth <= 20; nth += 1) {
    const one = await report();
    expect([nth, one.status]).toEqual([nth, 201]);
    await restore(one.json.id);
  }
  const more = await report();
  expect([more.status, more.json.code]).toEqual([429, 'outage.too-many']);
});

it('what machines tell of an open outage is counted with it, and ends with it', async () => {
  await sendFacts(system, [byMachine('gasp', '2026-03-04T17:10:00.000Z')]);
  const [id] = await openAt();
  await sendFacts(system, [
    byMachine('logged', '2026-03-04T18:30:00.000Z'),
    byMachine('again', '2026-03-04T19:30:00.000Z'),
  ]);
  expect(await openAt()).toEqual([id]);
  expect((await read(id)).reports).toBe(3);
  const later = (await held()).find(({ joined }) => joined === id);
  expect(await read(later?.id)).toMatchObject({ status: 'open', reportOf: id });
  await restore(id);
  await system.settle();
  expect(await openAt()).toEqual([]);
  expect(await read(later?.id)).toMatchObject({ status: 'restored' });
});

it('an early report that comes late is the outage, and what was told before it is a report of it', async () => {
  await sendFacts(system, [byMachine('late', '2026-03-04T18:30:00.000Z')]);
  const [later] = await openAt();
  await sendFacts(system, [byMachine('early', '2026-03-04T17:10:00.000Z')]);
  const [early, ...others] = await openAt();
  expect([early === later, others]).toEqual([false, []]);
  expect(await read(later)).toMatchObject({ reportOf: early });
});

it('what began after service came back is an outage of its own, though it was told before anybody said so', async () => {
  await sendFacts(system, [
    byMachine('first', '2026-03-04T17:10:00.000Z'),
    byMachine('second', '2026-03-04T19:30:00.000Z'),
  ]);
  const [first] = await openAt();
  const json = { restoredAt: '2026-03-04T18:00:00.000Z' };
  await system.must({
    method: 'POST',
    path: `/v1/outages/${first}/restoration`,
    as: { role: 'supervisor' },
    headers: { 'rotunda-purpose': 'service' },
    json,
  });
  await system.settle();
  const open = await openAt();
  expect(open).toHaveLength(1);
  expect(open).not.toContain(first);
});
