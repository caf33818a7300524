import { addDays, daysBetween } from '#shared/vocabulary/time.ts';

/** What is known of a register's days. Local dates of the register. */
export interface DaysKnown {
  /** Dates that changed. */
  readonly touched: readonly string[];
  /** Judged dates lie between these without a gap; undefined where none was judged. */
  readonly judged: { readonly first: string; readonly last: string } | undefined;
  /** The first and the last date of which anything has come; where days were judged, those and the changed ones tell. */
  readonly first: string;
  readonly latest: string;
  /** Whether the last of them has all its intervals. */
  readonly latestIsComplete: boolean;
}

/**
 * Which days are to be judged now: those that changed and are closed, and those between them and the days that were judged, so that
 * a day without any reading is judged too. A day is closed when all its intervals are there, or a later day has come.
 */
export const daysToJudge = ({ touched, judged, first, latest, latestIsComplete }: DaysKnown): readonly string[] => {
  const closed = latestIsComplete || latest === judged?.last ? latest : addDays(latest, -1);
  const dates = new Set(touched.filter((date) => date <= closed));
  const add = (from: string, to: string): void => {
    for (let left = daysBetween(from, to); left >= 0; left -= 1) dates.add(addDays(to, -left));
  };
  if (judged === undefined) add(first, closed);
  else {
    add(addDays(judged.last, 1), closed);
    const earliest = [...dates].sort()[0] ?? judged.first;
    if (earliest < judged.first) add(earliest, addDays(judged.first, -1));
  }
  return [...dates].sort();
};

/** Dates that follow each other, by months, so that what is kept of a month is written once. */
export const stretchesOf = (dates: readonly string[]): readonly { readonly first: string; readonly last: string }[] => {
  const stretches: { first: string; last: string }[] = [];
  for (const date of dates) {
    const current = stretches.at(-1);
    if (current !== undefined && addDays(current.last, 1) === date && current.first.slice(0, 7) === date.slice(0, 7)) {
      current.last = date;
    } else stretches.push({ first: date, last: date });
  }
  return stretches;
};
