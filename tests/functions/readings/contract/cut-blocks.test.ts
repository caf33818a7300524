import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBlocks, type Sample } from '#functions/readings/contract/cut-blocks.ts';
import { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { acceptBlock } from '#functions/readings/rules/accept-block.ts';
import { expectedIntervals, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';

const meter = 'mtr_0000000000000000000000000A';
const seriesIn = (zone: string, intervalSeconds = 1800) => ({ meter, register: '1', zone, intervalSeconds });
const run = (from: number, count: number, step = 1800): Sample[] =>
  Array.from({ length: count }, (_, index) => ({ start: from + index * step, value: index }));

describe('cutting samples into blocks', () => {
  it.each([
    ['Europe/London', '2026-03-29', 46],
    ['Europe/London', '2026-03-30', 48],
    ['Europe/London', '2026-10-25', 50],
    ['Australia/Lord_Howe', '2026-04-05', 49],
    ['Australia/Lord_Howe', '2026-10-04', 47],
    ['+10:00', '2012-02-10', 48],
  ])('makes one block of a whole day in %s on %s: %i half-hours', (zone, date, count) => {
    expect(expectedIntervals(zone, date, 1800)).toBe(count);
    const { blocks, offGrid } = cutBlocks(seriesIn(zone), run(startOfDate(zone, date), count));
    expect(offGrid).toEqual([]);
    expect(blocks.map(({ start, values }) => [start, values.length])).toEqual([[startOfDate(zone, date), count]]);
  });

  it('begins a new block at local midnight, whatever the zone', () => {
    const { blocks } = cutBlocks(seriesIn('+10:00'), run(Date.parse('2012-02-10T08:00:00+10:00') / 1000, 48 + 32));
    expect(blocks.map(({ start, values, seq }) => [new Date(start * 1000).toISOString(), values.length, seq])).toEqual([
      ['2012-02-09T22:00:00.000Z', 32, 0],
      ['2012-02-10T14:00:00.000Z', 48, 1],
    ]);
  });

  it('says a gap within a day by null, and makes no block of a day without a sample', () => {
    const from = startOfDate('UTC', '2026-03-01');
    const samples = [...run(from, 2), { start: from + 5 * 1800, value: 7 }, { start: from + 3 * 86_400, value: 8 }];
    expect(cutBlocks(seriesIn('UTC'), samples, 10).blocks.map(({ values, seq }) => [values, seq])).toEqual([
      [[0, 1, null, null, null, 7], 10],
      [[8], 11],
    ]);
  });

  it('sets aside a sample that lies between two intervals', () => {
    const from = startOfDate('UTC', '2026-03-01');
    const odd = { start: from + 60, value: 5 };
    expect(cutBlocks(seriesIn('UTC'), [...run(from, 1), odd, { start: from + 1800, value: 1 }])).toMatchObject({
      offGrid: [odd],
      blocks: [{ values: [0, 1] }],
    });
  });

  it('loses no value and makes only blocks that are valid and accepted, for any zone, gaps and interval', () => {
    const zones = ['Europe/London', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca', '+10:00', '-03:30'];
    const scenario = fc.record({
      zone: fc.constantFrom(...zones),
      interval: fc.constantFrom(300, 900, 1800, 3600),
      date: fc.date({
        min: new Date('2024-01-01T00:00:00Z'),
        max: new Date('2030-12-01T00:00:00Z'),
        noInvalidDate: true,
      }),
      steps: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }),
    });
    fc.assert(
      fc.property(scenario, ({ zone, interval, date, steps }) => {
        let at = startOfDate(zone, localDateAt(zone, Math.floor(date.getTime() / 1000)));
        const samples = steps.map((step, index): Sample => {
          const start = at;
          at += step * interval;
          return { start, value: index };
        });
        const { blocks, offGrid } = cutBlocks(seriesIn(zone, interval), samples);
        const register = { id: '1', commodity: 'electricity', flow: 'forward', unit: 'Wh', powerOfTen: 0 } as const;
        const ground = {
          registers: [{ ...register, intervalSeconds: interval, zone }],
          installations: [{ from: '2000-01-01T00:00:00.000Z', to: null }],
        };
        const found = new Map<number, number>();
        for (const block of blocks) {
          expect(UsageBlock.safeParse(block).success).toBe(true);
          expect(acceptBlock(ground, '1', block, 2_000_000_000 + 10 * 86_400)).toHaveProperty('place');
          for (const [index, value] of block.values.entries())
            if (value !== null) found.set(block.start + index * interval, value);
        }
        for (const { start } of offGrid)
          found.set(start, samples.find((sample) => sample.start === start)?.value ?? -1);
        expect([...found].sort(([left], [right]) => left - right)).toEqual(
          samples.map(({ start, value }) => [start, value]),
        );
        expect(blocks.map(({ seq }) => seq)).toEqual(blocks.map((_, index) => index));
      }),
      { numRuns: 200 },
    );
  });
});
