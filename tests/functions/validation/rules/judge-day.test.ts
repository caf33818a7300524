import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '#functions/validation/rules/configuration.ts';
import { historyFor } from '#functions/validation/rules/history-needed.ts';
import { judgeDays } from '#functions/validation/rules/judge-day.ts';
import { readDay } from '#functions/validation/rules/read-day.ts';
import { addDays, daysBetween, startOfDate } from '#shared/vocabulary/time.ts';
import { alone, groundOf, hourly, wholeDay } from './judged-days.ts';
import { KeptRegister } from './kept-register.ts';

const date = '2026-03-04';
const full = wholeDay(hourly, date, (index) => 100 + index);
const holed = wholeDay(hourly, date, (index) => (index === 7 ? null : 100 + index));

const asRead = (...dates: string[]) => dates.map((on) => readDay(groundOf(), on, [holed], Number.POSITIVE_INFINITY));

describe('what has to be read before a day is judged', () => {
  it('is two ranges of digests, and three of intervals only where there is a hole', () => {
    const whole = historyFor(defaultConfiguration, [readDay(groundOf(), date, [full], Number.POSITIVE_INFINITY)]);
    expect(whole).toEqual({
      digests: [
        { first: '2026-01-27', last: date },
        { first: '2025-02-27', last: '2025-03-05' },
      ],
      intervals: [],
    });
    expect(historyFor(defaultConfiguration, asRead(date)).intervals).toEqual([
      { first: '2026-01-07', last: '2026-03-03' },
      { first: '2026-03-05', last: '2026-03-18' },
      { first: '2025-02-05', last: '2025-03-19' },
    ]);
    expect(historyFor(defaultConfiguration, [])).toEqual({ digests: [], intervals: [] });
  });

  it('is bounded: 44 digests and 113 days for one day, and that many more as days are judged together', () => {
    const counted = (ranges: readonly { first: string; last: string }[]): number =>
      ranges.reduce((sum, { first, last }) => sum + daysBetween(first, last) + 1, 0);
    const one = historyFor(defaultConfiguration, asRead(date));
    expect([counted(one.digests), counted(one.intervals)]).toEqual([44, 113]);
    const hundred = historyFor(defaultConfiguration, asRead(date, addDays(date, 99)));
    expect([counted(hundred.digests), counted(hundred.intervals)]).toEqual([44 + 2 * 99, 113 + 99]);
  });

  it('is enough: a digest of a day with five-minute values of many codes takes less than 500 bytes', () => {
    const register = { ...hourly, intervalSeconds: 300 };
    const ground = groundOf(register, { ratedPerHour: 10_000 });
    const block = wholeDay(register, date, (index) => (index === 3 ? 999_999 : 900_000 + (index % 200)));
    const { days } = judgeDays(alone(ground, [{ date, blocks: [block] }]));
    expect(JSON.stringify(days[0]?.digest).length).toBeLessThan(500);
  });
});

describe('judging days', () => {
  it('refuses none, days that do not follow each other, and more than a hundred', () => {
    const day = (on: string) => ({ date: on, blocks: [] });
    expect(() => judgeDays(alone(groundOf(), []))).toThrow('no day to judge');
    expect(() => judgeDays(alone(groundOf(), [day(date), day('2026-03-06')]))).toThrow('days must follow each other');
    const many = Array.from({ length: 101 }, (_, index) => day(addDays(date, index)));
    expect(() => judgeDays(alone(groundOf(), many))).toThrow('at most 100 days');
    expect(judgeDays(alone(groundOf(), many.slice(1))).days).toHaveLength(100);
  });

  it('gives every interval a verdict and a code, and keeps what was read as it was', () => {
    const raw = wholeDay(hourly, date, (index) => (index === 4 ? -1 : 100 + index), 14);
    const before = structuredClone(raw);
    const [day] = judgeDays(alone(groundOf(), [{ date, blocks: [raw] }])).days;
    expect(day?.intervals[4]).toMatchObject({ value: -1, quality: 10, verdict: 'fail' });
    expect(day?.intervals[4]?.exceptions).toEqual([
      `mtr_0123456789ABCDEFGHJKMNPQRS.1.negative.${startOfDate(hourly.zone, date) + 4 * 3600}`,
    ]);
    expect(day?.intervals.filter(({ quality, verdict }) => quality === 17 && verdict === 'pass')).toHaveLength(23);
    expect(day?.rules.filter(({ verdict }) => verdict !== 'pass')).toEqual([
      { ruleId: 'negative', version: 1, verdict: 'fail' },
    ]);
    expect(raw).toEqual(before);
  });

  it('does not expect intervals that are not over yet', () => {
    const asOf = startOfDate(hourly.zone, date) + 7 * 3600;
    const { days, exceptions } = judgeDays({ ...alone(groundOf(), [{ date, blocks: [] }]), asOf });
    expect(days[0]?.digest).toMatchObject({ expected: 7, missing: 7 });
    expect(exceptions).toMatchObject([{ ruleId: 'missing-intervals', to: asOf }]);
  });

  it('finds an event of the meter once, and no field work in it', () => {
    const kept = new KeptRegister(groundOf());
    kept.put(date, full);
    kept.events = [{ kind: 'tamper', at: startOfDate(hourly.zone, date) + 60 }];
    const [first] = kept.judge(date);
    expect(first?.changes).toMatchObject([{ exception: { ruleId: 'meter-event', evidence: { event: 'tamper' } } }]);
    expect(first?.findings).toEqual([]);
    expect(kept.judge(date)[0]?.changes).toEqual([]);
  });

  it('asks for the day after only where a row reaches into it anew', () => {
    const kept = new KeptRegister(groundOf());
    kept.put(date, full);
    expect(kept.judge(date)[0]?.next).toBe('2026-03-05');
    expect(kept.judge(date)[0]?.next).toBeNull();
    kept.put(
      date,
      wholeDay(hourly, date, (index) => (index === 23 ? 5 : 100 + index), undefined, 'actual', 1),
    );
    expect(kept.judge(date)[0]?.next).toBe('2026-03-05');
    const again = wholeDay(
      hourly,
      date,
      (index) => (index === 0 ? 3 : index === 23 ? 5 : 100 + index),
      undefined,
      'actual',
      2,
    );
    kept.put(date, again);
    expect(kept.judge(date)[0]?.next).toBeNull();
  });

  it('counts the litres of a water register in its own scale', () => {
    const water = { ...hourly, commodity: 'water', unit: 'L' } as const;
    const { days } = judgeDays(alone(groundOf(water), [{ date, blocks: [wholeDay(water, date, (index) => index)] }]));
    expect(days[0]?.digest.total).toBe(276);
  });
});
