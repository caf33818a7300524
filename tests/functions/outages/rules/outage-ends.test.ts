import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpenAt, type Outage, openOutage, outage, standingAt } from '#functions/outages/rules/outages.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';

const second = (n: number): string => new Date(Date.parse('2026-03-04T17:00:00.000Z') + n * 1000).toISOString();
const fact = (type: string, at: number, data: KeptFact['data'], entity?: string): Fact =>
  asFact({
    id: `fct_${type}${at}`,
    type,
    source: { system: 'field', actor: 'machine:field' },
    sourceEventId: `${type}${at}`,
    sourceSequence: 0,
    occurredAt: second(at),
    recordedAt: second(at),
    data,
    subjects: [],
    families: ['outage'],
    ...(entity === undefined ? {} : { entity }),
  });
const none = { created: () => undefined };
const folded = (...facts: readonly Fact[]) =>
  facts.reduce(
    ({ state, groundless }, one) => {
      const next = outage.apply(state, one, none);
      return next === 'groundless' ? { state, groundless: groundless + 1 } : { state: next, groundless };
    },
    { state: outage.empty(), groundless: 0 },
  );
const dark = (at: number) => fact('service.outage.reported.v1', at, { premise: 'prm', commodity: 'gas' }, 'out');
const back = (at: number, to: number) =>
  fact('service.outage.restored.v1', at, { outage: 'out', restoredAt: second(to) });
const end = (...facts: readonly Fact[]): Outage | undefined => folded(dark(0), ...facts).state.outages[0];

describe('the end of an outage', () => {
  it('that is told ahead is when service is expected back, until then', () => {
    const told = end(back(60, 600));
    if (told === undefined) throw new Error('no outage');
    expect([isOpenAt(told, second(599)), isOpenAt(told, second(600))]).toEqual([true, false]);
    expect(standingAt({ ...told, expectedBy: second(90) }, second(599))).toEqual({ expectedBy: second(600) });
    expect(standingAt({ ...told, expectedBy: null }, second(600))).toEqual({ restoredAt: second(600) });
  });

  it('is put off, brought forward or told as it came by a later word, until it came; nothing is said of it after', () => {
    expect(end(back(60, 600), back(120, 900))?.restoredAt).toBe(second(900));
    expect(end(back(60, 600), back(120, 300))?.restoredAt).toBe(second(300));
    expect(end(back(60, 600), back(120, 90))?.restoredAt).toBe(second(90));
    expect(folded(dark(0), back(60, 60), back(120, 900))).toMatchObject({
      state: { outages: [{ restoredAt: second(60) }] },
      groundless: 1,
    });
  });

  it('leaves the outage one that reports join until it comes', () => {
    const state = folded(dark(0), back(60, 600)).state.outages;
    expect(openOutage(state, 'gas', second(599))?.id).toBe('out');
    expect(openOutage(state, 'gas', second(600))).toBeUndefined();
  });

  it('leaves every outage that is open at the last word in the state, however many are over', () => {
    const words = fc.array(fc.tuple(fc.nat(3600), fc.nat(7200)), { minLength: 1, maxLength: 20 });
    const holds = fc.property(words, (told) => {
      const facts = told.flatMap(([at, to], n) => [
        fact('service.outage.reported.v1', at, { premise: 'prm', commodity: 'gas', planned: true }, `out${n}`),
        fact('service.outage.restored.v1', at, { outage: `out${n}`, restoredAt: second(to) }),
      ]);
      const inOrder = facts.toSorted((a, b) =>
        a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0,
      );
      const last = inOrder.at(-1)?.occurredAt ?? '';
      const open = told.flatMap(([, to], n) => (second(to) > last ? [`out${n}`] : []));
      const kept = folded(...inOrder).state.outages.filter((one) => isOpenAt(one, last));
      expect(kept.map(({ id }) => id).toSorted()).toEqual(open.toSorted());
    });
    fc.assert(holds);
  });
});
