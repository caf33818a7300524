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
  let open: { value: number; count: number; from: number; to: number } | undefined =
    before === null ? undefined : { value: before.value, count: before.count, from: before.from, to: day.from };
  const close = (): void => {
    if (open !== undefined) rows.push(open);
    open = undefined;
  };
  for (const slot of day.slots) {
    const { from, to, value, code, expected } = slot;
    if (value === null || !expected || estimatedQualities.has(code)) {
      if (open?.value !== 0) close();
      continue;
    }
    const settled = isSettled(slot);
    if (open?.value !== value || settled) close();
    if (settled) continue;
    if (open === undefined) open = { value, count: 1, from, to };
    else {
      open.count += 1;
      open.to = to;
    }
  }
  if (open?.value === 0) open.to = day.to;
  close();
  return rows;
};
