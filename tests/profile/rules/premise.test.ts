import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressLine, premise } from '#shared/profile/rules/premise.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { foldAll, house, told } from './told-facts.ts';

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
