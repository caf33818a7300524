/** A half-open stretch of local dates (or instants): `from` belongs to it, `to` does not; no `to` is open. */
export interface Period {
  readonly from: string;
  readonly to: string | null;
}

/** Whether a period covers a date or instant. */
export const covers = (period: Period, at: string): boolean =>
  period.from <= at && (period.to === null || at < period.to);

/** Whether a period is over. */
export const isOver = (period: Period, at: string): boolean => period.to !== null && period.to <= at;

/** Keeps all open periods and the last `max` that have an end, in their order. */
export const keepLatest = <Entry extends Period>(entries: readonly Entry[], max: number): readonly Entry[] => {
  const ended = entries.filter((entry) => entry.to !== null).length;
  let surplus = ended - max;
  if (surplus <= 0) return entries;
  return entries.filter((entry) => entry.to === null || surplus-- <= 0);
};
