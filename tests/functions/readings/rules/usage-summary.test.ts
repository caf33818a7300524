import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DayTotals,
  packSummary,
  readSummary,
  resumed,
  type SummaryGround,
  summarise,
  surelyFull,
  type UsageSummary,
} from '#functions/readings/rules/usage-summary.ts';
import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { Flow, Unit } from '#shared/vocabulary/measures.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays, nextMidnight, startOfDate } from '#shared/vocabulary/time.ts';

const zone = 'Australia/Sydney';
const forward: SummaryGround = { commodity: 'electricity', flow: 'forward', unit: 'Wh', powerOfTen: 0 };
const net: SummaryGround = { ...forward, flow: 'net' };

interface Day {
  readonly value: number;
  readonly estimated: number;
}
type Year = ReadonlyMap<string, Day>;

/** Totals as adding up the readings of these days from a date on would give them. */
const totalsOf = (year: Year, from = ''): DayTotals => {
  const dates = [...year.keys()].filter((date) => date >= from).sort();
  const last = dates.at(-1);
  return {
    byDate: new Map(dates.map((date) => [date, { count: 48, ...(year.get(date) ?? { value: 0, estimated: 0 }) }])),
    asOf: last === undefined ? undefined : nextMidnight(zone, startOfDate(zone, last)),
  };
};
const wholeOf = (ground: SummaryGround, year: Year, budget: number) => {
  const summary = summarise(ground, zone, totalsOf(year), [...year.keys()].sort()[0] ?? '');
  if (summary === undefined) throw new Error('no days');
  return packSummary(summary, budget);
};

const offset = fc.oneof(fc.integer({ min: 0, max: 520 }), fc.integer({ min: 380, max: 430 }));
const dayValue = fc.oneof(fc.nat(300), fc.nat(30_000), fc.integer({ min: 100_000, max: 3_000_000 }), fc.constant(0));
const netValue = fc.oneof(dayValue, fc.integer({ min: -40_000, max: 0 }));
const daysOf = (value: fc.Arbitrary<number>, size: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(fc.tuple(offset, value, fc.constantFrom(0, 0, 5)), size);
const yearOf = (days: readonly (readonly [number, number, number])[]): Map<string, Day> =>
  new Map(days.map(([at, value, estimated]) => [addDays('2025-01-01', at), { value, estimated }]));

describe('the summary of usage', () => {
  it.each([
    ['forward', forward, dayValue],
    ['net', net, netValue],
    ['forward with values below zero', forward, netValue],
  ] as const)('resumed from its bytes is the summary of all readings, %s', (_name, ground, value) => {
    let resumedOften = 0;
    fc.assert(
      fc.property(
        daysOf(value, { minLength: 1, maxLength: 120 }),
        daysOf(value, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 24, max: 60 }),
        (first, news, budget) => {
          const year = yearOf(first);
          const before = wholeOf(ground, year, budget);
          const changed = yearOf(news);
          const since = [...changed.keys()].sort()[0] ?? '';
          for (const [date, day] of changed) year.set(date, day);
          const whole = wholeOf(ground, year, budget);
          const stored = readSummary(before.bytes);
          const lastDays = addDays(stored.newestDay, -6);
          const readFrom = `${[since, lastDays].sort()[0]?.slice(0, 7)}-01`;
          const summary = resumed(stored, zone, totalsOf(year, readFrom), readFrom);
          if (summary === undefined) return;
          const packed = packSummary(summary, budget);
          if (!surelyFull(summary, packed, before.bytes.length)) return;
          resumedOften += 1;
          expect(packed).toEqual(whole);
        },
      ),
      { numRuns: 1500 },
    );
    expect(resumedOften).toBeGreaterThan(ground === net || value === dayValue ? 400 : 50);
  });

  it('comes back from its bytes as it went in, for every reading type', () => {
    const total = fc.option(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { freq: 4 });
    const summary: fc.Arbitrary<UsageSummary> = fc.record({
      commodity: fc.constantFrom(...Commodity.options),
      flow: fc.constantFrom(...Flow.options),
      unit: fc.constantFrom(...Unit.options),
      powerOfTen: fc.integer({ min: -6, max: 6 }),
      asOf: fc.constant(startOfDate(zone, '2026-02-03') + 1800),
      newestDay: fc.constant('2026-02-03'),
      days: fc.array(total, { minLength: 7, maxLength: 7 }),
      months: fc.array(
        fc
          .tuple(total, fc.nat(100))
          .map(([value, share]) => ({ value, estimatedHundredths: value === null ? 0 : share })),
        { maxLength: 13 },
      ),
      more: fc.constant(0),
    });
    fc.assert(
      fc.property(summary, (given) => {
        const { signed: _signed, ...back } = readSummary(packSummary(given, 1000).bytes);
        expect(back).toEqual(given);
      }),
    );
  });

  it('keeps its bytes: the newest months that fit, the others counted', () => {
    fc.assert(
      fc.property(
        daysOf(dayValue, { minLength: 60, maxLength: 200 }),
        fc.integer({ min: 40, max: 80 }),
        (days, budget) => {
          const { summary, bytes } = wholeOf(forward, yearOf(days), budget);
          expect(bytes.length).toBeLessThanOrEqual(budget);
          const all = wholeOf(forward, yearOf(days), 1000).summary;
          expect(summary.months).toEqual(all.months.slice(0, summary.months.length));
          expect(summary.more).toBe(all.months.length - summary.months.length);
          const oneMore = { ...all, months: all.months.slice(0, summary.months.length + 1) };
          if (summary.more > 0) expect(packSummary(oneMore, 1000).bytes.length).toBeGreaterThan(budget);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is shown with months and days newest first, months without a value left out', () => {
    const year = new Map([
      ['2026-01-31', { value: 500, estimated: 12 }],
      ['2026-03-02', { value: 700, estimated: 0 }],
      ['2026-03-01', { value: 300, estimated: 0 }],
    ]);
    const shown = viewUsage(wholeOf(forward, year, 60).bytes, 'svp_1', 'E1');
    expect(shown.months).toEqual([
      { month: '2026-03', value: 1000, estimatedShare: 0 },
      { month: '2026-01', value: 500, estimatedShare: 0.25 },
    ]);
    expect(shown.recentDays.map(({ value }) => value)).toEqual([700, 300, null, null, null, null, null]);
    expect(shown.recentDays[0]?.date).toBe('2026-03-02');
    expect(shown.asOf).toBe('2026-03-02T13:00:00.000Z');
  });

  it('of bytes of another format is refused', () => {
    expect(() => readSummary(Uint8Array.of(2, 0, 0))).toThrow(RangeError);
    expect(() => readSummary(Uint8Array.of(1, 53))).toThrow(RangeError);
  });
});
