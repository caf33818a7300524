import type { RecordedEvent } from '#shared/profile/rules/installations.ts';
import type { HeadlineFigures } from '#shared/vocabulary/headline-figures.ts';
import { addDays } from '#shared/vocabulary/time.ts';

/** Days for which people are shown a leak that a meter told of: it tells of one that lasts again, and never that one is over. */
const shownDays = 7;

/** A leak that a meter told of. `since` is when it told of it last, in stored form. */
export interface ToldLeak {
  readonly servicePoint: string;
  readonly kind: 'meter-leak';
  readonly since: string;
  /** Local date from which on it is of no interest. */
  readonly expires: string;
  /** Litres an hour; undefined where the meter does not say. */
  readonly headline: HeadlineFigures | undefined;
}

/**
 * The last leak that was told of each point, as far as it is of interest on a local date; the latest first.
 * @param dayAt local date of an instant at a point
 */
export const toldLeaks = (
  events: readonly RecordedEvent[],
  dayAt: (servicePoint: string, at: string) => string,
  today: string,
): readonly ToldLeak[] => {
  const last = new Map<string, RecordedEvent>();
  for (const one of events) {
    const before = last.get(one.servicePoint);
    if (one.event === 'leak' && (before === undefined || before.at < one.at)) last.set(one.servicePoint, one);
  }
  return [...last.values()]
    .map(({ servicePoint, at, value }): ToldLeak => {
      const headline =
        value === null || value <= 0 ? undefined : ({ unit: 'L', powerOfTen: 0, figures: [value] } as const);
      return {
        servicePoint,
        kind: 'meter-leak',
        since: at,
        expires: addDays(dayAt(servicePoint, at), shownDays),
        headline,
      };
    })
    .filter(({ expires }) => today < expires)
    .sort((a, b) => (a.since < b.since ? 1 : -1));
};

/** A few words on a leak that a meter told of. */
export const leakHeadline = (known: HeadlineFigures | undefined): string =>
  known?.figures[0] === undefined
    ? 'The meter tells of a leak'
    : `The meter tells of a leak, ${known.figures[0]} L an hour`;
