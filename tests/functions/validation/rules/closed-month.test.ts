import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSeries } from '#functions/readings/rules/supplied-series.ts';
import {
  closeMonth,
  isSameMonth,
  talliesOfDigests,
  talliesOfReadings,
} from '#functions/validation/rules/closed-month.ts';
import { addDays, startOfDate, startOfMonth } from '#shared/vocabulary/time.ts';
import { always, groundOf, hourly, wholeDay } from './judged-days.ts';
import { KeptRegister } from './kept-register.ts';

const month = '2026-03';
const dates = Array.from({ length: 31 }, (_, index) => addDays('2026-03-01', index));

/** March of an hourly register: hours missing on the 10th, a spike on the 20th, 23 hours on the 29th. */
const march = (): KeptRegister => {
  const kept = new KeptRegister(groundOf());
  for (const date of dates) {
    kept.put(
      date,
      wholeDay(hourly, date, (index) => {
        if (date === '2026-03-10' && index >= 5 && index < 7) return null;
        return date === '2026-03-20' && index === 12 ? 5000 : 100 + index;
      }),
    );
    kept.judge(date);
  }
  return kept;
};

const series = joinSeries([{ meter: 'm', register: hourly, ...always }]);
if (series === undefined) throw new Error('no series');
const wanted = { series, zone: hourly.zone, month, supplied: [always] };

const closed = (kept: KeptRegister) =>
  closeMonth(
    wanted,
    talliesOfDigests([...kept.digests.values()], 1),
    [...kept.exceptions.values()].flatMap(({ exception, state }) => (state === 'open' ? [exception] : [])),
  );

describe('a closed month', () => {
  const whole = Array.from({ length: 24 }, (_, index) => 100 + index).reduce((sum, value) => sum + value, 0);

  it('tells what counts, what is estimated, what is left out, and what is open', () => {
    const estimates = 105 + 106;
    const value = 31 * whole - 123 - 112;
    expect(closed(march())).toEqual({
      month,
      from: startOfMonth(hourly.zone, month),
      to: startOfMonth(hourly.zone, '2026-04'),
      value,
      excluded: 5000,
      byQuality: [
        [0, 31 * 24 - 1 - 1 - 2, value - estimates],
        [9, 2, estimates],
        [10, 1, 5000],
      ],
      expected: 31 * 24 - 1,
      missing: 0,
      estimatedPerMille: Math.round((estimates * 1000) / value),
      firstAt: startOfMonth(hourly.zone, month),
      lastAt: startOfMonth(hourly.zone, '2026-04'),
      days: 31,
      daysComplete: 30,
      open: [`mtr_0123456789ABCDEFGHJKMNPQRS.1.spike.${startOfDate(hourly.zone, '2026-03-20') + 12 * 3600}`],
    });
  });

  it('says the same from the digests of days as from their readings', () => {
    const kept = march();
    const measured = [{ ranges: [always], factor: 1, runs: [...kept.runs.values()] }];
    const open = [...kept.exceptions.values()].flatMap(({ exception, state }) => (state === 'open' ? [exception] : []));
    const fromReadings = closeMonth(wanted, talliesOfReadings(measured, hourly.zone), open);
    expect(fromReadings).toEqual(closed(kept));
  });

  it('is the sum of what each day changed in it', () => {
    const kept = march();
    expect(kept.months.get(month)).toBe(closed(kept).value);
  });

  it('is issued anew only where it changes', () => {
    const kept = march();
    const first = closed(kept);
    kept.judge('2026-03-10');
    expect(isSameMonth(first, closed(kept))).toBe(true);
    const late = wholeDay(hourly, '2026-03-10', (index) => 100 + index, undefined, 'actual', 1);
    kept.put('2026-03-10', late);
    const [judgement] = kept.judge('2026-03-10');
    expect(judgement?.months).toEqual([
      {
        month,
        value: 0,
        expected: 0,
        missing: 0,
        byQuality: [
          [0, 2, 211],
          [9, -2, -211],
        ],
      },
    ]);
    const second = closed(kept);
    expect(isSameMonth(first, second)).toBe(false);
    expect(second).toMatchObject({ value: first.value, estimatedPerMille: 0 });
    expect(kept.months.get(month)).toBe(second.value);
  });

  it('joins two meters in one scale where one was exchanged for the other', () => {
    const change = startOfDate(hourly.zone, '2026-03-16');
    const kwh = { ...hourly, powerOfTen: 3 };
    const joined = joinSeries([
      { meter: 'old', register: kwh, from: 0, to: change },
      { meter: 'new', register: hourly, from: change, to: Number.POSITIVE_INFINITY },
    ]);
    if (joined === undefined) throw new Error('no series');
    const parts = joined.stretches.map((stretch) => {
      const kept = new KeptRegister({ ...groundOf(stretch.register), installed: [stretch] });
      for (const date of dates) {
        const starts = startOfDate(hourly.zone, date);
        if (starts < stretch.from || starts >= stretch.to) continue;
        kept.put(
          date,
          wholeDay(stretch.register, date, (index) => 1 + index),
        );
        kept.judge(date);
      }
      return talliesOfDigests([...kept.digests.values()], stretch.factor);
    });
    const found = closeMonth({ ...wanted, series: joined }, parts.flat(), []);
    expect(found.value).toBe(15 * 300 * 1000 + 16 * 300 - 24);
    expect(found).toMatchObject({ missing: 0, daysComplete: 31, excluded: 0 });
  });

  it('has a part for each stretch in which others took service, which come to the whole, and none where nobody changed', () => {
    const kept = march();
    const tallies = talliesOfDigests([...kept.digests.values()], 1);
    const close = (changes: readonly string[]) => closeMonth({ ...wanted, changes }, tallies, []);
    const days = fc.uniqueArray(fc.integer({ min: -40, max: 60 }), { maxLength: 5 });
    fc.assert(
      fc.property(days, (at) => {
        const changes = at.map((n) => addDays('2026-03-01', n)).sort();
        const { parts, ...whole } = close(changes);
        const within = changes.filter((date) => '2026-03-01' < date && date < '2026-04-01');
        expect(whole).toEqual(close([]));
        if (within.length === 0) {
          expect(parts).toBeUndefined();
          return;
        }
        expect(parts?.map(({ from }) => from)).toEqual(['2026-03-01', ...within]);
        expect(parts?.map(({ to }) => to)).toEqual([...within, '2026-04-01']);
        for (const name of ['value', 'excluded', 'expected', 'missing', 'days', 'daysComplete'] as const)
          expect(parts?.reduce((sum, part) => sum + part[name], 0)).toBe(whole[name]);
        const sums = new Map<number, number>();
        for (const [code, , value] of parts?.flatMap(({ byQuality }) => byQuality) ?? [])
          sums.set(code, (sums.get(code) ?? 0) + value);
        expect([...sums].sort()).toEqual(whole.byQuality.map(([code, , value]) => [code, value]).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('does not expect what was not supplied', () => {
    const until = startOfDate(hourly.zone, '2026-03-11');
    const found = closeMonth({ ...wanted, supplied: [{ from: 0, to: until }] }, [], []);
    expect(found).toMatchObject({
      expected: 240,
      missing: 240,
      value: 0,
      firstAt: null,
      lastAt: null,
      daysComplete: 0,
    });
  });
});
