import { addDays } from '#shared/vocabulary/time.ts';
import type { VeeConfiguration } from './configuration.ts';
import { hasHole, type ReadDay } from './read-day.ts';

/** Local dates, both ends included. */
export interface Dates {
  readonly first: string;
  readonly last: string;
}

/** How far estimates look around the days that are judged, in days. */
const reach = { before: 56, after: 14, year: 364, yearBefore: 28, yearAfter: 14 } as const;

/** What is to be read before days are judged; each range is one query of consecutive items. */
export interface HistoryNeeded {
  /** Digests: of the days themselves as they were judged last, of the days before, and of the week a year before. */
  readonly digests: readonly Dates[];
  /** Intervals of days: only where there is a hole. The last 8 weeks, 2 weeks after, and 6 weeks around the day last year. */
  readonly intervals: readonly Dates[];
}

/** The digests that are looked at where days are judged: of the days themselves and those before, and of the week a year before. */
export const digestsFor = ({ highLow, zero }: VeeConfiguration, { first, last }: Dates): readonly [Dates, Dates] => {
  const before = Math.max(highLow.windowDays - 1 + highLow.historyDays, zero.historyDays);
  return [
    { first: addDays(first, -before), last },
    { first: addDays(first, -reach.year - highLow.windowDays + 1), last: addDays(last, -reach.year) },
  ];
};

/**
 * Which days around those that are judged have to be read: for one day with the parameters as they are, 37 + 7 digests
 * and, where it has a hole, 56 + 14 + 43 days of intervals, in at most five queries.
 */
export const historyFor = (configuration: VeeConfiguration, days: readonly ReadDay[]): HistoryNeeded => {
  const [first, last] = [days[0]?.date, days.at(-1)?.date];
  if (first === undefined || last === undefined) return { digests: [], intervals: [] };
  return {
    digests: digestsFor(configuration, { first, last }),
    intervals: days.some(hasHole)
      ? [
          { first: addDays(first, -reach.before), last: addDays(first, -1) },
          { first: addDays(last, 1), last: addDays(last, reach.after) },
          { first: addDays(first, -reach.year - reach.yearBefore), last: addDays(last, -reach.year + reach.yearAfter) },
        ]
      : [],
  };
};
