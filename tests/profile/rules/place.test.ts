import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outage } from '#functions/outages/rules/outages.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { addressLine, premise } from '#shared/profile/rules/premise.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { foldAll, house, idOf, minute, supplyPoint, told } from './told-facts.ts';

const of = { subjects: [house], system: 'field' };
const address = { lines: ['Flat 2', '12 Quay Street'], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' };
const registered = (more: Record<string, unknown> = {}) =>
  told('premise.premise.registered.v1', { address, ...more }, { ...of, creates: 'premise' });
const point = (more: Record<string, unknown> = {}) =>
  told(
    'premise.service-point.registered.v1',
    { premise: house, commodity: 'gas', zone: 'Europe/London', ...more },
    { ...of, creates: 'servicePoint' },
  );

describe('a premise', () => {
  it('has its address, on one line without what is not known', () => {
    const { state } = foldAll(premise, [registered({ region: 'SALT-07' })]);
    expect(state).toMatchObject({ registered: true, address, region: 'SALT-07' });
    expect(addressLine(address)).toBe('Flat 2, 12 Quay Street, Saltmouth, ZZ1 4QS');
    expect(addressLine({ lines: ['The Lighthouse'], country: 'IE' })).toBe('The Lighthouse');
  });

  it('has service points, connected where nothing else was told, with their own references', () => {
    const mprn = { namespace: 'mprn', value: '123' };
    const [first, second] = [point({ references: [mprn] }), point({ connection: 'logically-disconnected' })];
    const { state } = foldAll(premise, [registered(), first, second]);
    expect(state.servicePoints).toMatchObject([
      { id: first.entity, commodity: 'gas', connection: 'connected', references: [mprn] },
      { id: second.entity, connection: 'logically-disconnected' },
    ]);
  });

  it('has all its points however facts told for one instant are sorted', () => {
    const tellings = [registered(), point(), point({ commodity: 'water' }), point({ commodity: 'electricity' })];
    const ids = tellings.flatMap(({ type, entity }) => (type.includes('service-point') ? [entity] : []));
    fc.assert(
      fc.property(fc.shuffledSubarray(tellings, { minLength: tellings.length }), (facts) => {
        const { state, groundless } = foldAll(premise, facts);
        expect([state.registered, state.address, groundless.count]).toEqual([true, address, 0]);
        expect(new Set(state.servicePoints.map(({ id }) => id))).toEqual(new Set(ids));
      }),
    );
  });

  it('has 40 points at most', () => {
    const { state, groundless } = foldAll(premise, [registered(), ...Array.from({ length: 41 }, () => point())]);
    expect([state.servicePoints.length, groundless.count]).toEqual([40, 1]);
  });

  it('stays when its address was erased', () => {
    expect(foldAll(premise, [registered({ address: erased }), point()]).state).toMatchObject({
      address: erased,
      servicePoints: [{ commodity: 'gas' }],
    });
  });
});

const [oldMeter, newMeter] = [idOf('meter', 'old'), idOf('meter', 'new')];
const installed = (meter: string, from?: string, at = minute(1)) =>
  told(
    'metering.meter.installed.v1',
    { servicePoint: supplyPoint, meter, serial: 'RT-00041', ...(from === undefined ? {} : { from }) },
    { ...of, at },
  );
const removed = (meter: string, at: string, servicePoint = supplyPoint) =>
  told('metering.meter.removed.v1', { servicePoint, meter, at }, of);
const metersOf = (...facts: Parameters<typeof foldAll>[1]) => {
  const { state, groundless } = foldAll(metering, facts);
  return [
    effectiveInstallations(state.installations).map(({ meter, from, to }) => [meter, from, to]),
    groundless.count,
  ];
};

describe('a meter', () => {
  it('measures from the instant that was told, in whatever offset, else from that of the fact', () => {
    expect(metersOf(installed(oldMeter, '2025-10-01T09:00:00+01:00'))).toEqual([
      [[oldMeter, '2025-10-01T08:00:00.000Z', null]],
      0,
    ]);
    expect(metersOf(installed(oldMeter, undefined, minute(7)))).toEqual([[[oldMeter, minute(7), null]], 0]);
  });

  it('that is exchanged ends where the next begins', () => {
    expect(
      metersOf(installed(oldMeter, minute(1)), removed(oldMeter, minute(5)), installed(newMeter, minute(5))),
    ).toEqual([
      [
        [oldMeter, minute(1), minute(5)],
        [newMeter, minute(5), null],
      ],
      0,
    ]);
  });

  it('that is told twice is one; told from two instants it is removed whole', () => {
    expect(metersOf(installed(oldMeter, minute(1)), installed(oldMeter, minute(1)))).toEqual([
      [[oldMeter, minute(1), null]],
      0,
    ]);
    const [installations] = metersOf(
      installed(oldMeter, minute(1)),
      installed(oldMeter, minute(3)),
      removed(oldMeter, minute(5)),
    );
    expect(installations).toEqual([[oldMeter, minute(1), minute(5)]]);
  });

  it('that was never there, not there yet, or elsewhere, is not removed', () => {
    expect(
      metersOf(
        installed(oldMeter, minute(5)),
        removed(newMeter, minute(6)),
        removed(oldMeter, minute(4)),
        removed(oldMeter, minute(6), idOf('servicePoint', 'elsewhere')),
      ),
    ).toEqual([[[oldMeter, minute(5), null]], 0]);
  });
});

const reported = (n: number, more: Record<string, unknown> = {}) =>
  told(
    'service.outage.reported.v1',
    { premise: house, description: `Dark since ${n}.`, ...more },
    { ...of, at: minute(n), creates: 'outage' },
  );
const restored = (id: string | undefined, more: Record<string, unknown> = {}) =>
  told('service.outage.restored.v1', { outage: id, premise: house, ...more }, { ...of, at: minute(500) });

describe('an outage', () => {
  it('is open from the instant of its report, of electricity and not planned where nothing else was told', () => {
    const one = reported(3);
    expect(foldAll(outage, [one]).state.outages).toEqual([
      {
        id: one.entity,
        premise: house,
        commodity: 'electricity',
        startedAt: minute(3),
        expectedBy: null,
        planned: false,
        description: 'Dark since 3.',
        restoredAt: null,
        cause: null,
      },
    ]);
  });

  it('is over once: a second restoration, or that of an unknown outage, has no effect', () => {
    const one = reported(1);
    const { state, groundless } = foldAll(outage, [
      one,
      restored(one.entity, { restoredAt: '2026-03-01T12:00:00+02:00', cause: 'cable-fault' }),
      restored(one.entity, { restoredAt: '2026-03-02T10:00:00Z' }),
      restored(idOf('outage', 'unknown')),
    ]);
    expect(state.outages).toMatchObject([{ restoredAt: '2026-03-01T10:00:00.000Z', cause: 'cable-fault' }]);
    expect(groundless.count).toBe(2);
  });

  it('stays listed while it is open, however many come and go after it', () => {
    const first = reported(1);
    const later = Array.from({ length: 30 }, (_, n) => reported(n + 2)).flatMap((one) => [one, restored(one.entity)]);
    const { state } = foldAll(outage, [first, ...later]);
    expect(state.outages.map((one) => one.restoredAt === null)).toEqual([true, false, false, false, false, false]);
    expect(state.outages[0]?.id).toBe(first.entity);
  });

  it('keeps its description among the last five of a premise', () => {
    const { state } = foldAll(
      outage,
      Array.from({ length: 8 }, (_, n) => reported(n)),
    );
    expect(state.outages.map((one) => one.description !== null)).toEqual([
      ...Array(3).fill(false),
      ...Array(5).fill(true),
    ]);
  });
});
