import type { SeriesRow } from '#cli/detect/series-file.ts';

/** Hours from the first to the last that a file tells of, as the API takes them. */
export interface HourlyValues {
  /** Unix seconds, a whole hour. */
  readonly from: number;
  /** Null where the file says nothing of an hour. */
  readonly celsiusTenths: readonly (number | null)[];
}

const hour = 3600;
const day = 86_400;

const celsiusOf = (value: number, unit: 'C' | 'F'): number => (unit === 'C' ? value : ((value - 32) * 5) / 9);

/** Seconds from one row to the next, as most are; an hour where there is one row. */
const stepOf = (times: readonly number[]): number => {
  const steps = times
    .slice(1)
    .map((at, place) => at - (times[place] ?? at))
    .filter((step) => step > 0)
    .sort((left, right) => left - right);
  return steps[Math.floor(steps.length / 2)] ?? hour;
};

/**
 * Means of the hours that rows tell of, in tenths of °C; `unread` counts rows without a time or a number. A row of a file with one a
 * day stands for the 24 hours from its time on. Undefined where no row can be read.
 */
export const hoursOf = (
  rows: readonly SeriesRow[],
  unit: 'C' | 'F',
): (HourlyValues & { readonly unread: number }) | undefined => {
  const known = rows
    .flatMap(({ at, value }) => (at === undefined || value === undefined ? [] : [{ at, value }]))
    .sort((left, right) => left.at - right.at);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const held = stepOf(known.map(({ at }) => at)) >= day ? day / hour : 1;
  const start = Math.floor(first.at / hour);
  const sums = Array.from({ length: Math.floor(last.at / hour) + held - start }, () => ({ sum: 0, count: 0 }));
  for (const { at, value } of known) {
    for (let of = 0; of < held; of += 1) {
      const one = sums[Math.floor(at / hour) - start + of];
      if (one === undefined) continue;
      one.sum += celsiusOf(value, unit);
      one.count += 1;
    }
  }
  return {
    from: start * hour,
    celsiusTenths: sums.map(({ sum, count }) => (count === 0 ? null : Math.round((10 * sum) / count) + 0)),
    unread: rows.length - known.length,
  };
};
