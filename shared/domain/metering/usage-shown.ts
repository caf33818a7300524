import { addDays, addMonths, instantOf } from '#shared/vocabulary/time.ts';
import { readSummary } from './usage-summary.ts';

/** Usage of one register as the 360 view shows it, unpacked from its item; newest first, shares in [0, 1]. */
export const shownUsage = (packed: Uint8Array, servicePointId: string, register: string) => {
  const summary = readSummary(packed);
  const month = summary.newestDay.slice(0, 7);
  return {
    servicePointId,
    register,
    flow: summary.flow,
    unit: summary.unit,
    powerOfTen: summary.powerOfTen,
    months: summary.months.flatMap((total, back) =>
      total.value === null
        ? []
        : [{ month: addMonths(month, -back), value: total.value, estimatedShare: total.estimatedHundredths / 100 }],
    ),
    recentDays: summary.days.map((value, back) => ({ date: addDays(summary.newestDay, -back), value })),
    asOf: instantOf(summary.asOf),
  };
};
