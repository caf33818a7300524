import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import type { SeriesBlock } from './interval-series.ts';

/** Dates of a file that go on by a day where month and day are swapped, and by a month as they were read. */
export interface SwappedDates {
  /** How often. */
  readonly jumps: number;
  /** The first of them: local dates as they were read. */
  readonly before: string;
  readonly after: string;
}

interface Walk {
  date: string;
  end: number;
  /** Steps to the next day, and those to what would be the next day, were month and day swapped. */
  plain: number;
  jumps: number;
  first: { readonly before: string; readonly after: string } | undefined;
}

/** Fewer jumps may be holes: a file of a year that was read so has some hundred, one of a month eleven. */
const leastJumps = 6;
/** The longest local day, seconds: what lasts longer is no reading of a day that follows another. */
const longestDay = 90_000;

const swap = (date: string): string => `${date.slice(0, 4)}-${date.slice(8)}-${date.slice(5, 7)}`;
const isDate = (date: string): boolean => date.slice(5, 7) <= '12';
const isStep = (from: string, to: string): boolean => to === addDays(from, 1) || to === addDays(from, -1);

/**
 * Looks through the series of a file for dates whose month and day were swapped: a format `MM/DD` of a file that is written `DD/MM`
 * makes 1, 2, 3 March of 3 January, 3 February, 3 March, with a hole of a month after each. Series that are told by the month
 * have no holes.
 */
export class SwappedDatesLook {
  readonly #walks = new Map<string, Walk>();
  #intervals = 0;

  /** Intervals that were looked at. */
  get intervals(): number {
    return this.#intervals;
  }

  add({ series, intervals }: SeriesBlock): void {
    this.#intervals += intervals.length;
    const { namespace, reference, register, unit, zone = 'UTC' } = series;
    const key = JSON.stringify([namespace, reference, register, unit]);
    for (const { start, seconds } of intervals) {
      if (seconds > longestDay) continue;
      const date = localDateAt(zone, start);
      const walk = this.#walks.get(key);
      if (walk === undefined)
        this.#walks.set(key, { date, end: start + seconds, plain: 0, jumps: 0, first: undefined });
      else if (walk.date !== date) this.#step(walk, date, start);
      const now = this.#walks.get(key);
      if (now !== undefined) now.end = start + seconds;
    }
  }

  #step(walk: Walk, date: string, start: number): void {
    const [before, after] = [swap(walk.date), swap(date)];
    if (isStep(walk.date, date)) walk.plain += 1;
    else if (walk.end !== start && isDate(before) && isDate(after) && isStep(before, after)) {
      walk.jumps += 1;
      walk.first ??= { before: walk.date, after: date };
    }
    walk.date = date;
  }

  /** What was found of the series that has most of it; undefined where the dates go on as they should. */
  found(): SwappedDates | undefined {
    const worst = [...this.#walks.values()]
      .filter(({ jumps, plain }) => jumps >= leastJumps && jumps > plain)
      .reduce<Walk | undefined>((most, one) => (most === undefined || one.jumps > most.jumps ? one : most), undefined);
    return worst?.first === undefined ? undefined : { jumps: worst.jumps, ...worst.first };
  }
}

/** What was found, as a sentence that says what to do. */
export const swappedInWords = ({ jumps, before, after }: SwappedDates): string =>
  `${jumps} times the date goes on by a month with a hole before it, ${after} after ${before} the first time, and would go on by a day were month and day swapped: see whether time.format of the mapping has them in the order of the file, or say that the dates are right`;
