import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { isSettled, type ReadDay } from './read-day.ts';

/** Equal measured values in a row: how many, from when to when. */
export interface EqualRow {
  readonly value: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Rows of equal measured values in a day, in order, the first as the going on of the one that reached the end of the day before;
 * that one is listed too where this day does not go on with it. A hole or an estimate ends a row, but one of zeros: a meter
 * that says nothing for a while is not alive again. A row reaches the end of the day where nothing comes after it. A value that
 * a person stands for belongs to no row and ends each.
 */
export const rowsOf = (
  day: ReadDay,
  before: { readonly value: number; readonly count: number; readonly from: number } | null,
): readonly EqualRow[] => {
  const rows: EqualRow[] = [];
  let open: EqualRow | undefined = before === null ? undefined : { ...before, to: day.from };
  const close = (): void => {
    if (open !== undefined) rows.push(open);
    open = undefined;
  };
  for (const { from, to, value, code, expected } of day.slots) {
    if (value === null || !expected || estimatedQualities.has(code)) {
      if (open?.value !== 0) close();
      continue;
    }
    if (open?.value !== value || isSettled({ code })) close();
    if (isSettled({ code })) continue;
    open = { value, count: (open?.count ?? 0) + 1, from: open?.from ?? from, to };
  }
  if (open?.value === 0) open = { ...open, to: day.to };
  close();
  return rows;
};
