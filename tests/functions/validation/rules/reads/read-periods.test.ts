import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownException } from '#functions/validation/rules/exception-life.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { isHole, judgeReads } from '#functions/validation/rules/reads/judge-reads.ts';
import { followReads } from '#functions/validation/rules/reads/read-chain.ts';
import { readsWindow } from '#functions/validation/rules/reads/reads-window.ts';
import type { RegisterRead } from '#functions/validation/rules/reads/register-reads.ts';
import { useByReads } from '#functions/validation/rules/reads/use-by-reads.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { always, groundOf, hourly } from '#tests/functions/validation/rules/judged-days.ts';

const day = 86_400;
const water: Register = {
  id: '1',
  commodity: 'water',
  flow: 'forward',
  unit: 'm3',
  powerOfTen: 0,
  intervalSeconds: day,
  zone: 'Europe/Madrid',
};
const ground = (said: Partial<RegisterGround> = {}, digits = 5): RegisterGround => ({
  ...groundOf(water, { dial: { digits, powerOfTen: 0, multiplier: 1 } }),
  ...said,
});
/** A read every 90 days. */
const quarterly = (...counts: readonly number[]): readonly RegisterRead[] =>
  counts.map((one, place) => ({ at: (place + 1) * 90 * day, counts: one }));
const grows = (quarters: number, by = 30): readonly number[] =>
  Array.from({ length: quarters }, (_, place) => 100 + place * by);

/** All that judging says of reads that are all known. */
const judgedWhole = (of: RegisterGround, reads: readonly RegisterRead[], known: readonly KnownException[] = []) => {
  const window = readsWindow(of, { reads, isFirst: true, isLast: true }, { from: 0, to: 9_999_999_999 });
  if ('more' in window) throw new Error('all reads are known');
  return { window, ...judgeReads(of, window, known) };
};
const told = (of: RegisterGround, reads: readonly RegisterRead[]) =>
  judgedWhole(of, reads).exceptions.map(({ ruleId, severity, evidence }) => ({ ruleId, severity, ...evidence }));
const totals = (reads: readonly RegisterRead[]) => followReads(ground(), reads).periods.map(({ total }) => total);

describe('a register that is read each quarter and sends no intervals', () => {
  it('is used what its reads differ by, and nothing is amiss', () => {
    expect(totals(quarterly(...grows(5)))).toEqual([30, 30, 30, 30]);
    expect(told(ground(), quarterly(...grows(12)))).toEqual([]);
  });

  it('that shows less once used what it advanced from the last good read to the next', () => {
    const reads = quarterly(100, 130, 40, 190);
    expect(totals(reads)).toEqual([30, 60]);
    expect(told(ground(), reads)).toEqual([
      {
        ruleId: 'register-backwards',
        severity: 'fail',
        start: 130,
        end: 40,
        by: 'reads',
        digits: 5,
        fault: 'went-back',
        leftOut: 1,
        until: 3 * 90 * day,
      },
    ]);
  });

  it('that stays below for three reads was set anew, and nobody knows what was used in between', () => {
    const reads = quarterly(700, 730, 5, 25, 50);
    expect(totals(reads)).toEqual([30, 20, 25]);
    expect(told(ground(), reads)).toMatchObject([{ ruleId: 'register-backwards', start: 730, end: 5, fault: 'reset' }]);
  });

  it('that shows less at the end waits for the next reads', () => {
    const reads = quarterly(700, 730, 5);
    expect(totals(reads)).toEqual([30]);
    expect(told(ground(), reads)).toMatchObject([{ ruleId: 'register-backwards', fault: 'backwards', leftOut: 1 }]);
  });

  it('whose dial goes over used what is left of it and what it shows since', () => {
    const reads = quarterly(...grows(5, 20), 99_990, 12, 40).slice(5);
    expect(totals(reads)).toEqual([22, 28]);
    expect(told(ground(), reads)).toMatchObject([
      { ruleId: 'register-rollover', severity: 'warn', start: 99_990, end: 12 },
    ]);
  });

  it('is not followed from one stay of its meter to another', () => {
    const installed = [
      { from: 0, to: 200 * day },
      { from: 200 * day, to: Number.POSITIVE_INFINITY },
    ];
    const { window } = judgedWhole(ground({ installed }), quarterly(100, 130, 160, 190));
    expect(window.chains.map(({ chain }) => chain.periods.map(({ total }) => total))).toEqual([[30], [30]]);
  });

  it('with a read that no such dial shows goes on without it', () => {
    const reads = quarterly(100, 130, 100_000, 190);
    expect(totals(reads)).toEqual([30, 60]);
    expect(told(ground(), reads)).toMatchObject([
      { ruleId: 'register-backwards', fault: 'not-on-the-dial', start: 100_000 },
    ]);
  });

  it('is asked about where a quarter is more than double, or less than half, the same time last year', () => {
    const years = [...grows(9), 440, 450].concat([480]);
    expect(told(ground(), quarterly(...years))).toMatchObject([
      { ruleId: 'high-low', used: 100, usual: 30, days: 90, compared: 'last-year' },
      { ruleId: 'high-low', used: 10, usual: 30, days: 90, compared: 'last-year' },
    ]);
    expect(told(ground({ zeroExpected: [always] }), quarterly(...years))).toEqual([]);
    const twoCounts = quarterly(100, 101, 102, 103, 104, 105, 108);
    expect(told(ground(), twoCounts)).toEqual([]);
  });

  it('has a hole where no read came for more than double the usual time, of which the use is known', () => {
    const reads = [...quarterly(...grows(6)), { at: 90 * day * 9, counts: 350 }];
    const { changes } = judgedWhole(ground(), reads);
    expect(changes).toMatchObject([
      { exception: { ruleId: 'missing-intervals', evidence: { seconds: 270 * day, advanced: 100 } }, state: 'filled' },
    ]);
  });
});

const of = (register: Register, reads: readonly RegisterRead[], installedFrom = 0) => {
  const dial = { digits: 12, powerOfTen: 0, multiplier: 1 };
  const known = { ...groundOf(register, { dial }), installed: [{ from: installedFrom, to: Number.POSITIVE_INFINITY }] };
  const { periods } = followReads(known, reads);
  const used = periods.map((period) => ({ ...period, isHole: isHole(reads, period) }));
  const asked = { from: 0, to: 9_999_999_999 };
  return useByReads(used, register, { from: installedFrom, to: Number.POSITIVE_INFINITY }, asked, reads.at(-1)?.at);
};
const valuesOf = (runs: ReturnType<typeof useByReads>) => runs.flatMap(({ values }) => values);

describe('what is used between reads', () => {
  it('gives a day of 25 hours more than one of 23, and is derived (11)', () => {
    const daily = { ...hourly, intervalSeconds: day };
    const [from, to] = ['2026-10-24', '2026-10-27'].map((date) => startOfDate(daily.zone, date));
    const runs = of(daily, [
      { at: from ?? 0, counts: 0 },
      { at: to ?? 0, counts: 7300 },
    ]);
    expect(valuesOf(runs)).toEqual([2400, 2500, 2400]);
    expect(runs.every(({ quality: marks }) => JSON.stringify(marks) === JSON.stringify([[0, quality.derived]]))).toBe(
      true,
    );
  });

  it('goes to the hours it was used in where a dial is read about each hour, and over a hole is on a line (9)', () => {
    const from = startOfDate(hourly.zone, '2026-03-02');
    const minutes = [0, 61, 119, 181, 240, 300, 600];
    const reads = minutes.map((minute, place) => ({ at: from + minute * 60, counts: place * 60 }));
    const [run] = of(hourly, reads);
    expect(run?.values).toEqual([59, 61, 59, 61, 60, 12, 12, 12, 12, 12]);
    expect(run?.quality).toEqual([
      [0, quality.derived],
      [5, quality.estimatedByInterpolation],
    ]);
  });

  it('begins no earlier than its meter came, and ends no later than what is known', () => {
    const from = startOfDate(hourly.zone, '2026-03-02');
    const reads = [
      { at: from + 1800, counts: 0 },
      { at: from + 3 * 3600 + 900, counts: 110 },
    ];
    expect(of(hourly, reads, from + 1800)).toMatchObject([{ start: from + 3600, values: [60, 50] }]);
  });

  it('adds up to what the register advanced, whatever the times of the reads', () => {
    const steps = fc.array(fc.record({ seconds: fc.integer({ min: 60, max: 40 * day }), total: fc.nat(1_000_000) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, fc.constantFrom(3600, 1800, day), (made, intervalSeconds) => {
        let [at, counts] = [startOfDate(hourly.zone, '2026-03-20') + 17, 0];
        const reads = [{ at, counts }];
        for (const { seconds, total } of made) {
          [at, counts] = [at + seconds, counts + total];
          reads.push({ at, counts });
        }
        const values = valuesOf(of({ ...hourly, intervalSeconds }, reads));
        const sum = values.reduce<number>((all, value) => all + (value ?? 0), 0);
        expect(sum).toBe(made.reduce((all, { total }) => all + total, 0));
      }),
      { numRuns: 200 },
    );
  });
});

/** Reads that mostly grow, and now and then go back, leap or stay away. */
const histories = fc
  .array(
    fc.record({
      seconds: fc.oneof(fc.integer({ min: 600, max: day }), fc.integer({ min: day, max: 100 * day })),
      step: fc.oneof(
        { weight: 8, arbitrary: fc.nat(50) },
        { weight: 1, arbitrary: fc.integer({ min: -900, max: 900 }) },
      ),
    }),
    { minLength: 2, maxLength: 90 },
  )
  .map((made) => {
    let [at, counts] = [0, 500];
    return made.map(({ seconds, step }) => {
      [at, counts] = [at + seconds, Math.max(0, counts + step)];
      return { at, counts };
    });
  });

/** Judges reads as they come, each time only around what came, with the reads that the window asks for. */
const inBatches = (
  of: RegisterGround,
  reads: readonly RegisterRead[],
  batches: readonly (readonly RegisterRead[])[],
) => {
  const there = new Map<number, RegisterRead>();
  const kept = new Map<string, KnownException>();
  for (const batch of batches) {
    for (const read of batch) there.set(read.at, read);
    const all = [...there.values()].sort((left, right) => left.at - right.at);
    for (const { at } of batch) {
      const place = all.findIndex((read) => read.at === at);
      let [from, to] = [place, place + 1];
      for (;;) {
        const known = { reads: all.slice(from, to), isFirst: from <= 0, isLast: to >= all.length };
        const window = readsWindow(of, known, { from: at, to: at });
        if (!('more' in window)) {
          for (const { exception, state } of judgeReads(of, window, [...kept.values()]).changes)
            kept.set(exception.id, { exception, state });
          break;
        }
        if (window.more === 'before') from = Math.max(0, from - 7);
        else to = Math.min(all.length, to + 7);
      }
    }
  }
  expect(there.size).toBe(reads.length);
  return [...kept.values()]
    .filter(({ state }) => state !== 'resolved')
    .map(({ exception, state }) => [exception.id, state, JSON.stringify(exception)])
    .sort();
};

describe('reads in any order, in any batches, once or twice', () => {
  it('come to the same periods and the same exceptions, judged only around what came', () => {
    fc.assert(
      fc.property(
        histories.chain((reads) =>
          fc.record({
            reads: fc.constant(reads),
            order: fc.shuffledSubarray([...reads, ...reads.slice(0, 5)], {
              minLength: reads.length + Math.min(5, reads.length),
            }),
            size: fc.integer({ min: 1, max: 20 }),
          }),
        ),
        ({ reads, order, size }) => {
          const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, place) =>
            order.slice(place * size, (place + 1) * size),
          );
          const known = ground({}, 7);
          const whole = judgedWhole(known, reads);
          const expected = whole.changes.map(({ exception, state }) => [
            exception.id,
            state,
            JSON.stringify(exception),
          ]);
          expect(inBatches(known, reads, batches)).toEqual(expected.sort());
          const periods = followReads(known, reads).periods;
          expect(periods.every(({ total }) => total >= 0)).toBe(true);
          for (const [place, { from }] of periods.entries())
            expect(from).toBeGreaterThanOrEqual(periods[place - 1]?.to ?? 0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
