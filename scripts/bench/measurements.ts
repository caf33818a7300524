import type { Measurement } from './measurement.ts';
import { replayMeasurement } from './replay.ts';
import { storedBytes } from './stored-bytes.ts';
import { historyCost, viewCost } from './view-cost.ts';
import { readingsWriteUnits, usageWriteUnits } from './write-units.ts';

/** Every measurement, in the order they are taken. */
export const measurements: readonly Measurement[] = [
  readingsWriteUnits,
  usageWriteUnits,
  replayMeasurement,
  viewCost,
  historyCost,
  storedBytes,
];

/** The measurements that words name, whole or by their beginning; all where none is given. */
export const named = (
  words: readonly string[],
): { readonly chosen: readonly Measurement[]; readonly unknown: readonly string[] } => {
  const lower = words.map((word) => word.toLowerCase());
  return {
    chosen: measurements.filter(({ name }) => lower.length === 0 || lower.some((word) => name.startsWith(word))),
    unknown: words.filter((word) => !measurements.some(({ name }) => name.startsWith(word.toLowerCase()))),
  };
};
