import { covers, type Period } from '#shared/profile/rules/periods.ts';

/** An account takes service at a service point, by local dates of the point. */
export interface Stay extends Period {
  readonly account: string;
}

/** Accounts that take service on a date, as one text; empty where nobody does. */
const takersOn = (stays: readonly Stay[], date: string): string =>
  [...new Set(stays.flatMap((stay) => (covers(stay, date) ? [stay.account] : [])))].sort().join(' ');

/** Local dates on which others take service than on the day before, ascending. */
export const datesOfChange = (stays: readonly Stay[]): readonly string[] => {
  const edges = [...new Set(stays.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))].sort();
  // Between edges nothing changes: what held before one is what the edge before it began.
  return edges.filter((date, index) => takersOn(stays, date) !== takersOn(stays, edges[index - 1] ?? ''));
};

/** Dates on which two lists of stays say otherwise that somebody else takes service: both what one says and what it ceased to say. */
export const otherDatesOfChange = (before: readonly Stay[], after: readonly Stay[]): readonly string[] => {
  const [was, is] = [datesOfChange(before), datesOfChange(after)];
  return [...was.filter((date) => !is.includes(date)), ...is.filter((date) => !was.includes(date))].sort();
};
