import { addDays, addMonths, instantOf } from '#shared/vocabulary/time.ts';
import { readSummary } from './usage-summary.ts';

/** Usage of one register as the 360 view answers it: newest first, months without a value left out. */
export interface UsageView {
  readonly servicePointId: string;
  readonly register: string;
  readonly flow: string;
  readonly unit: string;
  readonly powerOfTen: number;
  readonly months: { readonly month: string; readonly value: number; readonly estimatedShare: number }[];
  readonly recentDays: { readonly date: string; readonly value: number | null }[];
  readonly asOf: string;
}

/** Reads the packed bytes of a usage item. Throws RangeError where they are none. */
export const viewUsage = (packed: Uint8Array, servicePointId: string, register: string): UsageView => {
  const summary = readSummary(packed);
  const newestMonth = summary.newestDay.slice(0, 7);
  return {
    servicePointId,
    register,
    flow: summary.flow,
    unit: summary.unit,
    powerOfTen: summary.powerOfTen,
    months: summary.months.flatMap(({ value, estimatedHundredths }, back) =>
      value === null
        ? []
        : [{ month: addMonths(newestMonth, -back), value, estimatedShare: estimatedHundredths / 100 }],
    ),
    recentDays: summary.days.map((value, back) => ({ date: addDays(summary.newestDay, -back), value })),
    asOf: instantOf(summary.asOf),
  };
};
