import { describe, expect, it } from 'vitest';
import { outage } from '#functions/outages/rules/outages.ts';
import { foldAll, house, idOf, minute, told } from '#tests/profile/rules/told-facts.ts';

const of = { subjects: [house], system: 'field' };

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
