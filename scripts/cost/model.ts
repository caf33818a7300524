import { assumed, measured } from './assumed.ts';
import type { CostLine } from './line-names.ts';
import { costOf } from './prices.ts';
import type { Standing } from './standing.ts';
import { linesOfStanding } from './standing-lines.ts';
import { trafficOf } from './traffic.ts';
import { linesOfUse } from './use-lines.ts';

/** Dollars of a month of a stage with so many meters, line by line. Free tiers and discounts of volume are left out. */
export const monthOf = (standing: Standing, meters: number): readonly CostLine[] => {
  const traffic = trafficOf(standing, meters);
  return [...linesOfUse(standing, traffic), ...linesOfStanding(standing, traffic)];
};

/** Days of history that a file brings in the example. */
export const importedDays = 365;

/**
 * Dollars, once, for a year of a meter's half hours that a file brings: a PUT unit, readings, usage and judging for each day. Less
 * where many days are judged together; the function that reads the file takes seconds for a thousand meters.
 */
export const importedYear = (): number => {
  const { readingAndUsageWrites, usageReads, judgeWrites, judgeReads } = measured;
  const thousands = (importedDays * assumed.intervals) / 1000;
  return (
    costOf('put', importedDays) +
    costOf('write', thousands * readingAndUsageWrites + importedDays * judgeWrites) +
    costOf('read', thousands * usageReads + importedDays * judgeReads)
  );
};
