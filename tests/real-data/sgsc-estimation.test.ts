import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '#functions/validation/rules/configuration.ts';
import { type Shapes, shapesOf } from '#functions/validation/rules/estimate/day-shapes.ts';
import {
  draftClassProfile,
  draftLastYear,
  draftLikeDays,
  draftLine,
} from '#functions/validation/rules/estimate/estimation-methods.ts';
import { fillHoles } from '#functions/validation/rules/estimate/fill-holes.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { type ReadDay, readDay, type Slot } from '#functions/validation/rules/read-day.ts';
import type { ReadPeriod } from '#functions/validation/rules/reads/read-periods.ts';
import { localDays } from '#shared/vocabulary/time.ts';
import {
  classProfileOf,
  daysOf,
  groundOf,
  type Hole,
  type Household,
  hideSome,
  readHouseholds,
  seeded,
  sgscPresent,
  sgscZone,
} from '#tests/functions/validation/rules/sgsc-series.ts';

if (!sgscPresent) console.log('skipped: the data set sgsc-au-halfhourly is not beside this checkout');

const step = 1800;
const week = 7 * 86_400;
const seed = 20_260_302;
const holeLengths = { '1 interval': 1, '2 hours': 4, '1 day': 48, '1 week': 336 };

/** Absolute errors of a rule and of the value a week before, over the same hidden half-hours. */
interface Errors {
  count: number;
  own: number;
  lastWeek: number;
}

/** A household with a part of it hidden, and what estimates may be made from. */
interface Hidden {
  readonly household: Household;
  readonly ground: RegisterGround;
  readonly hidden: ReadonlySet<number>;
  readonly holes: readonly Hole[];
  readonly shapes: Shapes;
  readonly dayOf: (date: string) => ReadDay;
}

const halfHours = ({ from, to }: Hole): readonly number[] =>
  Array.from({ length: (to - from) / step }, (_, index) => from + index * step);

const hide = (household: Household, others: readonly Household[], length: number, salt: number): Hidden => {
  const holes = hideSome(household, length, seeded(seed + salt));
  const hidden = new Set(holes.flatMap(halfHours));
  const days = daysOf(household, hidden);
  const known = [...household.values].filter(([start]) => !hidden.has(start));
  const perYear = (known.reduce((sum, [, value]) => sum + value, 0) / known.length) * 48 * 365;
  const classProfile = classProfileOf(others, Math.round(perYear));
  const ground = groundOf(household, { ...defaultConfiguration, classProfile });
  const byDate = new Map(days.map((day) => [day.date, day]));
  return {
    household,
    ground,
    hidden,
    holes,
    shapes: shapesOf(ground, days),
    dayOf: (date) => {
      const blocks = (byDate.get(date)?.runs ?? []).map((run) => ({
        kind: 'actual' as const,
        revision: 0,
        order: '',
        run,
      }));
      return readDay(ground, date, blocks, Number.POSITIVE_INFINITY);
    },
  };
};

const slotsOf = (hole: Hole): readonly Slot[] =>
  halfHours(hole).map((from) => ({ from, to: from + step, value: null, code: 0, expected: true, others: [] }));

/** What each rule says of a hole, by start. */
const estimatesOf = ({ household, ground, shapes, dayOf }: Hidden, hole: Hole): Record<string, Map<number, number>> => {
  const found: Record<string, Map<number, number>> = {};
  const put = (rule: string, starts: readonly number[], values: readonly number[]): void => {
    const there = found[rule] ?? new Map<number, number>();
    starts.forEach((start, index) => {
      there.set(start, values[index] ?? Number.NaN);
    });
    found[rule] = there;
  };
  const putDraft = (rule: string, slots: readonly Slot[], draft: ReturnType<typeof draftLine>): void => {
    if (draft === undefined) return;
    put(
      rule,
      slots.map(({ from }) => from),
      draft.numerators.map((numerator) => Number(numerator) / Number(draft.denominator)),
    );
  };
  putDraft('line', slotsOf(hole), draftLine(ground, slotsOf(hole), shapes));
  const days = [...localDays(sgscZone, hole.from, hole.to)];
  for (const { date, from, to } of days) {
    const slots = slotsOf({ from: Math.max(from, hole.from), to: Math.min(to, hole.to) });
    putDraft('like days', slots, draftLikeDays(ground, date, slots, shapes));
    putDraft('last year', slots, draftLastYear(ground, date, slots, shapes));
    putDraft('class profile', slots, draftClassProfile(ground, date, slots, shapes));
  }
  // Other holes may lie on the same days: they are none of this one's.
  const read = days
    .map(({ date }) => dayOf(date))
    .map((day) => ({
      ...day,
      slots: day.slots.map((slot) => ({
        ...slot,
        expected: slot.from >= hole.from && slot.to <= hole.to,
        value: slot.from >= hole.from && slot.to <= hole.to ? null : (household.values.get(slot.from) ?? null),
      })),
    }));
  const [from, to] = [read[0]?.from ?? 0, read.at(-1)?.to ?? 0];
  const total = halfHours({ from, to }).reduce((sum, start) => sum + (household.values.get(start) ?? 0), 0);
  const fill = (rule: string, periods: readonly ReadPeriod[]): void => {
    const { estimates } = fillHoles({ ground, days: read, shapes, periods, off: [], isAsked: () => true });
    for (const { from: start, values } of estimates) {
      put(
        rule,
        values.map((_, index) => start + index * step),
        values,
      );
    }
  };
  fill('the order of estimation', []);
  fill('scaled to the register', [{ from, to, total, countSize: 1 }]);
  return found;
};

describe.skipIf(!sgscPresent)('estimates of hidden half-hours of six Australian households', () => {
  const table: { rule: string; hole: string; errors: Errors }[] = [];
  let energy = { hidden: 0, scaled: 0 };

  beforeAll(async () => {
    const households = await readHouseholds();
    const sums = new Map<string, Errors>();
    for (const [name, length] of Object.entries(holeLengths)) {
      households.forEach((household, place) => {
        const others = households.filter((one) => one !== household);
        const series = hide(household, others, length, place + 100 * length);
        for (const hole of series.holes) {
          for (const [rule, values] of Object.entries(estimatesOf(series, hole))) {
            const key = `${rule}|${name}`;
            const errors = sums.get(key) ?? { count: 0, own: 0, lastWeek: 0 };
            sums.set(key, errors);
            for (const [start, value] of values) {
              const actual = household.values.get(start);
              const before = series.hidden.has(start - week) ? undefined : household.values.get(start - week);
              if (rule === 'scaled to the register') {
                energy = { hidden: energy.hidden + (actual ?? 0), scaled: energy.scaled + value };
              }
              if (actual === undefined || before === undefined) continue;
              errors.count += 1;
              errors.own += Math.abs(value - actual);
              errors.lastWeek += Math.abs(before - actual);
            }
          }
        }
      });
    }
    for (const [key, errors] of sums) {
      const [rule = '', hole = ''] = key.split('|');
      table.push({ rule, hole, errors });
    }
    table.sort((left, right) => (left.rule < right.rule ? -1 : left.rule > right.rule ? 1 : 0));
    console.log(
      `Mean absolute error in Wh of a half-hour, 5 % of the values hidden for each length of hole (seed ${seed})`,
    );
    console.table(
      table.map(({ rule, hole, errors: { count, own, lastWeek } }) => ({
        rule,
        hole,
        intervals: count,
        own: (own / count).toFixed(1),
        'last week': (lastWeek / count).toFixed(1),
        ratio: (own / lastWeek).toFixed(3),
      })),
    );
  }, 300_000);

  const cases = [
    'like days',
    'last year',
    'class profile',
    'scaled to the register',
    'the order of estimation',
  ].flatMap((rule) => Object.keys(holeLengths).map((hole) => [rule, hole] as const));
  it.each([['line', '1 interval'], ['line', '2 hours'], ...cases] as const)(
    'are nearer by %s than the same time last week, for holes of %s',
    (rule, hole) => {
      const errors = table.find((one) => one.rule === rule && one.hole === hole)?.errors;
      expect(errors?.count).toBeGreaterThan(1000);
      expect(errors?.own).toBeLessThan(errors?.lastWeek ?? 0);
    },
  );

  it('add up to what the register says, to the Wh', () => {
    expect(energy.hidden).toBeGreaterThan(0);
    expect(energy.scaled).toBe(energy.hidden);
  });
});
