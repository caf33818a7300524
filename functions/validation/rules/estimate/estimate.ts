import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import type { Evidence } from '#functions/validation/rules/judgement.ts';
import { valuesByStart } from '#functions/validation/rules/read-day.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { EstimationMethod } from './estimation-methods.ts';

/** Whether holes are filled as data comes in, or because somebody asked for it. */
export type FillMode = 'automatic' | 'requested';

/** Estimated values of neighbouring intervals of one local day, with everything they were made from. */
export interface Estimate extends Range {
  readonly date: string;
  readonly interval: number;
  readonly values: readonly number[];
  /** ESPI code: 8 reference days, 9 interpolation, 12 projected, 11 derived from a register's total. */
  readonly quality: number;
  readonly method: EstimationMethod;
  readonly version: number;
  readonly inputs: Evidence;
  /** Where a total of the register was known: its period, and what of it the estimates of the period share out. */
  readonly scaledTo?: {
    readonly from: number;
    readonly to: number;
    readonly register: number;
    readonly residual: number;
  };
}

/** Holes of a day that are left for people: too much is missing, or there is nothing to estimate from. */
export interface Unfilled {
  readonly date: string;
  readonly missing: number;
  readonly expected: number;
  readonly reason: 'too-much-missing' | 'no-ground';
}

/** An estimate as a run of intervals, as it is stored. */
export const runOfEstimate = ({ from, interval, values, quality }: Estimate): IntervalRun => ({
  start: from,
  interval,
  values,
  quality: [[0, quality]],
});

/** The stored estimates of a date by start, of several the one of the highest revision. */
export const storedEstimates = (
  blocks: readonly RankedBlock[],
  interval: number,
): ReadonlyMap<number, { readonly value: number; readonly code: number }> =>
  valuesByStart(
    blocks
      .filter(({ kind }) => kind === 'estimate')
      .toSorted((left, right) => left.revision - right.revision)
      .map(({ run }) => run),
    interval,
  );

/** Whether the stored estimates already say this one, value for value. */
export const isStored = (estimate: Estimate, blocks: readonly RankedBlock[]): boolean => {
  const stored = storedEstimates(blocks, estimate.interval);
  return estimate.values.every((value, index) => {
    const there = stored.get(estimate.from + index * estimate.interval);
    return there?.value === value && there.code === estimate.quality;
  });
};

/** Revision for the next estimates of a date: above all that are stored. */
export const nextRevision = (blocks: readonly RankedBlock[]): number =>
  blocks.reduce((next, { kind, revision }) => (kind === 'estimate' ? Math.max(next, revision + 1) : next), 0);
