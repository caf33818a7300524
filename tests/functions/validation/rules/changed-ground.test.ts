import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedStays, differing } from '#functions/validation/rules/changed-ground.ts';
import { conditionsOf } from '#functions/validation/rules/place-conditions.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import type { Installation } from '#shared/profile/rules/installations.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import { holds, united } from '#shared/vocabulary/ranges.ts';
import { secondsOf, startOfDate } from '#shared/vocabulary/time.ts';

const ranges = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 })), { maxLength: 5 })
  .map((all) => united(all.map(([from, length]) => ({ from, to: from + length }))));

describe('times that two lists of ranges tell otherwise', () => {
  it('are those that lie in one of them alone', () => {
    fc.assert(
      fc.property(ranges, ranges, fc.integer({ min: 0, max: 90 }), (left, right, at) => {
        expect(holds(differing(left, right), at)).toBe(holds(left, at) !== holds(right, at));
      }),
    );
  });
});

const t = (day: number): string => `2026-05-${String(day).padStart(2, '0')}T10:30:00.000Z`;
const stay = (more: Partial<Installation> = {}): Installation => ({
  meter: 'm',
  serial: null,
  servicePoint: 'p',
  from: t(2),
  to: null,
  ...more,
});
const changed = (before: readonly Installation[], after: readonly Installation[]) =>
  changedStays(before, after).get('m');
const always = Number.POSITIVE_INFINITY;

describe('a meter of which something else is known', () => {
  it('is of one that was installed from then on', () => {
    expect(changed([], [stay()])).toEqual([{ from: secondsOf(t(2)), to: always }]);
  });
  it('that was removed is what came after, and the days around its ends', () => {
    const [begin, end] = [secondsOf(t(2)), secondsOf(t(9))];
    expect(changed([stay()], [stay({ to: t(9) })])).toEqual([
      { from: begin - 1, to: begin + 1 },
      { from: end - 1, to: always },
    ]);
  });
  it('whose last read was told is the days around its ends', () => {
    const [begin, end] = [secondsOf(t(2)), secondsOf(t(9))];
    const read = stay({ to: t(9), registers: [{ register: 'E1', closing: 5 }] });
    expect(changed([stay({ to: t(9) })], [read])).toEqual([
      { from: begin - 1, to: begin + 1 },
      { from: end - 1, to: end + 1 },
    ]);
  });
  it('that is judged otherwise is all of its time', () => {
    const said = stay({ registers: [{ register: 'E1', validation: { off: ['spike'] } }] });
    expect(changed([stay()], [said])).toEqual([{ from: secondsOf(t(2)), to: always }]);
  });
  it('is nothing of one of which the same was told', () => {
    expect(changed([stay()], [stay()])).toBeUndefined();
  });
});

const zone = 'Europe/London';
const point: ServicePoint = { id: 'p', commodity: 'electricity', zone, connection: 'connected', references: [] };
const agreement = (from: string, to: string | null, feedIn?: true): Agreement => ({
  id: from,
  account: 'a',
  servicePoint: 'p',
  premise: 'q',
  tariff: 'X',
  from,
  to,
  ...(feedIn === undefined ? {} : { feedIn }),
});
const day = (date: string): number => startOfDate(zone, date);

describe('a service point', () => {
  it('is vacant between agreements and after the last', () => {
    const held = [agreement('2026-01-01', '2026-03-01'), agreement('2026-04-01', '2026-05-01')];
    expect(conditionsOf(point, held).zeroExpected).toEqual([
      { from: day('2026-03-01'), to: day('2026-04-01') },
      { from: day('2026-05-01'), to: always },
    ]);
  });
  it('is not known to be vacant where nobody ever had an agreement', () => {
    expect(conditionsOf(point, []).zeroExpected).toEqual([]);
  });
  it('feeds in as agreed while the agreement says so, and before there was one nobody asks', () => {
    const first = { from: 0, to: day('2026-01-01') };
    const held = [agreement('2026-01-01', '2026-03-01'), agreement('2026-04-01', null, true)];
    expect(conditionsOf(point, held).exportAgreed).toEqual([first, { from: day('2026-04-01'), to: always }]);
    expect(conditionsOf(point, []).exportAgreed).toEqual([{ from: 0, to: always }]);
  });
  it('that was never connected is cut off from the beginning, until it is connected', () => {
    const changes = [
      { at: '', connection: 'physically-disconnected' as const },
      { at: t(5), connection: 'connected' as const },
    ];
    expect(conditionsOf({ ...point, changes }, []).disconnected).toEqual([{ from: 0, to: secondsOf(t(5)) }]);
    expect(conditionsOf({ ...point, connection: 'logically-disconnected' }, []).disconnected).toEqual([
      { from: 0, to: always },
    ]);
  });
});
