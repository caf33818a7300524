import { describe, expect, it } from 'vitest';
import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import type { HistoryDay } from '#functions/validation/rules/day-digest.ts';
import { runOfEstimate } from '#functions/validation/rules/estimate/estimate.ts';
import { type Judgement, type JudgementInput, judgeDays } from '#functions/validation/rules/judge-day.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { alone, groundOf, hourly, wholeDay } from './judged-days.ts';

const date = '2026-03-04'; // a Wednesday
const midnight = startOfDate(hourly.zone, date);
const hour = (index: number): number => midnight + index * 3600;

/** A day with hours missing: every hour is worth 100 and its own number. */
const withHoles = (from: number, to: number, on = date): RankedBlock =>
  wholeDay(hourly, on, (index) => (index >= from && index < to ? null : 100 + index));

const history = (days: readonly [date: string, value: number][], register = hourly): HistoryDay[] =>
  days.map(([on, value]) => ({ date: on, runs: [wholeDay(register, on, () => value).run], outage: false }));

const weekdaysBefore: [string, number][] = [
  ['2026-03-03', 300],
  ['2026-03-02', 200],
  ['2026-02-27', 100],
  ['2026-02-26', 9000],
];

const judge = (blocks: readonly RankedBlock[], more: Partial<JudgementInput> = {}, ground = groundOf()): Judgement =>
  judgeDays({ ...alone(ground, [{ date, blocks }]), ...more });

const valuesOf = ({ estimates }: Judgement): readonly number[] => estimates.flatMap(({ values }) => values);
const withDial = groundOf(hourly, { dial: { digits: 6, powerOfTen: 0 } });

describe('the order of estimation', () => {
  it('draws a straight line through holes of at most two hours (9), and names what it lies between', () => {
    const found = judge([withHoles(10, 12)], { history: history(weekdaysBefore) });
    expect(found.estimates).toMatchObject([
      { method: 'line', quality: 9, values: [110, 111], inputs: { before: 109, after: 112 }, isNew: true },
    ]);
    expect(judge([withHoles(10, 13)], { history: history(weekdaysBefore) }).estimates[0]?.method).toBe('like-days');
  });

  it('draws no line to a value that is questionable', () => {
    const spiky = wholeDay(hourly, date, (index) => (index === 9 ? 5000 : index === 10 ? null : 100 + index));
    expect(judge([spiky], { history: history(weekdaysBefore) }).estimates[0]?.method).toBe('like-days');
  });

  it('goes on a line over midnight', () => {
    const before: HistoryDay[] = history([['2026-03-03', 40]]);
    const found = judge([withHoles(0, 1)], { history: before });
    expect(found.estimates).toMatchObject([{ method: 'line', values: [Math.round((40 + 101) / 2)] }]);
  });

  it('takes the mean of the last three like days for longer holes (8), and of the next three once they are known', () => {
    const found = judge([withHoles(10, 20)], { history: history(weekdaysBefore) });
    expect(found.estimates).toMatchObject([
      { method: 'like-days', quality: 8, inputs: { days: ['2026-02-27', '2026-03-02', '2026-03-03'] } },
    ]);
    expect(valuesOf(found)).toEqual(new Array(10).fill(200));
    const later = history([...weekdaysBefore, ['2026-03-05', 600], ['2026-03-07', 1]]);
    expect(valuesOf(judge([withHoles(10, 20)], { history: later }))).toEqual(new Array(10).fill(300));
  });

  it('leaves out days of another kind, with an outage, or mostly estimated', () => {
    const days = history(weekdaysBefore);
    const others = days.slice(1);
    const outage = days.slice(0, 1).map((tuesday) => ({ ...tuesday, outage: true }));
    const estimatedDay = {
      date: '2026-03-03',
      runs: [wholeDay(hourly, '2026-03-03', () => 300, quality.estimatedFromReferenceDays).run],
      outage: false,
    };
    for (const left of [...outage, estimatedDay]) {
      const found = judge([withHoles(10, 20)], { history: [left, ...others] });
      expect(found.estimates[0]?.inputs.days).toEqual(['2026-02-26', '2026-02-27', '2026-03-02']);
    }
    const holiday = groundOf(hourly, { holidays: ['2026-03-03'] });
    const found = judge([withHoles(10, 20)], { history: days }, holiday);
    expect(found.estimates[0]?.inputs.days).toEqual(['2026-02-26', '2026-02-27', '2026-03-02']);
  });

  it('goes to last year without like days: the days around the same weekday, times the ratio of use now and then (8)', () => {
    // Nothing but days of rest is known of this year; they use twice what they used last year.
    const now: [string, number][] = ['2026-02-15', '2026-02-21', '2026-02-22', '2026-02-28', '2026-03-01'].map((on) => [
      on,
      200,
    ]);
    const more: [string, number][] = ['2026-02-08', '2026-02-14', '2026-03-07', '2026-03-08'].map((on) => [on, 200]);
    const then: [string, number][] = [...now, ...more].map(([on]) => [addDays(on, -364), 100]);
    const there: [string, number][] = [
      [addDays(date, -364), 40],
      [addDays(date, -363), 60],
    ];
    const found = judge([withHoles(10, 20)], { history: history([...now, ...more, ...then, ...there]) });
    expect(found.estimates).toMatchObject([{ method: 'last-year', quality: 8, inputs: { pairs: 9 } }]);
    expect(valuesOf(found)).toEqual(new Array(10).fill(100));
  });

  it('learns nothing from last year where the place stood empty then', () => {
    const rests = ['2026-02-14', '2026-02-15', '2026-02-21', '2026-02-22', '2026-02-28', '2026-03-01', '2026-03-07'];
    const now: [string, number][] = rests.map((on) => [on, 200]);
    const then: [string, number][] = rests.map((on) => [addDays(on, -364), 100]);
    const around: [string, number][] = [
      [addDays(date, -364), 0],
      [addDays(date, -363), 0],
      [addDays(date, -366), 50],
    ];
    const found = judge([withHoles(10, 20)], { history: history([...now, ...then, ...around]) });
    expect(found.estimates[0]?.inputs.days).toEqual([addDays(date, -366)]);
    expect(valuesOf(found)).toEqual(new Array(10).fill(100));
  });

  it('ends with the class profile (12), which does not count in billing', () => {
    const ground = groundOf(hourly, {
      classProfile: {
        source: 'a class',
        stepSeconds: 3600,
        workday: new Array(24).fill(2),
        restday: new Array(24).fill(1),
        yearWeight: 14_600,
        annual: 1_460_000,
      },
    });
    const found = judge([withHoles(10, 14)], { history: [] }, ground);
    expect(found.estimates).toMatchObject([{ method: 'class-profile', quality: 12, inputs: { profile: 'a class' } }]);
    const [digest] = found.days.map((day) => day.digest);
    expect(digest?.byQuality.find(([code]) => code === 12)?.[1]).toBe(4);
    const unknown = judge([], { mode: 'requested' }, ground);
    expect(valuesOf(unknown)).toEqual(new Array(24).fill(200));
  });

  it('puts zero where the power was off, flagged on both sides (9)', () => {
    const off = { kind: 'power-outage', at: hour(10) } as const;
    const on = { kind: 'power-restoration', at: hour(14) } as const;
    const found = judge([withHoles(10, 14)], { history: history(weekdaysBefore), events: [off, on] });
    expect(found.estimates).toMatchObject([{ method: 'powered-off', quality: 9, values: [0, 0, 0, 0] }]);
    const half = judge([withHoles(10, 14)], { history: history(weekdaysBefore), events: [off] });
    expect(half.estimates[0]?.method).toBe('like-days');
  });

  it('leaves a day of which more than half is missing to people, until they ask', () => {
    const known = { history: history(weekdaysBefore) };
    const left = judge([withHoles(5, 18)], known);
    expect(left.estimates).toEqual([]);
    expect(left.unfilled).toEqual([{ date, missing: 13, expected: 24, reason: 'too-much-missing' }]);
    expect(judge([withHoles(5, 17)], known).estimates).toHaveLength(1);
    const asked = judge([withHoles(5, 18)], { ...known, mode: 'requested' });
    expect(valuesOf(asked)).toHaveLength(13);
    expect(asked.unfilled).toEqual([]);
  });

  it('says so where there is nothing to estimate from', () => {
    expect(judge([withHoles(5, 10)]).unfilled).toEqual([{ date, missing: 5, expected: 24, reason: 'no-ground' }]);
  });
});

describe('a total of the register', () => {
  const reads = (total: number) => [
    { at: midnight, counts: 1000 },
    { at: midnight + 24 * 3600, counts: 1000 + total },
  ];
  const measured = (from: number, to: number): number =>
    Array.from({ length: 24 }, (_, index) => (index >= from && index < to ? 0 : 100 + index)).reduce(
      (a, b) => a + b,
      0,
    );

  it('is what measured and estimated values add up to, in the shape of the estimates', () => {
    const found = judge([withHoles(10, 12)], { reads: reads(measured(10, 12) + 1000) }, withDial);
    expect(valuesOf(found)).toEqual([498, 502]);
    expect(found.estimates[0]?.scaledTo).toEqual({
      from: midnight,
      to: midnight + 24 * 3600,
      register: measured(10, 12) + 1000,
      residual: 1000,
    });
  });

  it('fills a day of which nothing is known, evenly and derived from the register (11)', () => {
    const found = judge([], { reads: reads(2405) }, withDial);
    expect(found.estimates).toMatchObject([{ method: 'even', quality: 11 }]);
    expect(valuesOf(found).reduce((sum, value) => sum + value, 0)).toBe(2405);
    expect(found.unfilled).toEqual([]);
  });

  it('is shared out over days between two reads, a day of 25 hours among them', () => {
    const days = ['2026-10-24', '2026-10-25', '2026-10-26'].map((on) => ({ date: on, blocks: [] }));
    const [from, to] = [startOfDate(hourly.zone, '2026-10-24'), startOfDate(hourly.zone, '2026-10-27')];
    const found = judgeDays({
      ...alone(withDial, days),
      reads: [
        { at: from, counts: 0 },
        { at: to, counts: 7300 },
      ],
    });
    expect(found.days.map(({ digest }) => digest.total)).toEqual([2400, 2500, 2400]);
  });

  it('moves the values of a net register by the same, so that signs are kept', () => {
    const ground: RegisterGround = { ...withDial, register: { ...hourly, flow: 'net' } };
    const block = wholeDay(hourly, date, (index) => (index === 3 || index === 4 ? null : index === 2 ? -100 : -200));
    const rest = -100 - 21 * 200;
    const found = judge(
      [block],
      {
        reads: [
          { at: midnight, counts: 9000 },
          { at: midnight + 24 * 3600, counts: 9000 + rest - 300 },
        ],
      },
      { ...ground, configuration: { ...ground.configuration, rollover: { highPerMille: 2000, dialPerMille: 0 } } },
    );
    // A dial that goes back says nothing: without a total the line stands.
    expect(found.exceptions.some(({ ruleId }) => ruleId === 'register-backwards')).toBe(true);
    expect(valuesOf(found)).toEqual([-133, -167]);
  });

  it('leaves no more for a missing interval where the dial is read in the middle of intervals', () => {
    const next = '2026-03-05';
    const days = [
      { date, blocks: [wholeDay(hourly, date, (index) => (index === 10 ? null : 100))] },
      { date: next, blocks: [wholeDay(hourly, next, () => 100)] },
    ];
    const readAt = (at: number, counts: number) => ({ at: midnight + at, counts });
    const found = judgeDays({ ...alone(withDial, days), reads: [readAt(900, 1000), readAt(86_400 + 900, 3400)] });
    expect(valuesOf(found)).toEqual([100]);
    expect(found.estimates[0]?.scaledTo).toMatchObject({ register: 2400, residual: 100 });
  });

  it('is shared out by time where nothing is known of the intervals in which the dial was read', () => {
    const days = [date, '2026-03-05', '2026-03-06'].map((on) => ({ date: on, blocks: [] }));
    const readAt = (at: number, counts: number) => ({ at: midnight + at, counts });
    const found = judgeDays({
      ...alone(withDial, days),
      reads: [readAt(1800, 1000), readAt(2 * 86_400 + 1800, 5800)],
    });
    const shared = found.estimates.flatMap(({ scaledTo, values }) => (scaledTo === undefined ? [] : values));
    expect(shared).toEqual(new Array(47).fill(100));
  });

  it('that the values refute fills nothing', () => {
    const found = judge([withHoles(10, 12)], { reads: reads(500) }, withDial);
    expect(found.exceptions.map(({ ruleId }) => ruleId)).toContain('sum-check');
    expect(found.days[0]?.intervals.filter((one) => one.quality === quality.questionable)).toHaveLength(22);
    expect(found.estimates.every(({ scaledTo }) => scaledTo === undefined)).toBe(true);
  });
});

describe('estimates and what comes later', () => {
  const stored = (judgement: Judgement, revision = 0): RankedBlock[] =>
    judgement.estimates.map((estimate) => ({
      kind: 'estimate',
      revision,
      order: `${estimate.from}e${revision}`,
      run: runOfEstimate(estimate),
    }));

  it('are not stored twice', () => {
    const first = judge([withHoles(10, 12)]);
    const again = judge([withHoles(10, 12), ...stored(first)]);
    expect(again.estimates.map(({ isNew }) => isNew)).toEqual([false]);
    expect(again.days[0]?.run).toEqual(first.days[0]?.run);
    expect(again.days[0]?.estimateRevision).toBe(1);
  });

  it('give way to measured values by themselves; the original and the estimate are both kept', () => {
    const hole = withHoles(10, 12);
    const late = wholeDay(hourly, date, (index) => 100 + index, undefined, 'actual', 1);
    const blocks = [hole, ...stored(judge([hole])), late];
    const found = judge(blocks);
    expect(found.estimates).toEqual([]);
    expect(found.days[0]?.run).toEqual(late.run);
    expect(blocks).toHaveLength(3);
  });

  it('stand where a day was filled on request, also when it is judged automatically again', () => {
    const known = { history: history(weekdaysBefore) };
    const asked = judge([withHoles(0, 20)], { ...known, mode: 'requested' });
    const blocks = [withHoles(0, 20), ...stored(asked)];
    const again = judge(blocks, known);
    expect(again.days[0]?.run).toEqual(asked.days[0]?.run);
    // Even with nothing left to estimate from, what was stored holds.
    expect(judge(blocks).days[0]?.run).toEqual(asked.days[0]?.run);
    expect(judge(blocks).unfilled).toEqual([]);
  });

  it('a correction stands when the meter sends its readings again', () => {
    const corrected: RankedBlock = {
      kind: 'correction',
      revision: 0,
      order: 'c0',
      run: { start: hour(10), interval: 3600, values: [77], quality: [[0, quality.edited]] },
    };
    const first = wholeDay(hourly, date, (index) => 100 + index);
    const redelivered = wholeDay(hourly, date, (index) => 500 + index, undefined, 'actual', 9);
    for (const blocks of [
      [first, corrected],
      [first, corrected, redelivered],
      [redelivered, first, corrected],
    ]) {
      const [day] = judge(blocks).days;
      expect(day?.intervals[10]).toMatchObject({ value: 77, quality: quality.edited, verdict: 'pass' });
    }
  });
});
