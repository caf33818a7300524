import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptBlock } from '#functions/readings/rules/accept-block.ts';
import { mergeBlocks } from '#functions/readings/rules/merge.ts';
import { wholeDay } from '#functions/readings/rules/runs.ts';
import { gridCount, gridOf } from '#functions/readings/rules/supplied-series.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { localDays } from '#shared/vocabulary/time.ts';

const zone = fc.constantFrom(
  'America/Chicago',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'America/Sao_Paulo',
);
const daily = (name: string): Register => ({
  id: '1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: wholeDay,
  zone: name,
});

describe('a register that counts whole days', () => {
  it('keeps the value of every local day, of 23 to 25 hours, in whatever order and however often it comes', () => {
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: 2010, max: 2030 }),
        fc.infiniteStream(fc.nat({ max: 9 })),
        (name, year, draws) => {
          const [from, to] = [Date.UTC(year, 0, 2) / 1000, Date.UTC(year + 1, 0, 1) / 1000];
          const days = [...localDays(name, from, to)];
          const blocks = days.flatMap((day, index) => {
            const run = { start: day.from, interval: wholeDay, values: [index] };
            const verdict = acceptBlock(
              { registers: [daily(name)], installations: [{ from: '2000-01-01T00:00:00.000Z', to: null }] },
              '1',
              run,
              to + 10 * wholeDay,
            );
            expect(verdict).toMatchObject({ place: { startMinute: 0, completeDay: true } });
            const block = { kind: 'actual' as const, revision: 1, order: day.date, run };
            return draws.next().value === 0 ? [block, block] : [block];
          });
          const mixed = blocks.toSorted((left, right) => (left.order < right.order ? 1 : -1));
          const values = mergeBlocks(mixed).flatMap(({ start, interval, values: all }) =>
            all.map((value, place) => [start + place * interval, value]),
          );
          expect(values).toEqual(days.map((day, index) => [day.from, index]));
          const ends = days.at(-1)?.to ?? 0;
          expect(gridCount(daily(name), days[0]?.from ?? 0, ends)).toBe(days.length);
          expect([...gridOf(daily(name), days[0]?.from ?? 0, ends)]).toEqual(
            days.map((day) => ({ from: day.from, to: day.to })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
