import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaMember, areaOf, fewestPremises, groupOutage } from '#functions/outages/rules/area-outages.ts';

const start = Date.parse('2026-03-04T17:00:00.000Z');
const member = (n: number, minute: number, areaOutage?: string): AreaMember => ({
  outage: `out_${n}`,
  premise: `prm_${n}`,
  startedAt: new Date(start + minute * 60_000).toISOString(),
  areaOutage,
});
const at = (minute: number): number => start + minute * 60_000;

describe('outages of one area', () => {
  it('are proposed as one when the fifth premise goes dark within the hour', () => {
    const four = [0, 10, 20, 30].map((minute, n) => member(n, minute));
    expect(groupOutage(four, at(30))).toEqual({ kind: 'alone' });
    expect(groupOutage([...four, member(4, 60)], at(60))).toEqual({
      kind: 'propose',
      startedAt: '2026-03-04T17:00:00.000Z',
      size: 5,
    });
  });

  it('are not, where the fifth came more than an hour after the first', () => {
    expect(groupOutage([...[0, 10, 20, 30].map((minute, n) => member(n, minute)), member(4, 61)], at(61))).toEqual({
      kind: 'alone',
    });
  });

  it('count each premise once, however often it went dark', () => {
    const twice = [0, 1, 2, 3, 4, 5].map((minute, n) => ({ ...member(n, minute), premise: `prm_${n % 4}` }));
    expect(groupOutage(twice, at(5))).toEqual({ kind: 'alone' });
  });

  it('are found whichever of them is looked at last', () => {
    const five = [0, 15, 30, 45, 60].map((minute, n) => member(n, minute));
    expect(new Set(five.map(({ startedAt }) => groupOutage(five, Date.parse(startedAt)).kind))).toEqual(
      new Set(['propose']),
    );
  });

  it('join what most of those near them are part of; of equals the first by id', () => {
    const near = [member(0, 0, 'out_b'), member(1, 1, 'out_a'), member(2, 2, 'out_b'), member(3, 3)];
    expect(groupOutage(near, at(3))).toEqual({ kind: 'join', areaOutage: 'out_b', size: 2 });
    expect(groupOutage(near.slice(0, 2), at(1))).toEqual({ kind: 'join', areaOutage: 'out_a', size: 1 });
  });

  it('come out the same in any order', () => {
    const members = fc.array(
      fc.tuple(fc.nat(9), fc.nat(120), fc.option(fc.constantFrom('out_a', 'out_b'), { nil: undefined })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(members, fc.nat(120), fc.infiniteStream(fc.nat(1000)), (list, minute, keys) => {
        const some = list.map(([n, began, joined]) => member(n, began, joined));
        const shuffled = some
          .map((one) => [keys.next().value ?? 0, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one);
        const sorted = (all: readonly AreaMember[]) => all.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
        const grouping = groupOutage(sorted(some), at(minute));
        expect(groupOutage(sorted(shuffled), at(minute))).toEqual(grouping);
        if (grouping.kind === 'propose') expect(grouping.size).toBeGreaterThanOrEqual(fewestPremises);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the area of a premise', () => {
  it.each([
    ['SALT-07', 'ZZ1 4AB', 'GB', 'region SALT-07'],
    [null, 'zz14ab', 'GB', 'postcode GB ZZ14'],
    [null, '2770', 'AU', 'postcode AU 2770'],
    ['NORTH', undefined, 'AU', 'region NORTH'],
    [null, undefined, '', 'none'],
  ])('%s and %s in %s', (region, postcode, country, expected) => {
    const area = areaOf({ region, postcode, country });
    expect(area === undefined ? 'none' : `${area.kind} ${area.value}`).toBe(expected);
  });
});
