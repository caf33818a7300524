import { describe, expect, it } from 'vitest';
import { conditionsOf, presenceOf } from '#functions/validation/rules/place-conditions.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { supplyParts } from '#shared/profile/rules/agreements.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';

const factOf = (type: string, at: string, data: KeptFact['data'], more: Partial<KeptFact> = {}): Fact =>
  asFact({
    id: `${type} ${at}`,
    type,
    source: { system: 'field', actor: 'machine:field' },
    sourceEventId: `${type} ${at}`,
    sourceSequence: 0,
    occurredAt: at,
    recordedAt: at,
    data,
    subjects: ['prm_1'],
    families: ['premise'],
    ...more,
  });
const fold = <State>(family: Family<State>, facts: readonly Fact[]): State =>
  facts.reduce<State>((state, fact) => {
    const next = family.apply(state, fact, { created: () => undefined });
    if (next === 'groundless') throw new Error(`${fact.type} was groundless`);
    return next;
  }, family.empty());

const t = (day: number): string => `2026-05-${String(day).padStart(2, '0')}T09:00:00.000Z`;
const home = [
  factOf('premise.premise.registered.v1', t(1), { address: { lines: ['1 Quay'], country: 'GB' }, references: [] }),
  factOf(
    'premise.service-point.registered.v1',
    t(1),
    { commodity: 'electricity', zone: 'Europe/London', connection: 'connected', references: [] },
    { entity: 'svp_1' },
  ),
];
const changed = (at: string, data: KeptFact['data']): Fact =>
  factOf('premise.service-point.changed.v1', at, { servicePoint: 'svp_1', ...data });

describe('a service point', () => {
  it('that is switched off and on again keeps when it was which', () => {
    const [point] = fold(premise, [
      ...home,
      changed(t(10), { connection: 'logically-disconnected' }),
      changed(t(12), { connection: 'connected' }),
    ]).servicePoints;
    expect(point?.connection).toBe('connected');
    expect(point?.changes).toEqual([
      { at: '', connection: 'connected' },
      { at: t(10), connection: 'logically-disconnected' },
      { at: t(12), connection: 'connected' },
    ]);
  });

  it('says when somebody was at home and when nobody, apart from what else changed, whoever comes and goes', () => {
    const [point] = fold(premise, [
      ...home,
      changed(t(10), { connection: 'logically-disconnected' }),
      changed(t(14), { presence: 'home' }),
      changed(t(15), { at: t(11), presence: 'away' }),
      changed(t(16), { presence: 'unknown' }),
      changed(t(18), { minimalUsageExpected: true }),
    ]).servicePoints;
    expect(point?.changes?.map(({ at }) => at)).toEqual(['', t(10), t(18)]);
    if (point === undefined) throw new Error('no point');
    const seconds = (at: string) => Date.parse(at) / 1000;
    expect(presenceOf(point, conditionsOf(point, []))).toEqual({
      home: [{ from: seconds(t(14)), to: seconds(t(16)) }],
      away: [
        { from: seconds(t(11)), to: seconds(t(14)) },
        { from: seconds(t(18)), to: Number.POSITIVE_INFINITY },
      ],
    });
    const busy = Array.from({ length: 20 }, (_, day) => changed(t(day + 11), { presence: day % 2 ? 'home' : 'away' }));
    const [after] = fold(premise, [
      ...home,
      changed(t(10), { connection: 'logically-disconnected' }),
      ...busy,
    ]).servicePoints;
    expect([after?.presence?.length, after?.changes?.length]).toEqual([12, 2]);
  });

  it('is away from the day last said of those that were planned, and with no word of use from a day put off', () => {
    const [point] = fold(premise, [
      ...home,
      changed(t(10), { at: t(20), presence: 'away', minimalUsageExpected: true, connection: 'logically-disconnected' }),
      changed(t(11), { at: t(24), presence: 'away', minimalUsageExpected: true }),
    ]).servicePoints;
    expect(point?.presence?.map(({ at }) => at)).toEqual([t(24)]);
    expect(point?.changes).toMatchObject([
      { at: '' },
      { at: t(20), connection: 'logically-disconnected' },
      { at: t(24), minimalUsageExpected: true },
    ]);
    expect(point?.changes?.[1]).not.toHaveProperty('minimalUsageExpected');
  });

  it('of which an earlier change is told later stands as the latest in time says', () => {
    const [point] = fold(premise, [
      ...home,
      changed(t(12), { connection: 'connected' }),
      changed(t(14), { at: t(10), connection: 'physically-disconnected' }),
    ]).servicePoints;
    expect(point?.connection).toBe('connected');
  });

  it('that changes more often than is kept still tells what held before', () => {
    const days = Array.from({ length: 27 }, (_, index) => index + 1);
    const [point] = fold(premise, [
      ...home,
      ...days.map((day) => changed(t(day), { connection: day % 2 === 0 ? 'connected' : 'logically-disconnected' })),
    ]).servicePoints;
    expect(point?.changes?.length).toBe(12);
    expect(point?.changes?.[0]).toEqual({ at: '', connection: 'connected' });
    expect(point?.changes?.[1]).toEqual({ at: t(17), connection: 'logically-disconnected' });
  });
});

const installed = (at: string, data: KeptFact['data'] = {}): Fact =>
  factOf('metering.meter.installed.v1', at, { meter: 'mtr_1', servicePoint: 'svp_1', from: t(2), ...data });
const removed = (at: string, data: KeptFact['data'] = {}): Fact =>
  factOf('metering.meter.removed.v1', at, { meter: 'mtr_1', servicePoint: 'svp_1', ...data });

describe('an installation', () => {
  it('keeps what the registers stood at as the meter came and as it went', () => {
    const { installations } = fold(metering, [
      installed(t(2), { registers: [{ register: 'E1', read: 100 }] }),
      removed(t(9), { registers: [{ register: 'E1', read: 900 }] }),
    ]);
    expect(effectiveInstallations(installations)).toMatchObject([
      { from: t(2), to: t(9), registers: [{ register: 'E1', opening: 100, closing: 900 }] },
    ]);
  });

  it('told again with another configuration keeps its end and its last read', () => {
    const { installations } = fold(metering, [
      installed(t(2)),
      removed(t(9), { registers: [{ register: 'E1', read: 900 }] }),
      installed(t(20), { registers: [{ register: 'E1', validation: { off: ['spike'] } }] }),
    ]);
    expect(effectiveInstallations(installations)).toMatchObject([
      { from: t(2), to: t(9), registers: [{ register: 'E1', closing: 900, validation: { off: ['spike'] } }] },
    ]);
  });
});

describe('an agreement', () => {
  it('says that feeding in is part of it, or says nothing of it', () => {
    const started = (at: string, feedIn?: boolean): Fact =>
      factOf(
        'account.agreement.started.v1',
        at,
        {
          account: 'acc_1',
          servicePoint: 'svp_1',
          tariff: 'X',
          from: at.slice(0, 10),
          ...(feedIn === undefined ? {} : { feedIn }),
        },
        { entity: `agr_${at}`, subjects: ['acc_1', 'prm_1'], families: ['account', 'supply'] },
      );
    const agreements = fold(supplyParts.family, [started(t(1), true), started(t(2), false), started(t(3))]);
    expect(agreements.starts.map(({ feedIn }) => feedIn)).toEqual([true, undefined, undefined]);
  });
});
