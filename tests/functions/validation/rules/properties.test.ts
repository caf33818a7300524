import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { canonical, codesFromMarks } from '#functions/readings/rules/runs.ts';
import { asJudged } from '#functions/validation/rules/as-judged.ts';
import type { HistoryDay } from '#functions/validation/rules/day-digest.ts';
import { scaleToRegister } from '#functions/validation/rules/estimate/scale-to-register.ts';
import { judgeDays } from '#functions/validation/rules/judge-day.ts';
import { estimatedQualities, quality, type Register } from '#shared/vocabulary/measures.ts';
import { addDays, dayLength, startOfDate } from '#shared/vocabulary/time.ts';
import { alone, groundOf, hourly, wholeDay } from './judged-days.ts';
import { KeptRegister } from './kept-register.ts';

const withDial = groundOf(hourly, { dial: { digits: 9, powerOfTen: 0 } });

/** Days with holes: values of each hour, missing in some. */
const holedDays = fc.array(fc.array(fc.option(fc.nat(3000), { freq: 3 }), { minLength: 25, maxLength: 25 }), {
  minLength: 1,
  maxLength: 3,
});
const firstDates = fc.constantFrom('2026-03-03', '2026-03-28', '2026-10-24', '2026-12-31');

describe('where a total of the register is known', { timeout: 120_000 }, () => {
  it('measured and estimated values add up to it, whatever is missing', () => {
    fc.assert(
      fc.property(
        holedDays,
        firstDates,
        fc.nat(100_000),
        fc.boolean(),
        fc.boolean(),
        (days, first, rest, known, dark) => {
          const dates = days.map((_, index) => addDays(first, index));
          const blocks = dates.map((date, place) => wholeDay(hourly, date, (index) => days[place]?.[index] ?? null));
          const measured = blocks
            .flatMap(({ run }) => run.values)
            .reduce<number>((sum, value) => sum + (value ?? 0), 0);
          fc.pre(blocks.some(({ run }) => run.values.includes(null)));
          const [from, to] = [startOfDate(hourly.zone, first), startOfDate(hourly.zone, addDays(first, days.length))];
          const history = Array.from({ length: known ? 9 : 0 }, (_, index): HistoryDay => {
            const date = addDays(first, -1 - index);
            return { date, runs: [wholeDay(hourly, date, (hour) => (hour * (index + 1)) % 700).run], outage: false };
          });
          const judgement = judgeDays({
            ...alone(
              withDial,
              dates.map((date, index) => ({ date, blocks: blocks.slice(index, index + 1) })),
            ),
            history,
            reads: [
              { at: from, counts: 1000 },
              { at: to, counts: 1000 + measured + rest },
            ],
            events: dark
              ? [
                  { kind: 'power-outage', at: from },
                  { kind: 'power-restoration', at: from + 30 * 3600 },
                ]
              : [],
          });
          expect(judgement.days.reduce((sum, { digest }) => sum + digest.total, 0)).toBe(measured + rest);
          expect(judgement.unfilled).toEqual([]);
          expect(judgement.estimates.flatMap(({ values }) => values).every((value) => value >= 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('estimates of a net register add up to it too, whatever its sign', () => {
    const drafts = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        drafts,
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 1, max: 9 }),
        (values, residual, parts) => {
          const draft = {
            method: 'like-days' as const,
            quality: quality.estimatedFromReferenceDays,
            numerators: values.map((value) => BigInt(value)),
            denominator: BigInt(parts),
            inputs: {},
          };
          const places = values.map((_, index) => ({ draft: index % 7 === 3 ? undefined : draft, index }));
          const scaled = scaleToRegister(places, residual, true);
          expect(scaled.reduce((sum, value) => sum + value, 0)).toBe(residual);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const zones = [
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Dublin',
  'Atlantic/Azores',
  'America/New_York',
  'America/St_Johns',
  'America/Denver',
  'America/Santiago',
  'America/Havana',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'Pacific/Chatham',
];

describe('days in 20 zones from 2024 to 2030', { timeout: 120_000 }, () => {
  it.each(zones)('expect what the clocks of %s make of them, and are filled whole where they change', (zone) => {
    const usual = 86_400;
    let changes = 0;
    for (let date = '2024-01-01'; date < '2031-01-01'; date = addDays(date, 1)) {
      const length = dayLength(zone, date);
      if (length === usual) continue;
      changes += 1;
      for (const intervalSeconds of [900, 1800]) {
        const register: Register = { ...hourly, zone, intervalSeconds };
        const ground = groundOf(register);
        // From a tenth of the day on an hour is missing, in which the clocks change in most zones.
        const isMissing = (index: number): boolean =>
          index * intervalSeconds >= 3600 && index * intervalSeconds < 4 * 3600;
        const history = Array.from({ length: 14 }, (_, index): HistoryDay => {
          const day = addDays(date, index < 7 ? index - 7 : index - 6);
          return { date: day, runs: [wholeDay(register, day, () => 40).run], outage: false };
        });
        const block = wholeDay(register, date, (index) => (isMissing(index) ? null : 40 + (index % 3)));
        const { days, estimates, exceptions } = judgeDays({ ...alone(ground, [{ date, blocks: [block] }]), history });
        const [day] = days;
        expect(day?.digest).toMatchObject({ expected: length / intervalSeconds, missing: 0 });
        expect(day?.run.values).toHaveLength(length / intervalSeconds);
        expect(estimates.flatMap(({ values }) => values)).toEqual(new Array((3 * 3600) / intervalSeconds).fill(40));
        expect(exceptions.map(({ ruleId, evidence }) => [ruleId, evidence.missing])).toEqual([
          ['missing-intervals', (3 * 3600) / intervalSeconds],
        ]);
      }
    }
    const fixed = zone === 'Asia/Kathmandu' || zone === 'Asia/Kolkata' || zone === 'America/Sao_Paulo';
    expect(changes > 0).toBe(!fixed);
    if (zone === 'Australia/Lord_Howe') {
      const lengths = ['2026-04-05', '2026-10-04'].map((date) => dayLength(zone, date) / 1800);
      expect(lengths).toEqual([49, 47]);
    }
  });
});

/** A message about one of three days: readings of some hours, a correction, or an estimate that was stored before. */
const arrival = fc.record({
  day: fc.nat(2),
  kind: fc.constantFrom('actual' as const, 'actual' as const, 'actual' as const, 'correction' as const),
  revision: fc.nat(3),
  start: fc.nat(20),
  values: fc.array(fc.option(fc.nat(400), { freq: 6 }), { minLength: 1, maxLength: 24 }),
  code: fc.constantFrom(0, 0, 14, 7, 18),
});

const blocksOf = (arrivals: readonly (typeof arrival extends fc.Arbitrary<infer One> ? One : never)[]) =>
  arrivals.map(({ day, kind, revision, start, values, code }, index): { date: string; block: RankedBlock } => {
    const date = addDays('2026-03-28', day);
    const run = canonical({
      start: startOfDate(hourly.zone, date) + start * 3600,
      interval: 3600,
      values: values.slice(0, 23 - start),
      quality: [[0, kind === 'correction' ? Math.max(7, code) : code]],
    });
    return { date, block: { kind, revision, order: `${String(start).padStart(4, '0')}${kind}${index}`, run } };
  });

describe('revisions, corrections and estimates', { timeout: 120_000 }, () => {
  const arrivals = fc.array(arrival, { minLength: 1, maxLength: 8 });

  it('say the same in whatever order they lie, and said twice', () => {
    fc.assert(
      fc.property(arrivals, fc.infiniteStream(fc.nat()), (made, numbers) => {
        const blocks = blocksOf(made).map(({ block }) => block);
        const shuffled = blocks
          .map((block) => ({ block, at: numbers.next().value }))
          .sort((left, right) => left.at - right.at)
          .map(({ block }) => block);
        expect(mergeBlocks([...shuffled, ...blocks.slice(0, 3)])).toEqual(mergeBlocks(blocks));
        const days = (all: readonly RankedBlock[]) =>
          ['2026-03-28', '2026-03-29', '2026-03-30'].map((date) => ({ date, blocks: all }));
        const one = judgeDays(alone(groundOf(), days(blocks)));
        expect(judgeDays(alone(groundOf(), days([...shuffled, ...blocks.slice(0, 3)])))).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  /** Measured values with their codes, and what stands against them: all but estimates and what follows from their sums. */
  const measuredOf = (kept: KeptRegister): string => {
    const runs = [...kept.runs].sort().map(([date, { values, quality: marks }]) => {
      const codes = codesFromMarks(marks ?? [], values.length);
      return [
        date,
        values.map((value, index) => {
          const code = codes[index] ?? 0;
          return value === null || estimatedQualities.has(code) ? null : [value, code];
        }),
      ];
    });
    const standing = [...kept.exceptions.values()]
      .filter(({ exception: { ruleId }, state }) => {
        return (state === 'open' || state === 'filled') && ruleId !== 'high-low' && ruleId !== 'prolonged-estimation';
      })
      .map(({ exception }) => JSON.stringify(exception))
      .sort();
    return JSON.stringify({ runs, standing });
  };

  it('come to the same measured values and exceptions however they arrive, and judging again changes nothing', () => {
    const settled = (arriving: readonly { date: string; block: RankedBlock }[]): string => {
      const kept = new KeptRegister(groundOf());
      for (const { date, block } of arriving) {
        kept.put(date, block);
        kept.judge(date);
      }
      for (let pass = 0; pass < 2; pass += 1) kept.judge('2026-03-28', '2026-03-30');
      const before = kept.shown();
      const again = kept.judge('2026-03-28', '2026-03-30');
      expect(again.flatMap(({ changes, months }) => [...changes, ...months])).toEqual([]);
      expect(again.flatMap(({ estimates }) => estimates.filter(({ isNew }) => isNew))).toEqual([]);
      expect(kept.shown()).toBe(before);
      for (const [date, run] of kept.runs) {
        expect(asJudged(kept.ground, date, kept.blocks.get(date) ?? [], [...kept.exceptions.values()])).toEqual(run);
      }
      return measuredOf(kept);
    };
    fc.assert(
      fc.property(arrivals, fc.infiniteStream(fc.nat()), (made, numbers) => {
        const blocks = blocksOf(made);
        const shuffled = blocks
          .map((one) => ({ one, at: numbers.next().value }))
          .sort((left, right) => left.at - right.at)
          .map(({ one }) => one);
        expect(settled([...shuffled, ...shuffled.slice(0, 2)])).toBe(settled(blocks));
      }),
      { numRuns: 200 },
    );
  });

  it('let no redelivery undo a correction', () => {
    fc.assert(
      fc.property(arrivals, (made) => {
        const blocks = blocksOf(made).map(({ block }) => block);
        const date = '2026-03-29';
        const corrected: RankedBlock = {
          kind: 'correction',
          revision: 99,
          order: 'c',
          run: { start: startOfDate(hourly.zone, date) + 3600, interval: 3600, values: [777], quality: [[0, 7]] },
        };
        const [day] = judgeDays(alone(groundOf(), [{ date, blocks: [corrected, ...blocks] }])).days;
        expect(day?.intervals[1]).toMatchObject({ value: 777, quality: 7 });
      }),
      { numRuns: 200 },
    );
  });
});
