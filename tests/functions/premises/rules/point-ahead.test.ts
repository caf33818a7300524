import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointAhead, pointAt } from '#functions/premises/rules/point-ahead.ts';
import { packPremiseDigest, readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { foldAll, home, house, idOf, inOrder, minute, told } from '#tests/profile/rules/told-facts.ts';

const of = { subjects: [house], system: 'field' };
const registered = told(
  'premise.service-point.registered.v1',
  { premise: house, commodity: 'electricity', zone: 'Europe/London' },
  { ...of, creates: 'servicePoint' },
);
const id = registered.entity ?? '';
const connection = (to: string, at: string) =>
  told('premise.service-point.changed.v1', { servicePoint: id, connection: to, at }, of);
const installed = (meter: string, from: string) =>
  told('metering.meter.installed.v1', { servicePoint: id, meter, serial: 'RT-1', from }, of);
const removed = (meter: string, at: string) => told('metering.meter.removed.v1', { servicePoint: id, meter, at }, of);
const agreed = told(
  'account.agreement.started.v1',
  { account: home, servicePoint: id, tariff: 'STANDARD', from: '2025-01-01' },
  { subjects: [home, house], creates: 'agreement' },
);
const [present, next] = [idOf('meter', 'present'), idOf('meter', 'next')];
const at = (day: number, hour = 12): string => new Date(Date.UTC(2026, 5, day, hour)).toISOString();

const statesOf = (facts: readonly Fact[]): States =>
  new Map<never, never>([
    [
      'premise',
      foldAll(
        premise,
        facts.filter(({ type }) => type.startsWith('premise.')),
      ),
    ],
    [
      'metering',
      foldAll(
        metering,
        facts.filter(({ type }) => type.startsWith('metering.')),
      ),
    ],
    ['supply', foldAll(supply, [agreed])],
  ] as never);
const fromStates = (facts: readonly Fact[], now: string) => {
  const [point] = foldAll(
    premise,
    facts.filter(({ type }) => type.startsWith('premise.')),
  ).state.servicePoints;
  const { installations } = foldAll(
    metering,
    facts.filter(({ type }) => type.startsWith('metering.')),
  ).state;
  if (point === undefined) throw new Error('there is no point');
  return pointAt(pointAhead(point, effectiveInstallations(installations), now), now);
};

describe('what is planned at a service point', () => {
  it('is not done: a disconnection to come leaves it connected until its instant', () => {
    const facts = [registered, connection('logically-disconnected', at(10))];
    expect(fromStates(facts, at(9))).toEqual({
      connection: 'connected',
      meter: null,
      planned: { connection: { to: 'logically-disconnected', at: at(10) } },
    });
    expect(fromStates(facts, at(10))).toEqual({ connection: 'logically-disconnected', meter: null, planned: {} });
  });

  const said = (saidAt: string, to: string, when: string, system = 'field') =>
    told(
      'premise.service-point.changed.v1',
      { servicePoint: id, connection: to, at: when },
      { subjects: [house], system, at: saidAt },
    );
  const off = 'logically-disconnected';

  it.each([
    ['postponed', at(10), at(20)],
    ['brought forward', at(20), at(10)],
  ])('is %s by its own source as long as it has not come: the day said before is no day any more', (_, first, then) => {
    const facts = [registered, said(at(1), off, first), said(at(2), off, then)];
    expect(fromStates(facts, at(5)).planned).toEqual({ connection: { to: off, at: then } });
    expect([at(9), at(11), at(19), at(21)].map((now) => fromStates(facts, now).connection)).toEqual(
      [at(9), at(11), at(19), at(21)].map((now) => (now < then ? 'connected' : off)),
    );
  });

  it('stays as another source said it, and as it was once it has come; what else was planned stays, too', () => {
    const other = [registered, said(at(1), off, at(10)), said(at(2), off, at(20), 'crm')];
    expect(fromStates(other, at(11)).connection).toBe(off);
    const done = [registered, said(at(1), off, at(10)), said(at(12), off, at(20))];
    expect(fromStates(done, at(11)).connection).toBe(off);
    const back = [registered, said(at(1), off, at(10)), said(at(1, 13), 'connected', at(15)), said(at(2), off, at(12))];
    expect([at(11), at(13), at(16)].map((now) => fromStates(back, now).connection)).toEqual([
      'connected',
      off,
      'connected',
    ]);
  });

  it('is what its source said last before it came, of any words', () => {
    const words = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 25 })), {
      minLength: 1,
      maxLength: 8,
      selector: ([saidOn]) => saidOn,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 28 }), (told, now) => {
        const inTime = told.toSorted(([a], [b]) => a - b);
        // A day stands unless the source said another one before it had come.
        const standing = inTime.filter(
          ([saidOn, on], n) => on <= saidOn || !inTime.slice(n + 1).some(([later]) => later < on),
        );
        const facts = told.map(([saidOn, on]) => said(at(saidOn), off, at(on)));
        const expected = standing.some(([, on]) => on <= now) ? off : 'connected';
        expect(
          fromStates(
            inOrder([registered, ...facts]).map(({ fact }) => fact),
            at(now),
          ).connection,
        ).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the meter that is there until it is exchanged', () => {
    const facts = [registered, installed(present, minute(1)), removed(present, at(10)), installed(next, at(10))];
    const [old, coming] = [present, next].map((meter) => ({ id: meter, serial: 'RT-1' }));
    expect(fromStates(facts, at(9))).toEqual({
      connection: 'connected',
      meter: old,
      planned: { meter: { ...coming, at: at(10) }, removalAt: at(10) },
    });
    expect(fromStates(facts, at(10))).toEqual({ connection: 'connected', meter: coming, planned: {} });
  });

  it('reads from a view that was written before as it reads from the facts, on the day and those around it', () => {
    const told = fc.record({
      disconnects: fc.option(fc.integer({ min: 1, max: 20 })),
      exchanges: fc.option(fc.integer({ min: 1, max: 20 })),
      written: fc.integer({ min: 1, max: 10 }),
      later: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(told, ({ disconnects, exchanges, written, later }) => {
        const facts = [
          registered,
          installed(present, minute(1)),
          ...(disconnects === null ? [] : [connection('physically-disconnected', at(disconnects))]),
          ...(exchanges === null ? [] : [removed(present, at(exchanges)), installed(next, at(exchanges))]),
        ];
        const today = at(written).slice(0, 10);
        const [point] = readPremiseDigest(packPremiseDigest(statesOf(facts), home, today)).servicePoints;
        const now = at(written + later, 15);
        expect(point && pointAt(point.ahead, now)).toEqual(fromStates(facts, now));
      }),
    );
  });
});
