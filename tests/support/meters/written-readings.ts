import fc from 'fast-check';
import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import type { WrittenSeries } from '#functions/imports/rules/write/written-series.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import { localDays, startOfDate } from '#shared/vocabulary/time.ts';

export type Series = WrittenSeries & { readonly intervals: readonly MeasuredInterval[] };

/** A register of half-hours in watt-hours, as most tests write it. */
export const aRegister = (zone: string, more: Partial<WrittenSeries['register']> = {}): WrittenSeries['register'] => ({
  id: 'E1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: 1800,
  zone,
  ...more,
});

/** Whole local days of a register, each value and code as `at` says; null is an interval without a value. */
export const wholeDays = (
  register: WrittenSeries['register'],
  from: string,
  to: string,
  at: (index: number) => readonly [value: number | null, code: QualityCode],
): Series => {
  const { zone, intervalSeconds: seconds } = register;
  const intervals: MeasuredInterval[] = [];
  for (const day of localDays(zone, startOfDate(zone, from), startOfDate(zone, to)))
    for (let start = day.from; start < day.to; start += seconds) {
      const [value, code] = at(intervals.length);
      intervals.push({ start, seconds, value, quality: code });
    }
  return { servicePoint: 'svp_0123456789ABCDEFGHJKMNPQRS', register, intervals };
};

/** Intervals as they come and go: steps of the grid, some left out, some without a value, codes in runs. */
export const someIntervals = (
  seconds: number,
  value: fc.Arbitrary<number>,
  codes: readonly QualityCode[] = Object.values(quality),
): fc.Arbitrary<readonly MeasuredInterval[]> =>
  fc
    .record({
      first: fc.integer({ min: 0, max: Math.floor(3_000_000_000 / seconds) }),
      rows: fc.array(
        fc.record({
          step: fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 200 })),
          value: fc.option(value, { freq: 10 }),
          quality: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.constantFrom(...codes)),
        }),
        { minLength: 1, maxLength: 150 },
      ),
    })
    .map(({ first, rows }) => {
      let [place, code]: [number, QualityCode] = [first, 0];
      return rows.map((row) => {
        place += row.step;
        code = row.quality ?? code;
        return { start: place * seconds, seconds, value: row.value, quality: code };
      });
    });

/** All that a writer gives, and its longest piece. */
export const written = async (
  pieces: AsyncIterable<string>,
): Promise<{ readonly text: string; readonly longest: number; readonly pieces: number }> => {
  let [text, longest, count] = ['', 0, 0];
  for await (const piece of pieces) {
    text += piece;
    longest = Math.max(longest, piece.length);
    count += 1;
  }
  return { text, longest, pieces: count };
};
