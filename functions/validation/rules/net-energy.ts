import { canonical, codesFromMarks, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { billableQualities, quality } from '#shared/vocabulary/measures.ts';
import { valuesByStart } from './read-day.ts';

/** Totals of one premise's electricity: what was taken, fed in, and the difference. */
export interface NetTotals {
  readonly imported: number;
  readonly exported: number;
  readonly net: number;
  /** Intervals that lack one of the two. */
  readonly incomplete: number;
}

const worse = (left: number, right: number): number => {
  if (left === right) return left;
  if (!billableQualities.has(left)) return left;
  return billableQualities.has(right) ? quality.mixed : right;
};

/**
 * Import less export for each interval of the import register; missing where either is. The code is that of both, mixed (13)
 * where they differ, and the one that does not count where one does not. Both in one scale.
 */
export const netOf = (imported: IntervalRun, exported: IntervalRun): IntervalRun => {
  const fed = valuesByStart([exported], imported.interval);
  const codes = codesFromMarks(imported.quality ?? [], imported.values.length);
  const pairs = imported.values.map((value, index) => {
    const back = fed.get(imported.start + index * imported.interval);
    return value === null || back === undefined
      ? { value: null, code: 0 }
      : { value: value - back.value, code: worse(codes[index] ?? 0, back.code) };
  });
  return canonical({
    start: imported.start,
    interval: imported.interval,
    values: pairs.map(({ value }) => value),
    quality: pairs.map(({ code }, index) => [index, code] as const),
  });
};

/** Sums over the intervals that have both, so that import less export is net to the Wh. */
export const netTotals = (imported: IntervalRun, exported: IntervalRun): NetTotals => {
  const fed = valuesByStart([exported], imported.interval);
  let [taken, given, incomplete] = [0, 0, 0];
  imported.values.forEach((value, index) => {
    const back = fed.get(imported.start + index * imported.interval);
    if (value === null || back === undefined) {
      incomplete += 1;
      return;
    }
    taken += value;
    given += back.value;
  });
  return { imported: taken, exported: given, net: taken - given, incomplete };
};
