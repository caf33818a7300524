import { describe, expect, it } from 'vitest';
import { searchHash } from '#functions/search/store/search-hash.ts';
import { lookUpExact } from '#functions/search/store/search-lookup.ts';
import { entityOf, mpan, point, putMeter, registered, sent, tell } from '#tests/functions/told-household.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const serial = 'RT-1';
const away = { namespace: 'uprn', value: '200' };
const awayPoint = { namespace: 'mpan', value: '2900' };
const elsewhere = [
  sent(
    'prm-2',
    'premise.premise.registered.v1',
    '2025-01-01T08:00:00.000Z',
    { address: { lines: ['7 Harbour Row'], country: 'GB' }, references: [away] },
    'field',
  ),
  sent(
    'svp-2',
    'premise.service-point.registered.v1',
    '2025-01-01T08:00:01.000Z',
    { premise: away, commodity: 'electricity', zone: 'Europe/London', references: [awayPoint] },
    'field',
  ),
];
const installed = (event: string, at: string, meter: string, servicePoint: object) =>
  sent(event, 'metering.meter.installed.v1', at, { servicePoint, meter, serial, from: at }, 'field');
const removed = (event: string, at: string, meter: string, on: string) =>
  sent(event, 'metering.meter.removed.v1', at, { servicePoint: mpan, meter, at: on }, 'field');

const found = async (system: ProfileSystem) =>
  (await lookUpExact(system.profile, searchHash(system.sealer), { kind: 'code', value: 'rt1' })).entries.map(
    ({ found: id, says }) => [id, says],
  );

describe('a meter that is searched by its serial number', () => {
  it('is found where it is until it is removed, though the removal is planned, and then as one that was there', async () => {
    const system = await openProfileSystem();
    const meter = await putMeter(system, serial);
    const [premise] = (await tell(system, registered, point)).map(entityOf);
    await tell(system, installed('i1', '2026-01-01T08:00:00.000Z', meter, mpan));
    expect(await found(system)).toEqual([[premise, [['serial', serial]]]]);
    await tell(system, removed('r1', '2026-11-01T08:00:00.000Z', meter, '2026-12-09T23:30:00.000Z'));
    expect(await found(system)).toEqual([[premise, [['serial', 'RT-1 (until 2026-12-09)']]]]);
    await tell(system, removed('r2', '2026-11-02T08:00:00.000Z', meter, '2026-12-20T10:00:00.000Z'));
    expect(await found(system)).toEqual([[premise, [['serial', 'RT-1 (until 2026-12-20)']]]]);
  });

  it('is found where it is now, and where it was', async () => {
    const system = await openProfileSystem();
    const meter = await putMeter(system, serial);
    const [premise, , other] = (await tell(system, registered, point, ...elsewhere)).map(entityOf);
    await tell(
      system,
      installed('i1', '2026-01-01T08:00:00.000Z', meter, mpan),
      removed('r1', '2026-03-01T08:00:00.000Z', meter, '2026-03-01T08:00:00.000Z'),
      installed('i2', '2026-03-02T08:00:00.000Z', meter, awayPoint),
    );
    expect((await found(system)).toSorted()).toEqual(
      [
        [premise, [['serial', 'RT-1 (until 2026-03-01)']]],
        [other, [['serial', serial]]],
      ].toSorted(),
    );
  });
});
