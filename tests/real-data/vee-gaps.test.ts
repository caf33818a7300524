import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesFromMarks } from '#functions/readings/rules/runs.ts';
import { asJudged } from '#functions/validation/rules/as-judged.ts';
import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { KeptRegister } from '#tests/functions/validation/rules/kept-register.ts';
import {
  daysOf,
  groundOf,
  type Household,
  readHouseholds,
  sgscFacts,
  sgscPresent,
} from '#tests/functions/validation/rules/sgsc-series.ts';

if (!sgscPresent) console.log('skipped: the data set sgsc-au-halfhourly is not beside this checkout');

interface Facts {
  readonly missingIntervals: number;
  readonly gaps: number;
  readonly sum: number;
}

/** A household's meter as it was heard, day by day. */
const heard = (household: Household): KeptRegister => {
  const kept = new KeptRegister(groundOf(household));
  for (const { date, runs } of daysOf(household)) {
    for (const run of runs) kept.put(date, { kind: 'actual', revision: 0, order: date, run });
  }
  return kept;
};

/** Sums of measured and of estimated values, and how many of each. */
const sumsOf = ({ runs }: KeptRegister) => {
  const sums = { measured: 0, measuredCount: 0, estimatedCount: 0 };
  for (const { values, quality } of runs.values()) {
    const codes = codesFromMarks(quality ?? [], values.length);
    values.forEach((value, index) => {
      if (value === null) return;
      if (estimatedQualities.has(codes[index] ?? 0)) sums.estimatedCount += 1;
      else {
        sums.measured += value;
        sums.measuredCount += 1;
      }
    });
  }
  return sums;
};

describe.skipIf(!sgscPresent)('the gaps of six Australian households', () => {
  const facts: Record<string, Facts> = sgscPresent ? JSON.parse(readFileSync(sgscFacts, 'utf8')) : {};
  const judged: { household: Household; kept: KeptRegister; dates: readonly string[]; left: number }[] = [];

  beforeAll(async () => {
    for (const household of await readHouseholds()) {
      const kept = heard(household);
      const dates = [...kept.blocks.keys()].sort();
      for (const date of dates) kept.judge(date);
      const left = [...kept.digests.values()].reduce((sum, { missing }) => sum + missing, 0);
      // Once all is heard, somebody asks for what is left, and estimates are made from both sides.
      for (const date of dates) kept.judge(date, date, 'requested');
      judged.push({ household, kept, dates, left });
    }
  }, 300_000);

  it('become exceptions, to the interval', () => {
    const found = judged.map(({ household: { id }, kept }) => {
      const gaps = [...kept.exceptions.values()]
        .map(({ exception }) => exception)
        .filter(({ ruleId }) => ruleId === 'missing-intervals')
        .sort((a, b) => a.from - b.from);
      const joined = gaps.filter(({ from }, index) => gaps[index - 1]?.to !== from);
      const missing = gaps.reduce((sum, { evidence }) => sum + Number(evidence.missing), 0);
      return [id, { gaps: joined.length, missingIntervals: missing }];
    });
    const expected = Object.entries(facts).map(([id, { gaps, missingIntervals }]) => [id, { gaps, missingIntervals }]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('are filled where at most half of a day is missing, and all of them where somebody asks', () => {
    for (const { household, kept, left } of judged) {
      const missing = facts[household.id]?.missingIntervals ?? Number.NaN;
      const { estimatedCount } = sumsOf(kept);
      expect(estimatedCount).toBe(missing);
      expect(left).toBeLessThanOrEqual(missing);
      const gaps = [...kept.exceptions.values()].filter(({ exception }) => exception.ruleId === 'missing-intervals');
      expect(gaps.every(({ state }) => state === 'filled')).toBe(true);
    }
    const leftToPeople = Object.fromEntries(judged.map(({ household: { id }, left }) => [id, left]));
    console.log('half-hours left to people, as more than half of their day is missing:', leftToPeople);
    expect(Object.values(leftToPeople).some((left) => left > 0)).toBe(true);
  });

  it('leave the measured values as they are, to the Wh', () => {
    for (const { household, kept } of judged) {
      const { measured, measuredCount } = sumsOf(kept);
      expect(measured).toBe(Math.round((facts[household.id]?.sum ?? 0) * 1000));
      expect(measuredCount).toBe(household.values.size);
      for (const { start, values } of kept.runs.values()) {
        values.forEach((value, index) => {
          const actual = household.values.get(start + index * 1800);
          if (actual !== undefined && value !== actual) expect(value).toBe(actual);
        });
      }
    }
  });

  it('tell of the dead meter for as long as it was dead', () => {
    const household = judged.find(({ household: { id } }) => id === '10006704');
    const dead = [...(household?.kept.exceptions.values() ?? [])]
      .filter(({ exception }) => exception.ruleId === 'zero')
      .sort((a, b) => b.exception.to - b.exception.from - (a.exception.to - a.exception.from));
    // facts.json: 3,979 zeros in a row until 2013-01-03 13:30 (start of the last half-hour), at UTC+10.
    expect(dead[0]?.exception.to).toBe(Date.parse('2013-01-03T14:00:00+10:00') / 1000);
    expect(dead[0]?.exception.evidence.intervals).toBe(3979);
  });

  it('come out the same when every day is judged again, backwards', () => {
    for (const { kept, dates } of judged) {
      const before = kept.shown();
      const again = dates.toReversed().flatMap((date) => kept.judge(date));
      expect(again.flatMap(({ changes }) => changes)).toEqual([]);
      expect(again.flatMap(({ months }) => months)).toEqual([]);
      expect(again.flatMap(({ estimates }) => estimates.filter(({ isNew }) => isNew))).toEqual([]);
      expect(again.every(({ next }) => next === null)).toBe(true);
      expect(kept.shown()).toBe(before);
    }
  }, 120_000);

  it('can be put together again from stored blocks and exceptions', () => {
    for (const { kept, dates } of judged) {
      const known = [...kept.exceptions.values()];
      for (const date of dates.filter((_, index) => index % 5 === 0)) {
        expect(asJudged(kept.ground, date, kept.blocks.get(date) ?? [], known)).toEqual(kept.runs.get(date));
      }
    }
  });
});
