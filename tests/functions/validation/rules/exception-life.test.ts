import { describe, expect, it } from 'vitest';
import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import { dismiss, type KnownException } from '#functions/validation/rules/exception-life.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { groundOf, hourly, wholeDay } from './judged-days.ts';
import { KeptRegister } from './kept-register.ts';

const date = '2026-03-04';
const midnight = startOfDate(hourly.zone, date);

const one = (from: number, values: number[], code: number): RankedBlock => ({
  kind: 'correction',
  revision: 0,
  order: `c${from}`,
  run: { start: midnight + from * 3600, interval: 3600, values, quality: [[0, code]] },
});

const spiky = wholeDay(hourly, date, (index) => (index === 9 ? 9000 : 100 + index));
const gappy = wholeDay(hourly, date, (index) => (index === 9 ? null : 100 + index));
const whole = wholeDay(hourly, date, (index) => 100 + index, undefined, 'actual', 1);

const only = (kept: KeptRegister, ruleId: string): KnownException | undefined =>
  [...kept.exceptions.values()].find(({ exception }) => exception.ruleId === ruleId);

const heard = (...blocks: RankedBlock[]): KeptRegister => {
  const kept = new KeptRegister(groundOf());
  for (const block of blocks) kept.put(date, block);
  kept.judge(date);
  return kept;
};

describe('the life of an exception', () => {
  it('opens with its evidence and its rule, and judging again changes nothing', () => {
    const kept = heard(spiky);
    expect(only(kept, 'spike')).toMatchObject({
      state: 'open',
      exception: {
        id: `mtr_0123456789ABCDEFGHJKMNPQRS.1.spike.${midnight + 9 * 3600}`,
        version: 1,
        from: midnight + 9 * 3600,
        to: midnight + 10 * 3600,
        quality: 10,
        evidence: { value: 9000, third: 122 },
      },
    });
    expect(kept.judge(date).flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('ends as verified where a person says that the value is real (18), and it counts then', () => {
    const kept = heard(spiky);
    expect(kept.months.get('2026-03')).toBe((kept.digests.get(date)?.total ?? 0) - 9000);
    kept.put(date, one(9, [9000], quality.verified));
    kept.judge(date);
    expect(only(kept, 'spike')?.state).toBe('verified');
    expect(kept.months.get('2026-03')).toBe(kept.digests.get(date)?.total);
    expect(kept.digests.get(date)?.byQuality).toContainEqual([18, 1, 9000]);
  });

  it('ends as corrected where a person gives another value (7)', () => {
    const kept = heard(spiky);
    kept.put(date, one(9, [109], quality.edited));
    kept.judge(date);
    expect(only(kept, 'spike')?.state).toBe('corrected');
  });

  it('ends as resolved where the meter sends better readings', () => {
    const kept = heard(spiky);
    kept.put(date, whole);
    kept.judge(date);
    expect(only(kept, 'spike')?.state).toBe('resolved');
  });

  it('of a gap is filled once estimates stand in all of it, and resolved by measured values', () => {
    const kept = heard(gappy);
    expect(only(kept, 'missing-intervals')?.state).toBe('filled');
    kept.put(date, whole);
    kept.judge(date);
    expect(only(kept, 'missing-intervals')?.state).toBe('resolved');
    expect(heard(wholeDay(hourly, date, () => null)).exceptions.size).toBe(1);
    expect(only(heard(wholeDay(hourly, date, () => null)), 'missing-intervals')?.state).toBe('open');
  });

  it('stays dismissed until the rule finds something else there', () => {
    const kept = heard(spiky);
    const known = only(kept, 'spike');
    const change = known && dismiss(known);
    if (change === undefined) throw new Error('nothing to dismiss');
    kept.exceptions.set(change.exception.id, change);
    kept.judge(date);
    expect(only(kept, 'spike')?.state).toBe('dismissed');
    expect(dismiss(change)).toBeUndefined();
    kept.put(
      date,
      wholeDay(hourly, date, (index) => (index === 9 ? 8000 : 100 + index), undefined, 'actual', 1),
    );
    const changes = kept.judge(date).flatMap((judgement) => judgement.changes);
    expect(changes).toMatchObject([{ was: 'dismissed', state: 'open', exception: { evidence: { value: 8000 } } }]);
  });

  it('opens again where what was resolved comes back', () => {
    const kept = heard(spiky);
    kept.put(date, whole);
    kept.judge(date);
    kept.put(
      date,
      wholeDay(hourly, date, (index) => (index === 9 ? 9000 : 100 + index), undefined, 'actual', 2),
    );
    const changes = kept.judge(date).flatMap((judgement) => judgement.changes);
    expect(changes).toMatchObject([{ was: 'resolved', state: 'open' }]);
  });
});

describe('a row over days', () => {
  const days = Array.from({ length: 14 }, (_, index) => addDays('2026-03-01', index));
  const deadFrom = 5;

  const dead = (upTo: number): KeptRegister => {
    const kept = new KeptRegister(groundOf());
    for (const on of days.slice(0, upTo)) {
      kept.put(
        on,
        wholeDay(hourly, on, (index) => (days.indexOf(on) >= deadFrom ? 0 : 50 + index)),
      );
      kept.judge(on);
    }
    return kept;
  };

  it('is one exception that grows, and work in the field while it lasts', () => {
    const kept = dead(9);
    const known = only(kept, 'zero');
    expect(known?.exception).toMatchObject({
      from: startOfDate(hourly.zone, '2026-03-06'),
      to: startOfDate(hourly.zone, '2026-03-10'),
      evidence: { hours: 96 },
    });
    expect([...kept.fieldWork]).toEqual([[known?.exception.id, 'due']]);
    expect([...kept.exceptions.values()]).toHaveLength(1);
  });

  it('ends the work, not the exception, when the meter counts again', () => {
    const kept = dead(9);
    kept.put(
      '2026-03-10',
      wholeDay(hourly, '2026-03-10', (index) => 50 + index),
    );
    kept.judge('2026-03-10');
    expect([...kept.fieldWork.values()]).toEqual(['over']);
    expect(only(kept, 'zero')?.state).toBe('open');
  });

  it('is not cut short by judging a day in its middle again', () => {
    const kept = dead(14);
    const before = kept.shown();
    for (const on of ['2026-03-06', '2026-03-07', '2026-03-09']) {
      expect(kept.judge(on).flatMap(({ changes }) => changes)).toEqual([]);
    }
    expect(kept.shown()).toBe(before);
    expect([...kept.fieldWork.values()]).toEqual(['due']);
  });

  it('is split where a day in its middle turns out to have had use, and the days after are judged again by themselves', () => {
    const kept = dead(14);
    kept.put(
      '2026-03-09',
      wholeDay(hourly, '2026-03-09', (index) => 50 + index, undefined, 'actual', 1),
    );
    kept.judge('2026-03-09');
    const rows = [...kept.exceptions.values()]
      .filter(({ exception, state }) => exception.ruleId === 'zero' && state === 'open')
      .map(({ exception: { from, to } }) => [from, to]);
    expect(rows).toEqual([
      [startOfDate(hourly.zone, '2026-03-06'), startOfDate(hourly.zone, '2026-03-09')],
      [startOfDate(hourly.zone, '2026-03-10'), startOfDate(hourly.zone, '2026-03-15')],
    ]);
  });

  it('of days without readings raises work in the field after a week, and ends it when the meter is heard', () => {
    const kept = new KeptRegister(groundOf());
    const [first = '', ...silent] = days;
    kept.put(
      first,
      wholeDay(hourly, first, (index) => 50 + index),
    );
    kept.judge(first);
    for (const on of silent.slice(0, 7)) kept.judge(on);
    expect(kept.fieldWork.size).toBe(0);
    kept.judge(silent[7] ?? '');
    expect([...kept.fieldWork.values()]).toEqual(['due']);
    expect(only(kept, 'prolonged-estimation')?.exception.evidence).toEqual({ days: 8 });
    const heardAgain = silent[8] ?? '';
    kept.put(
      heardAgain,
      wholeDay(hourly, heardAgain, (index) => 50 + index),
    );
    kept.judge(heardAgain);
    expect([...kept.fieldWork.values()]).toEqual(['over']);
  });
});
