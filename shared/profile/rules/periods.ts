import { addDays } from '#shared/vocabulary/time.ts';

/** A half-open stretch of local dates (or instants): `from` belongs to it, `to` does not; no `to` is open. */
export interface Period {
  readonly from: string;
  readonly to: string | null;
}

/** A day by itself. */
export const dayAsPeriod = (date: string): Period => ({ from: date, to: addDays(date, 1) });

/** Whether a period covers a date or instant. */
export const covers = (period: Period, at: string): boolean =>
  period.from <= at && (period.to === null || at < period.to);

/** Whether two periods have a day (or instant) in common. */
export const overlaps = (one: Period, other: Period): boolean =>
  (one.to === null || other.from < one.to) && (other.to === null || one.from < other.to);

/** What two periods that overlap have in common. */
export const shared = (one: Period, other: Period): Period => {
  const [from = one.from] = [one.from, other.from].sort().toReversed();
  return { from, to: one.to === null || (other.to !== null && other.to < one.to) ? other.to : one.to };
};

/** Periods in order, those that meet or overlap made one. */
export const unitedPeriods = (periods: readonly Period[]): readonly Period[] => {
  const united: Period[] = [];
  for (const { from, to } of periods.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = united.at(-1);
    if (last === undefined || (last.to !== null && last.to < from)) united.push({ from, to });
    else if (last.to !== null && (to === null || last.to < to)) united[united.length - 1] = { from: last.from, to };
  }
  return united;
};

/** The day from which none of some periods lasts any more; null while one has no end, and of none at all. */
export const overFrom = (periods: readonly Period[]): string | null => {
  const ends = periods.flatMap(({ to }) => to ?? []);
  return ends.length < periods.length ? null : (ends.sort().at(-1) ?? null);
};

/** Whether a period is over. */
export const isOver = (period: Period, at: string): boolean => period.to !== null && period.to <= at;
