import { localDateAt } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import type { SeriesReading } from './detect/detect.ts';
import { costOf, type UnitPrice } from './energy-cost.ts';
import { type Insight, notEnough, type Window } from './insight.ts';
import { medianOf, quantileOf } from './robust.ts';

/** Readings of one register in a window of local dates, in its unit; `step` seconds each. */
export interface Load {
  readonly readings: readonly SeriesReading[];
  readonly step: number;
  readonly zone: string;
  readonly window: Window;
  /** Readings that the window should have. */
  readonly expected: number;
}

const hour = 3600;
const daySeconds = 86_400;
const leastOfBin = 4;
const leastCoverage = 0.9;
const windowHours = 2;
/** Sums of fractions that differ by less than this part are the same sum, rounded. */
const rounding = 1e-9;

const inWindow = ({ readings, zone, window }: Load): readonly SeriesReading[] =>
  readings.filter(({ at }) => {
    const date = localDateAt(zone, at);
    return date >= window.from && date < window.to;
  });

const coverageIn = (load: Load, counted: number): number => Math.min(1, counted / Math.max(1, load.expected));

/** The two hours of a kind of day in which most is used. */
export interface PeakWindow {
  /** Minutes after local midnight, a multiple of the step. */
  readonly startMinute: number;
  readonly endMinute: number;
  /** Part of a usual day that these hours use. */
  readonly share: number;
  /** Hours of the day with the largest use, largest first. */
  readonly topHours: readonly number[];
}

export interface PeakUse {
  readonly weekdays: PeakWindow | undefined;
  readonly weekends: PeakWindow | undefined;
}

const profileOf = (readings: readonly SeriesReading[], { step, zone }: Load): readonly (number | undefined)[] => {
  const bins = Array.from({ length: Math.ceil(daySeconds / step) }, () => ({ sum: 0, count: 0 }));
  for (const { at, value } of readings) {
    const bin = bins[Math.floor(((at + offsetAt(zone, at)) % daySeconds) / step)];
    if (bin === undefined) continue;
    bin.sum += value;
    bin.count += 1;
  }
  return bins.map(({ sum, count }) => (count < leastOfBin ? undefined : sum / count));
};

const peakOf = (profile: readonly (number | undefined)[], step: number): PeakWindow | undefined => {
  const length = Math.max(1, Math.round((windowHours * hour) / step));
  const total = profile.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  let best: { readonly first: number; readonly sum: number } | undefined;
  for (let first = 0; first + length <= profile.length; first += 1) {
    const part = profile.slice(first, first + length);
    if (part.includes(undefined)) continue;
    const sum = part.reduce<number>((all, value) => all + (value ?? 0), 0);
    if (best === undefined || sum > best.sum * (1 + rounding)) best = { first, sum };
  }
  if (best === undefined || total <= 0) return undefined;
  const hours = Array.from({ length: 24 }, (_, of) => ({
    of,
    sum: profile.reduce<number>(
      (all, value, bin) => all + (Math.floor((bin * step) / hour) === of ? (value ?? 0) : 0),
      0,
    ),
  }));
  return {
    startMinute: (best.first * step) / 60,
    endMinute: ((best.first + length) * step) / 60,
    share: best.sum / total,
    topHours: hours
      .sort((left, right) => right.sum - left.sum || left.of - right.of)
      .slice(0, 3)
      .map(({ of }) => of),
  };
};

const isWeekendAt = (zone: string, at: number): boolean =>
  new Date(`${localDateAt(zone, at)}T00:00:00Z`).getUTCDay() % 6 === 0;

/** When most is used, weekdays and weekends apart (docs/insight.md, "peak-window"); a bin of the day with fewer than 4 readings is left out. */
export const peakUse = (load: Load): Insight<PeakUse> => {
  const readings = inWindow(load);
  const coverage = coverageIn(load, readings.length);
  if (load.step > hour) return notEnough('peak-window', coverage, 'readings of an hour or less are needed');
  const of = (weekend: boolean): PeakWindow | undefined =>
    peakOf(
      profileOf(
        readings.filter(({ at }) => isWeekendAt(load.zone, at) === weekend),
        load,
      ),
      load.step,
    );
  const value = { weekdays: of(false), weekends: of(true) };
  if (value.weekdays === undefined && value.weekends === undefined)
    return notEnough('peak-window', coverage, 'four readings of each part of the day are needed');
  return {
    enough: true,
    value,
    window: load.window,
    coverage,
    method: 'peak-window',
    confidence: coverage,
    evidence: { readings: readings.length },
  };
};

/** How evenly a register is used. Means and percentiles are those of one interval, in the register's unit. */
export interface LoadFactor {
  /** Mean over highest. */
  readonly factor: number;
  /** Mean over the 97.5th percentile, which one odd reading does not move. */
  readonly robust: number;
}

const withCoverage = <Value>(
  load: Load,
  method: string,
  found: (values: readonly number[], coverage: number) => Insight<Value>,
): Insight<Value> => {
  const values = inWindow(load).map(({ value }) => value);
  const coverage = coverageIn(load, values.length);
  if (coverage < leastCoverage)
    return notEnough(method, coverage, `${Math.round(100 * coverage)} % of the intervals were read, 90 % are needed`);
  return found(values, coverage);
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Load factor of a window (docs/insight.md, "load-factor"). */
export const loadFactor = (load: Load): Insight<LoadFactor> =>
  withCoverage(load, 'load-factor', (values, coverage) => {
    const highest = values.reduce((most, value) => Math.max(most, value), 0);
    const high = quantileOf(values, 0.975);
    if (highest <= 0 || high <= 0) return notEnough('load-factor', coverage, 'nothing was used');
    return {
      enough: true,
      value: { factor: mean(values) / highest, robust: mean(values) / high },
      window: load.window,
      coverage,
      method: 'load-factor',
      confidence: coverage,
      evidence: { mean: mean(values), highest, percentile97: high, intervals: values.length },
    };
  });

export interface BaseLoad {
  /** What never stops, in the register's unit an hour: the 2.5th percentile of the intervals. */
  readonly perHour: number;
  /** Part of all use. */
  readonly share: number;
  readonly perYear: number;
  /** In minor units, rounded; undefined without a price. */
  readonly costOfYear: number | undefined;
}

const hoursOfYear = 8760;

/** Base load of a window of 28 days, and what it costs in a year (docs/insight.md, "base-load"). */
export const baseLoad = (load: Load, price?: UnitPrice): Insight<BaseLoad> =>
  withCoverage(load, 'base-load', (values, coverage) => {
    const low = quantileOf(values, 0.025);
    const perHour = (low * hour) / load.step;
    const perYear = perHour * hoursOfYear;
    return {
      enough: true,
      value: {
        perHour,
        share: mean(values) > 0 ? low / mean(values) : 0,
        perYear,
        costOfYear: price && costOf(price, perYear),
      },
      window: load.window,
      coverage,
      method: 'base-load',
      confidence: coverage,
      evidence: { percentile2: low, percentile97: quantileOf(values, 0.975), median: medianOf(values) },
    };
  });
