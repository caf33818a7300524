import type { Change } from '#shared/table/table.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { isByReads } from './rules/reads/judge-reads.ts';
import { datesJudged, judgedMonthOf } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { storedExceptionOf } from './store/reading-exceptions.ts';

/** A month of a meter's register of which something else was found. */
export interface MonthAsked extends RegisterPlace {
  readonly month: string;
  /** The last judged date that is told of, where days of it were judged. */
  readonly judgedTo: string | undefined;
  /** Whether something else stands over it. */
  readonly isFound: boolean;
}

/** Months of a service point's zone that dates of another zone may lie in. */
const monthsAround = (dates: readonly string[]): readonly string[] => [
  ...new Set(dates.flatMap((date) => [-1, 0, 1].map((days) => addDays(date, days).slice(0, 7)))),
];

/** The months to close, or to close again, for a change of what was judged. */
export const monthsAsked = (change: Change): readonly MonthAsked[] => {
  const { after } = change;
  if (after === undefined) return [];
  const judged = judgedMonthOf(after);
  if (judged !== undefined) {
    const { meter, register, digests } = judged;
    const judgedTo = digests.at(-1)?.date;
    return monthsAround(datesJudged(change)).map((month) => ({ meter, register, month, judgedTo, isFound: false }));
  }
  const found = storedExceptionOf(after);
  if (found === undefined || isByReads(found.exception)) return [];
  const { meter, register, exception } = found;
  // A month that was closed counts what stands over it.
  const dates = [exception.from, exception.to].map((at) => localDateAt('UTC', at));
  return monthsAround(dates).map((month) => ({ meter, register, month, judgedTo: undefined, isFound: true }));
};

/** Of the months that changes ask for, each once: with the last change that does. */
export const monthsOfChanges = (changes: readonly Change[]): ReadonlyMap<Change, readonly MonthAsked[]> => {
  const last = new Map<string, { readonly change: Change; readonly asked: MonthAsked }>();
  for (const change of changes) {
    for (const asked of monthsAsked(change)) {
      const name = `${asked.meter}#${asked.register}#${asked.month}`;
      const before = last.get(name)?.asked;
      const judgedTo = [before?.judgedTo, asked.judgedTo]
        .flatMap((date) => date ?? [])
        .sort()
        .at(-1);
      last.set(name, { change, asked: { ...asked, judgedTo, isFound: asked.isFound || before?.isFound === true } });
    }
  }
  const found = new Map<Change, MonthAsked[]>();
  for (const { change, asked } of last.values()) found.set(change, [...(found.get(change) ?? []), asked]);
  return found;
};
