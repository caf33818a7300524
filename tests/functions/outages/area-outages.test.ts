import { describe, expect, it } from 'vitest';
import { outageOperations } from '#functions/outages/api.ts';
import { followOutage } from '#functions/outages/group-outages.ts';
import { outage } from '#functions/outages/rules/outages.ts';
import { countParts } from '#functions/outages/store/area-outages.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const fact = (event: string, type: string, occurredAt: string, data: Record<string, unknown>) => ({
  type,
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt,
  data,
});
const home = (n: number) => ({ namespace: 'uprn', value: `home-${n}` });
const out = (n: number) => ({ namespace: 'field', value: `out-${n}` });
const minute = (n: number): string => new Date(Date.parse('2026-03-04T17:00:00.000Z') + n * 60_000).toISOString();

const registered = (n: number, region?: string, postcode = 'ZZ1 4AB') =>
  fact(`prm-${n}`, 'premise.premise.registered.v1', '2024-01-01T00:00:00.000Z', {
    address: { lines: [`${n} Quay Street`], postcode, country: 'GB' },
    ...(region === undefined ? {} : { region }),
    references: [home(n)],
  });
const dark = (n: number, at: number, more: Record<string, unknown> = {}) =>
  fact(`out-${n}`, 'service.outage.reported.v1', minute(at), { premise: home(n), references: [out(n)], ...more });
const restored = (n: number, at: number) =>
  fact(`back-${n}`, 'service.outage.restored.v1', minute(at), { outage: out(n) });

const tell = async (system: ProfileSystem, facts: readonly object[]) => {
  const results = await system.submit(facts, { ...machine, supervisor: true });
  expect(results.map(({ status }) => status)).toEqual(facts.map(() => 'accepted'));
  return results.map((one) => ('fact' in one ? (one.fact.entity ?? '') : ''));
};

/** A street of premises, and outages there as told. */
const street = async (homes: number, region?: string) => {
  const system = await openProfileSystem();
  await tell(
    system,
    Array.from({ length: homes }, (_, n) => registered(n, region)),
  );
  await system.settle();
  return system;
};

/** A street of five premises that are all dark, their outages and what stands for the whole area. */
const darkStreet = async () => {
  const system = await street(5);
  const ids = await tell(
    system,
    [0, 1, 2, 3, 4].map((n) => dark(n, n)),
  );
  await system.settle();
  return { system, ids, area: (await areaOf(system, ids[0] ?? '')) ?? '' };
};

const areaOf = async (system: ProfileSystem, id: string): Promise<string | undefined> => {
  const { states } = await loadSubject(system.profile, id);
  return stateOf(states, outage).state.outages[0]?.areaOutage;
};
const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] });
const read = async (system: ProfileSystem, subjectId: string) => {
  const { readOutage } = outageOperations({ ...system, now: () => system.clock.now() });
  return (await readOutage({ ...sam, subjectId, query: {}, body: undefined })).body;
};

describe('outages of one area', () => {
  it('stay alone while four premises are dark, and become one with the fifth', async () => {
    const system = await street(6, 'SALT-07');
    const ids = await tell(
      system,
      [0, 1, 2, 3].map((n) => dark(n, n)),
    );
    await system.settle();
    expect(await Promise.all(ids.map((id) => areaOf(system, id)))).toEqual(Array(4).fill(undefined));
    ids.push(...(await tell(system, [dark(4, 20)])));
    await system.settle();
    const areas = new Set(await Promise.all(ids.map((id) => areaOf(system, id))));
    expect(areas.size).toBe(1);
    const [area = ''] = areas;
    expect(await read(system, area)).toMatchObject({
      id: area,
      area: { kind: 'region', value: 'SALT-07', premises: 5, restored: 0 },
      commodity: 'electricity',
      status: 'open',
      startedAt: minute(0),
    });
    expect(await read(system, ids[4] ?? '')).toMatchObject({ areaOutageId: area });
  });

  it('take in who goes dark later, and are over when each premise has service again', async () => {
    const system = await street(7);
    const ids = await tell(
      system,
      [0, 1, 2, 3, 4].map((n) => dark(n, n)),
    );
    await system.settle();
    ids.push(...(await tell(system, [dark(5, 50), dark(6, 100)])));
    await system.settle();
    const [area = ''] = [await areaOf(system, ids[0] ?? '')];
    expect(await areaOf(system, ids[6] ?? '')).toBe(area);
    await tell(
      system,
      [0, 1, 2, 3, 4, 5].map((n) => restored(n, 150)),
    );
    await system.settle();
    expect(await read(system, area)).toMatchObject({ status: 'open', area: { premises: 7, restored: 6 } });
    await tell(system, [restored(6, 160)]);
    await system.settle();
    expect(await read(system, area)).toMatchObject({ status: 'restored', area: { premises: 7, restored: 7 } });
  });

  it('are told of after their report, however long after the start it came', async () => {
    const system = await street(5);
    const late = (n: number) => ({ ...dark(n, 240 + n, { startedAt: minute(n) }), source: { system: 'zonal' } });
    const ids = await tell(system, [0, 1, 2, 3, 4].map(late));
    await system.settle();
    const { states } = await loadSubject(system.profile, ids[2] ?? '');
    expect(stateOf(states, outage).groundless.count).toBe(0);
    expect(await areaOf(system, ids[2] ?? '')).toMatch(/^out_/);
  });

  it('are not made of planned work, of other commodities or of other areas', async () => {
    const system = await street(4);
    await tell(system, [registered(4, undefined, 'ZZ2 9AB'), registered(5), registered(6)]);
    const ids = await tell(system, [
      ...[0, 1, 2, 3].map((n) => dark(n, n)),
      dark(4, 5),
      dark(5, 6, { planned: true }),
      dark(6, 7, { commodity: 'water' }),
    ]);
    await system.settle();
    expect(await Promise.all(ids.map((id) => areaOf(system, id)))).toEqual(Array(7).fill(undefined));
  });

  it('are over where all of them were taken back', async () => {
    const system = await street(5);
    const told = [0, 1, 2, 3, 4].map((n) => dark(n, n));
    const ids = await tell(system, told);
    await system.settle();
    const area = (await areaOf(system, ids[0] ?? '')) ?? '';
    for (const n of ids.keys()) {
      expect((await read(system, area)).status).toBe('open');
      const data = { factId: factIdOf('billing', `out-${n}`), reason: 'Another town.' };
      await tell(system, [fact(`oops-${n}`, 'service.outage.retracted.v1', minute(30 + n), data)]);
      await system.settle();
    }
    expect(await read(system, area)).toMatchObject({ status: 'restored', area: { premises: 0, restored: 0 } });
  });

  it('are not named to the customer of one of them, whom they would not answer', async () => {
    const system = await street(5);
    const ids = await tell(
      system,
      [0, 1, 2, 3, 4].map((n) => dark(n, n)),
    );
    await system.settle();
    const area = await areaOf(system, ids[0] ?? '');
    const { readOutage } = outageOperations({ ...system, now: () => system.clock.now() });
    const own = { ...sam, self: mintedId('customer', 'ana'), subjectId: ids[0] ?? '', query: {}, body: undefined };
    expect((await readOutage(own)).body).toMatchObject({ id: ids[0], status: 'open' });
    expect(JSON.stringify((await readOutage(own)).body)).not.toContain(area);
    expect((await read(system, ids[0] ?? '')).areaOutageId).toBe(area);
  });

  it('stay open until service is back that is told ahead', async () => {
    const { system, ids, area } = await darkStreet();
    const back = '2026-11-24T18:00:00.000Z';
    const ends = [0, 1, 2, 3, 4].map((n) => ({
      ...restored(n, 30),
      data: { outage: out(n), ...(n === 0 ? {} : { restoredAt: back }) },
    }));
    await tell(system, ends);
    await system.settle();
    expect(await read(system, area)).toMatchObject({ status: 'open', area: { premises: 5, restored: 1 } });
    expect(await read(system, ids[1] ?? '')).toMatchObject({ status: 'open', expectedBy: back });
    system.clock.set(Date.parse(back));
    expect(await read(system, area)).toMatchObject({ status: 'restored', area: { premises: 5, restored: 5 } });
    expect(await read(system, ids[1] ?? '')).toMatchObject({ status: 'restored', restoredAt: back });
  });

  it('lose one that was taken back', async () => {
    const { system, area } = await darkStreet();
    const [first] = await system.submit([dark(4, 4)], machine);
    const factId = first !== undefined && 'factId' in first ? first.factId : '';
    await tell(system, [
      fact('oops', 'service.outage.retracted.v1', minute(30), { factId, reason: 'Another street.' }),
    ]);
    await system.settle();
    expect(await countParts(system.profile, area, minute(60))).toEqual({ premises: 4, restored: 0, isOver: false });
  });

  it('are the same however often and in whatever pieces the news of them comes', async () => {
    const all = await street(5);
    await tell(
      all,
      [0, 1, 2, 3, 4].map((n) => dark(n, 3 * n)),
    );
    await all.settle();
    const pieces = await street(5);
    const ids: string[] = [];
    for (const n of [3, 1, 4, 0, 2]) {
      ids.push(...(await tell(pieces, [dark(n, 3 * n)])));
      await pieces.settle();
    }
    const areas = new Set(await Promise.all(ids.map((id) => areaOf(pieces, id))));
    const same = new Set(await Promise.all(ids.map((id) => areaOf(all, id))));
    expect(areas.size).toBe(1);
    expect([...areas]).toEqual([...same]);
  });

  it('are one though many readers look at them at the same time', async () => {
    const system = await street(8, 'SALT-07');
    const ids = await tell(
      system,
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => dark(n, 0)),
    );
    await Promise.all(
      ids.map(async (id) => {
        const { states } = await loadSubject(system.profile, id);
        await followOutage(system, id, stateOf(states, outage).state.outages[0]);
      }),
    );
    await system.settle();
    const areas = new Set(await Promise.all(ids.map((id) => areaOf(system, id))));
    expect(areas.size).toBe(1);
    expect(await countParts(system.profile, [...areas][0] ?? '', minute(60))).toEqual({
      premises: 8,
      restored: 0,
      isOver: false,
    });
  });

  it('are not restored themselves', async () => {
    const system = await street(5);
    const [first = ''] = await tell(
      system,
      [0, 1, 2, 3, 4].map((n) => dark(n, n)),
    );
    await system.settle();
    const area = (await areaOf(system, first)) ?? '';
    const { restoreOutage } = outageOperations({ ...system, now: () => system.clock.now() });
    await expect(restoreOutage({ ...sam, subjectId: area, query: {}, body: {} })).rejects.toMatchObject({
      code: 'outage.of-area',
    });
  });
});
