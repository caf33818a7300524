import { marketOffset, writtenMethodOf } from '#functions/imports/rules/nem/codes.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';
import { inOrder, NotWritable, type WrittenSeries } from './written-series.ts';

/** A day of market time: a value and its quality for each interval, null where there is none. */
export interface MarketDay {
  /** First instant, Unix seconds. */
  readonly from: number;
  readonly values: (number | null)[];
  readonly codes: (QualityCode | null)[];
  /** Flag and method of each, null where there is no value. */
  readonly flags: (string | null)[];
}

const daySeconds = 86_400;

const emptyDay = (from: number, intervals: number): MarketDay => ({
  from,
  values: new Array<number | null>(intervals).fill(null),
  codes: new Array<QualityCode | null>(intervals).fill(null),
  flags: new Array<string | null>(intervals).fill(null),
});

/**
 * The days of market time (UTC+10 all year) in which a series has readings. Throws NotWritable where an interval lies on no
 * interval of its day, or has another length than the register.
 */
export async function* marketDays(series: WrittenSeries): AsyncGenerator<MarketDay, void, undefined> {
  const { id, intervalSeconds } = series.register;
  let day: MarketDay | undefined;
  for await (const { start, seconds, value, quality, method } of inOrder(series)) {
    if (seconds !== intervalSeconds)
      throw new NotWritable(
        'wrong-interval',
        `register ${id}: an interval of ${seconds} s stands among those of ${intervalSeconds} s`,
      );
    const elapsed = (start + marketOffset) % daySeconds;
    if (elapsed % intervalSeconds !== 0)
      throw new NotWritable('off-the-grid', `register ${id}: an interval begins between two intervals of market time`);
    if (value === null) continue;
    const from = start - elapsed;
    if (day?.from !== from) {
      if (day !== undefined) yield day;
      day = emptyDay(from, daySeconds / intervalSeconds);
    }
    day.values[elapsed / intervalSeconds] = value;
    day.codes[elapsed / intervalSeconds] = quality;
    day.flags[elapsed / intervalSeconds] = writtenMethodOf(quality, method);
  }
  if (day !== undefined) yield day;
}
