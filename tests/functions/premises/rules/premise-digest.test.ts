import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headlineOf } from '#functions/insight/rules/headlines.ts';
import { type Outage, outage } from '#functions/outages/rules/outages.ts';
import { pointAt } from '#functions/premises/rules/point-ahead.ts';
import { packPremiseDigest, readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import { type Agreement, supply, supplyParts } from '#shared/profile/rules/agreements.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { type Installation, metering } from '#shared/profile/rules/installations.ts';
import { type PremiseState, premise } from '#shared/profile/rules/premise.ts';
import type { States } from '#shared/profile/rules/states.ts';
import type { RecordedInsight } from '#shared/profile/rules/told-insights.ts';
import type { AttentionState, RecordedException, RecordedTask } from '#shared/profile/rules/view/meter-attention.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import {
  agreement,
  home,
  house,
  idOf,
  inParts,
  minute,
  supplyPoint,
  toldInstallations,
} from '#tests/profile/rules/told-facts.ts';

const today = '2026-03-10';
const day = (n: number): string => new Date(Date.UTC(2026, 2, 10 + n)).toISOString().slice(0, 10);

const premiseStates = (told: {
  readonly premise?: Partial<PremiseState>;
  readonly agreements?: readonly Agreement[];
  readonly installations?: readonly Installation[];
  readonly outages?: readonly Outage[];
  readonly attention?: AttentionState;
  readonly insights?: readonly RecordedInsight[];
}): States =>
  new Map([
    ['premise', { ...emptyFold(premise), state: { ...premise.empty(), registered: true, ...told.premise } }],
    ['supply', inParts(emptyFold(supply), supplyParts, told.agreements ?? [])],
    [
      'metering',
      {
        ...emptyFold(metering),
        state: {
          installations: toldInstallations(told.installations ?? []),
          insights: told.insights ?? [],
          ...told.attention,
        },
      },
    ],
    ['outage', { ...emptyFold(outage), state: { outages: told.outages ?? [] } }],
  ]);
const point = (n: number) => ({
  id: n === 0 ? supplyPoint : idOf('servicePoint', n),
  commodity: (['electricity', 'gas', 'water'] as const)[n % 3] ?? 'gas',
  zone: 'Europe/London',
  connection: (['connected', 'logically-disconnected', 'physically-disconnected'] as const)[n % 3] ?? 'connected',
  references: [],
});
const meter = (n: number, servicePoint: string, to: string | null = null): Installation => ({
  meter: idOf('meter', n),
  serial: `RT-${n}`,
  servicePoint,
  from: minute(n),
  to,
});
const dark = (n: number, more: Partial<Outage> = {}): Outage => ({
  id: idOf('outage', n),
  premise: house,
  commodity: 'gas',
  startedAt: minute(n),
  expectedBy: null,
  planned: false,
  description: null,
  restoredAt: null,
  cause: null,
  ...more,
});
const found = (rule: string, more: Partial<RecordedException> = {}): RecordedException => ({
  id: `${idOf('meter', 2)}.E1.${rule}.1780000200`,
  servicePoint: supplyPoint,
  revision: 1,
  standing: true,
  ...more,
});
const task = (kind: RecordedTask['task'], open: boolean): RecordedTask => ({
  meter: idOf('meter', 2),
  servicePoint: supplyPoint,
  task: kind,
  number: 1,
  open,
});
const address = { lines: ['12 Quay Street'], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' };
/** The digest with its points as they stand at noon. */
const placeOf = (states: States, at = today) => {
  const { servicePoints, ...digest } = readPremiseDigest(packPremiseDigest(states, home, at));
  const standing = servicePoints.map(({ ahead, ...one }) => {
    const { connection, meter: present } = pointAt(ahead, `${at}T12:00:00.000Z`);
    return { ...one, connection, meter: present };
  });
  return { ...digest, servicePoints: standing };
};

describe('the digest of a premise', () => {
  it('says the address, each point the account takes with the meter that measures it now, what was agreed, and outages of that', () => {
    const states = premiseStates({
      premise: { address, servicePoints: [point(1), point(0)] },
      agreements: [agreement(1), agreement(2, { account: idOf('account', 'neighbour') })],
      installations: [meter(1, supplyPoint, minute(50)), meter(2, supplyPoint)],
      attention: {
        exceptions: [
          found('spike', { fails: true }),
          found('identical'),
          found('missing-intervals', { fails: true }),
          found('negative', { fails: true, standing: false }),
        ],
        tasks: [task('silent', true), task('zero', true), task('tamper', false)],
      },
      outages: [
        dark(1, { commodity: 'electricity', restoredAt: minute(9) }),
        dark(2, { commodity: 'electricity', restoredAt: minute(9), expectedBy: '1969-07-20T20:17:40.000Z' }),
        dark(3, { commodity: 'electricity', startedAt: '1969-07-20T20:17:40.000Z', expectedBy: minute(60) }),
        // Of another time, and of what a neighbour takes.
        dark(4, {
          commodity: 'electricity',
          startedAt: '2024-03-01T00:00:00.000Z',
          restoredAt: '2024-03-02T00:00:00.000Z',
        }),
        dark(5),
      ],
    });
    expect(placeOf(states)).toEqual({
      disputed: false,
      meterDisputed: false,
      address: '12 Quay Street, Saltmouth, ZZ1 4QS',
      servicePoints: [
        {
          id: supplyPoint,
          commodity: 'electricity',
          connection: 'connected',
          meter: { id: idOf('meter', 2), serial: 'RT-2' },
          attention: { exceptions: 2, worst: 'fail', tasks: ['silent', 'zero'] },
        },
      ],
      agreements: [
        { id: idOf('agreement', 1), servicePoint: supplyPoint, tariff: 'STANDARD', from: '2025-01-01', to: null },
      ],
      outages: [
        {
          id: idOf('outage', 3),
          commodity: 'electricity',
          startedAt: '1969-07-20T20:17:40.000Z',
          expectedBy: minute(60),
          restoredAt: null,
        },
        {
          id: idOf('outage', 2),
          commodity: 'electricity',
          startedAt: minute(2),
          expectedBy: '1969-07-20T20:17:40.000Z',
          restoredAt: minute(9),
        },
      ],
      insights: [],
      more: 0,
    });
  });

  it('shows what readings told by the numbers its headline is made of, whole, beside two points and their meters', () => {
    const told = (n: number, headline: RecordedInsight['headline']): RecordedInsight => ({
      id: `${supplyPoint}.E1.base-load-rise.${n}`,
      servicePoint: supplyPoint,
      kind: 'base-load-rise',
      revision: 1,
      standing: true,
      state: 'new',
      since: minute(n),
      expires: '2027-01-01',
      headline,
    });
    const figures = { unit: 'Wh', powerOfTen: 0, figures: [412, 251] } as const;
    const states = premiseStates({
      premise: { address, servicePoints: [point(0), point(1)] },
      agreements: [agreement(1), agreement(2, { servicePoint: idOf('servicePoint', 1) })],
      installations: [meter(1, idOf('servicePoint', 1)), meter(2, supplyPoint)],
      insights: [told(1, undefined), told(2, figures)],
    });
    const { insights, servicePoints, more } = placeOf(states);
    expect([servicePoints.length, more]).toEqual([2, 0]);
    const headlines = insights.map(({ kind, headline }) => kind !== 'meter-leak' && headlineOf(kind, headline));
    expect(headlines).toEqual(['412 W day and night, 251 W before', 'What never stops rose']);
  });

  it('shows the agreement that ended last where none holds, and none that is over beside one that holds', () => {
    const [first, second] = [
      agreement(1, { to: '2025-06-01' }),
      agreement(2, { servicePoint: supplyPoint, from: '2025-06-01', to: '2026-01-01' }),
    ];
    const shown = (...agreements: readonly Agreement[]) =>
      placeOf(premiseStates({ premise: { address, servicePoints: [point(0)] }, agreements })).agreements.map(
        ({ id }) => id,
      );
    expect(shown(first, second)).toEqual([second.id]);
    expect(shown(first, second, agreement(3, { servicePoint: supplyPoint, from: '2026-01-01' }))).toEqual([
      idOf('agreement', 3),
    ]);
  });

  it('shows no meter where the last one was taken away', () => {
    const installations = [meter(1, supplyPoint, minute(50)), meter(2, idOf('servicePoint', 1))];
    const agreements = [agreement(1)];
    const states = premiseStates({ premise: { address, servicePoints: [point(0)] }, agreements, installations });
    expect(placeOf(states).servicePoints.map((one) => one.meter)).toEqual([null]);
  });

  it('shows no address that was erased', () => {
    expect(placeOf(premiseStates({ premise: { address: erased } })).address).toBeNull();
    expect(placeOf(premiseStates({ premise: { address } })).address).not.toBeNull();
  });

  it('keeps its budget in the worst case, and counts what is left out', () => {
    const points = Array.from({ length: 40 }, (_, n) => point(n));
    const count = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(count, count, count, fc.boolean(), (pointCount, agreementCount, outageCount, onePoint) => {
        const held = {
          premise: {
            address: { lines: Array(4).fill('漢'.repeat(120)), country: 'GB' },
            servicePoints: points.slice(0, pointCount),
          },
          agreements: Array.from({ length: agreementCount }, (_, n) =>
            agreement(n, {
              servicePoint: point(onePoint ? 0 : n).id,
              tariff: '漢'.repeat(40),
              from: day(n),
              to: '2999-12-31',
            }),
          ),
          installations: points.map(({ id }, n) => ({ ...meter(n, id), serial: '漢'.repeat(40) })),
          outages: Array.from({ length: outageCount }, (_, n) => dark(n, { expectedBy: minute(n) })),
          attention: {
            exceptions: Array.from({ length: 40 }, (_, n) =>
              found('spike', { id: `m.E1.spike.${n}`, servicePoint: point(0).id, fails: true }),
            ),
            tasks: [task('silent', true), task('tamper', true)],
          },
        };
        const packed = packPremiseDigest(premiseStates(held), home, today);
        expect(packed.length).toBeLessThanOrEqual(packBudgets.premise);
        const { servicePoints, agreements, outages, more } = readPremiseDigest(packed);
        const served = held.premise.servicePoints.filter(({ id }) =>
          held.agreements.some(({ servicePoint }) => servicePoint === id),
        );
        const interrupted = served.some(({ commodity }) => commodity === 'gas') ? outageCount : 0;
        // Of a point that is not there nothing is agreed.
        const there = new Set(held.premise.servicePoints.map(({ id }) => id));
        const agreed = held.agreements.filter(({ servicePoint }) => there.has(servicePoint)).length;
        const left = served.length + agreed + interrupted - more;
        expect(servicePoints.length + agreements.length + outages.length).toBe(left);
        if (served.length > 0) expect(servicePoints.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});
