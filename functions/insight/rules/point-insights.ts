import type { Temperatures } from '#functions/reference/rules/hourly-temperatures.ts';
import type { Flow, Scale } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { inUnit } from './amounts.ts';
import { annualUsage } from './annual-usage.ts';
import { type BaseRise, baseRise } from './base-rise.ts';
import { type DayUse, usePerDay, windowBefore } from './day-use.ts';
import type { SeriesReading } from './detect/detect.ts';
import type { Episode } from './detect/episodes.ts';
import { costOf, evidenceOfPrices, isKnown, type Price, type PriceOn } from './energy-cost.ts';
import { type Insight, notEnough } from './insight.ts';
import {
  type BaseLoad,
  baseLoad,
  type Load,
  type LoadFactor,
  loadFactor,
  type PeakUse,
  peakUse,
} from './load-shape.ts';
import { type AmongSimilar, amongSimilar } from './similar-homes.ts';
import { type Standstill, type SupplyState, standstillOf } from './standstill.ts';
import { type Rise, riseOf, type Trend, trendOf } from './trend.ts';
import type { PricedEpisode } from './unusual-use.ts';
import { type KnownPresence, type WaterInsights, waterInsights } from './water-insights.ts';

/** One register of a service point, as far as insights look at it. */
export interface PointGround extends Scale {
  readonly commodity: Commodity;
  readonly flow: Flow;
  /** In which days are cut: that of the meter. */
  readonly zone: string;
  /** Seconds of an interval. */
  readonly step: number;
  /** The first local date that is not over: everything looked at lies before it. */
  readonly date: string;
  /** Days of the last 16 months, ascending, as far as they were read. */
  readonly days: readonly DayUse[];
  /** Measured values of the last 16 weeks, ascending. */
  readonly readings: readonly SeriesReading[];
  /** Intervals that the last four weeks, and the four before, should have. */
  readonly expected: { readonly now: number; readonly before: number };
  readonly supply: SupplyState;
  readonly presence: KnownPresence;
  /** Use of a day of similar homes in the same window; undefined where none is known. */
  readonly similar?: readonly number[] | undefined;
  /** Of the days, as far as they are known; undefined where the weather does not matter, or is not asked about. */
  readonly temperatures?: Temperatures | undefined;
  /** Prices of what is used; undefined where costs are not asked about. */
  readonly priceOn?: PriceOn | undefined;
}

/** Base load with the price of the last day. */
export type PricedBaseLoad = BaseLoad & { readonly price: Price | undefined };

/** All that is said of a register, by the method it comes from. What makes no sense for it is left out. */
export interface PointInsights extends Partial<WaterInsights> {
  readonly 'use-per-day': Insight<number>;
  readonly trend: Insight<Trend>;
  readonly 'significant-rise'?: Insight<Rise>;
  readonly 'peak-window'?: Insight<PeakUse>;
  readonly 'load-factor'?: Insight<LoadFactor>;
  readonly 'base-load'?: Insight<PricedBaseLoad>;
  readonly 'base-load-rise'?: Insight<BaseRise>;
  readonly 'unusual-use'?: Insight<readonly PricedEpisode[]>;
  readonly 'dead-meter'?: Insight<Standstill>;
  readonly 'similar-homes'?: Insight<AmongSimilar>;
  readonly 'annual-usage': Insight<number>;
}
export type InsightKind = keyof PointInsights;

const span = 28;
/** The rise of a day that matters: 1 kWh, 20 litres; of other units a tenth of the usual day. */
const leastRise = { Wh: 1000, L: 20 } as const;

const leastRiseOf = (ground: PointGround, perDay: number): number => {
  const [energy, water] = [inUnit(ground, 'Wh'), inUnit(ground, 'L')];
  if (energy !== undefined) return leastRise.Wh / energy;
  return water === undefined ? perDay / 10 : leastRise.L / water;
};

/**
 * Electricity of which nothing at all was used was not measured, or nobody was there: no ground for a trend (docs/insight.md, "dead-meter"). That
 * nothing was exported is weather.
 */
const withoutIdle = ({ commodity, flow, days }: PointGround): readonly DayUse[] =>
  commodity === 'electricity' && flow === 'forward' ? days.filter(({ value }) => value !== 0) : days;

const loadOf = ({ readings, step, zone, date, expected }: PointGround): Load => ({
  readings,
  step,
  zone,
  window: windowBefore(date, span),
  expected: expected.now,
});

const similarOf = (perDay: Insight<number>, others: readonly number[] | undefined): Insight<AmongSimilar> => {
  if (!perDay.enough) return { ...perDay, method: 'similar-homes' };
  if (others === undefined) return notEnough('similar-homes', 0, 'no group of similar homes is known');
  return amongSimilar(perDay.value, others, perDay.window);
};

const leastHistory = 14;

const pricedEpisode = ({ zone, priceOn }: PointGround, episode: Episode): PricedEpisode => {
  const price = priceOn?.(localDateAt(zone, episode.from));
  return { ...episode, price, cost: isKnown(price) ? costOf(price, episode.excess) : undefined };
};

const baseOf = ({ date, priceOn }: PointGround, load: Load): Insight<PricedBaseLoad> => {
  const price = priceOn?.(addDays(date, -1));
  const base = baseLoad(load, isKnown(price) ? price : undefined);
  if (!base.enough) return base;
  return {
    ...base,
    value: { ...base.value, price },
    evidence: { ...base.evidence, ...evidenceOfPrices([price]) },
  };
};

const unusualOf = (ground: PointGround, episodes: readonly Episode[]): Insight<readonly PricedEpisode[]> => {
  const load = loadOf(ground);
  const since = ground.readings[0];
  const known = new Set(
    ground.days.filter(({ date }) => date < load.window.from && date >= addDays(load.window.from, -56)),
  );
  const counted = ground.readings.filter(({ at }) => since !== undefined && at >= since.at).length;
  if (known.size < leastHistory) {
    return notEnough(
      'unusual-use',
      Math.min(1, known.size / leastHistory),
      `${leastHistory} days before the last four weeks are needed, there are ${known.size}`,
    );
  }
  const coverage = coverageOf(ground);
  const value = episodes.map((episode) => pricedEpisode(ground, episode));
  return {
    enough: true,
    value,
    window: load.window,
    coverage,
    method: 'unusual-use',
    confidence: coverage * Math.min(1, known.size / 56),
    evidence: {
      readings: counted,
      daysBefore: known.size,
      ...evidenceOfPrices(value.map(({ price }) => price)),
    },
  };
};

const coverageOf = ({ days, date }: PointGround): number => {
  const { from } = windowBefore(date, span);
  return days.filter((day) => day.date >= from && day.date < date).reduce((sum, { read }) => sum + read, 0) / span;
};

/** What readings tell of a register on a date (docs/insight.md). `episodes` are those of its last four weeks. */
export const pointInsights = (ground: PointGround, episodes: readonly Episode[]): PointInsights => {
  const { days, date, readings, step, commodity } = ground;
  const window = windowBefore(date, span);
  const perDay = usePerDay(days, window);
  const used = withoutIdle(ground);
  const annual = annualUsage(days, date);
  // Use follows how cold and warm it is; what a roof gives follows the sun.
  if (ground.flow !== 'forward') return { 'use-per-day': perDay, trend: trendOf(used, date), 'annual-usage': annual };
  const trend = trendOf(used, date, ground.temperatures);
  const always = { 'use-per-day': perDay, trend, 'annual-usage': annual };
  const load = loadOf(ground);
  return {
    ...always,
    'significant-rise': riseOf(used, date, leastRiseOf(ground, perDay.enough ? perDay.value : 0), trend),
    'peak-window': peakUse(load),
    'load-factor': loadFactor(load),
    ...(commodity === 'water' ? {} : { 'base-load': baseOf(ground, load) }),
    // Gas heats: its base rises with every autumn.
    ...(commodity === 'electricity' ? { 'base-load-rise': baseRise(ground) } : {}),
    'unusual-use': unusualOf(ground, episodes),
    'dead-meter': standstillOf(readings, step, window, ground.supply),
    ...(commodity === 'water' ? waterInsights(ground) : {}),
    'similar-homes': similarOf(perDay, ground.similar),
  };
};
