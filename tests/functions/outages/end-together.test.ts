import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outage } from '#functions/outages/rules/outages.ts';
import { endedTogether } from '#functions/outages/rules/same-interruption.ts';
import { areaReader } from '#functions/outages/stream.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { changesOf } from '#tests/support/meters/telemetry.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const second = (n: number): string => new Date(Date.parse('2026-03-04T17:00:00.000Z') + n * 1000).toISOString();
const fact = (event: string, type: string, occurredAt: string, data: Record<string, unknown>) => ({
  type,
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt,
  data,
});
const place = { namespace: 'uprn', value: 'home' };
const named = (value: string) => ({ namespace: 'field', value });
const dark = (name: string, at: number, more: Record<string, unknown> = {}) =>
  fact(`out-${name}`, 'service.outage.reported.v1', second(at), {
    premise: place,
    references: [named(name)],
    ...more,
  });
const back = (name: string, at: number) =>
  fact(`back-${name}`, 'service.outage.restored.v1', second(at), { outage: named(name), restoredAt: second(at) });

/** What stands of the outages of a home after facts were told, each followed as it comes: start and end in seconds. */
const standing = (...facts: readonly object[]) => standingAt({}, facts);
const standingAt = async (options: { readonly start?: string }, facts: readonly object[]) => {
  const system = await openProfileSystem(options);
  const home = fact('prm', 'premise.premise.registered.v1', '2024-01-01T00:00:00.000Z', {
    address: { lines: ['1 Quay Street'], country: 'GB' },
    references: [place],
  });
  for (const one of [home, ...facts]) {
    await system.submit([one], { ...machine, supervisor: true });
    await system.settle();
    await areaReader({ profile: system.profile, submit: system.submit })(await changesOf(system.store, 'profile'));
    await system.settle();
  }
  const premise = (await resolveNamed(system.profile, 'premise', place)) ?? '';
  const { states } = await loadSubject(system.profile, premise);
  const since = (at: string | null) => (at === null ? null : (Date.parse(at) - Date.parse(second(0))) / 1000);
  return stateOf(states, outage).state.outages.map(({ startedAt, restoredAt }) => [
    since(startedAt),
    since(restoredAt),
  ]);
};

describe('outages of one premise', () => {
  it('that tell of one interruption end with the first of them that is over, whichever is told first', async () => {
    const ended = [
      [0, 600],
      [2, 600],
    ];
    expect(await standing(dark('gasp', 0), dark('log', 2), back('log', 600))).toEqual(ended);
    expect(await standing(dark('log', 2), back('log', 600), dark('gasp', 0))).toEqual(ended);
  });

  it('that somebody reports after service was back are over too, since when the meter says', async () => {
    const late = {
      ...dark('call', 60),
      occurredAt: second(1200),
      data: { ...dark('call', 60).data, startedAt: second(60) },
    };
    expect(await standing(dark('log', 0), back('log', 600), late)).toEqual([
      [0, 600],
      [60, 600],
    ]);
    expect(await standing(late, dark('log', 0), back('log', 600))).toEqual([
      [0, 600],
      [60, 600],
    ]);
  });

  it('are one while the first is open, however much later somebody tells of it again', async () => {
    expect(await standing(dark('a', 0), dark('b', 301), back('b', 900))).toEqual([
      [0, 900],
      [301, 900],
    ]);
    expect(await standing(dark('a', 0), dark('b', 7200), back('a', 9000))).toEqual([
      [0, 9000],
      [7200, 9000],
    ]);
  });

  it('stay apart where they began after service was back, are planned, or of another commodity', async () => {
    expect(await standing(dark('a', 0), back('a', 60), dark('b', 90))).toEqual([
      [0, 60],
      [90, null],
    ]);
    expect(await standing(dark('a', 0), dark('b', 2, { planned: true }), back('a', 60))).toEqual([
      [0, 60],
      [2, null],
    ]);
    expect(await standing(dark('a', 0), dark('b', 2, { commodity: 'water' }), back('a', 60))).toEqual([
      [0, 60],
      [2, null],
    ]);
  });

  it('are to end together where that is told ahead, by the last word on any of them', async () => {
    const told = (name: string, at: number, end: number) => ({
      ...back(name, at),
      sourceEventId: `back-${name}-${at}`,
      data: { outage: named(name), restoredAt: second(end) },
    });
    const ended = (at: number) => [
      [0, at],
      [2, at],
    ];
    const ahead = (...facts: readonly object[]) => standingAt({ start: second(1000) }, facts);
    const both = [dark('gasp', 0), dark('log', 2)];
    expect(await ahead(...both, told('log', 300, 9000))).toEqual(ended(9000));
    expect(await ahead(dark('log', 2), told('log', 300, 9000), dark('gasp', 0))).toEqual(ended(9000));
    expect(await ahead(...both, told('log', 300, 9000), told('log', 600, 18_000))).toEqual(ended(18_000));
    expect(await ahead(...both, told('log', 300, 9000), told('gasp', 600, 7000))).toEqual(ended(7000));
    expect(await ahead(...both, told('log', 300, 9000), told('gasp', 700, 650))).toEqual(ended(650));
    expect(await ahead(...both, told('log', 300, 400), told('gasp', 700, 9000))).toEqual(ended(400));
  });

  it('are never ended before they began, nor by one that is open', () => {
    const outages = fc.array(
      fc.record({
        id: fc.uuid(),
        commodity: fc.constantFrom('electricity' as const, 'gas' as const),
        startedAt: fc.nat(1200).map(second),
        restoredAt: fc.option(fc.nat(2400).map(second), { nil: null }),
        planned: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    const holds = fc.property(outages, (all) => {
      for (const { outage: id, restoredAt, by } of endedTogether(all)) {
        const [open, over] = [all.find((one) => one.id === id), all.find((one) => one.id === by)];
        expect(open?.restoredAt).toBeNull();
        expect(over?.restoredAt).toBe(restoredAt);
        expect(restoredAt > (open?.startedAt ?? '')).toBe(true);
      }
    });
    fc.assert(holds);
  });
});
