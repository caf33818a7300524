import type { Told } from './amounts.ts';
import { isKnown } from './energy-cost.ts';
import type { Found, Insight, Window } from './insight.ts';
import type { PeakWindow } from './load-shape.ts';
import type { InsightKind, PointInsights } from './point-insights.ts';
import type { PricedEpisode } from './unusual-use.ts';
import type { WaterEpisode } from './water-eras.ts';
import { episodeWords, insightWords, missingWords, waterWords } from './words.ts';

/** Numbers and texts of an insight: amounts are whole in the register's scale, shares have four decimals. */
export type InsightFields = Readonly<Record<string, number | string | boolean | readonly string[]>>;

/** An insight as it is answered. */
export interface DescribedInsight {
  readonly kind: InsightKind;
  readonly enough: boolean;
  /** One sentence with the point's own numbers, or what is missing. */
  readonly text: string;
  readonly method: string;
  readonly coverage: number;
  readonly value?: InsightFields;
  readonly window?: Window;
  readonly confidence?: number;
  readonly evidence?: InsightFields;
}

const share = (value: number): number => Math.round(value * 10_000) / 10_000;
/** Shares keep four decimals, all larger numbers are whole. */
const rounded = (value: number): number => (Math.abs(value) < 10 ? share(value) : Math.round(value));

const evidenceOf = (evidence: Found<unknown>['evidence']): InsightFields =>
  Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  );

const peakFields = (name: string, peak: PeakWindow | undefined): InsightFields =>
  peak === undefined
    ? {}
    : {
        [`${name}StartMinute`]: Math.round(peak.startMinute),
        [`${name}EndMinute`]: Math.round(peak.endMinute),
        [`${name}Share`]: share(peak.share),
        [`${name}TopHours`]: peak.topHours.map(String),
      };

/** What the excess of all episodes cost, where the price of each is known, in one currency. */
const excessCost = (episodes: readonly PricedEpisode[]): InsightFields => {
  const currencies = new Set(episodes.map(({ price }) => (isKnown(price) ? price.currency : undefined)));
  const [currency] = currencies;
  if (currencies.size !== 1 || currency === undefined) return {};
  return { excessCost: episodes.reduce((sum, { cost = 0 }) => sum + cost, 0), currency };
};

/** All insights of a register, each with its sentence. */
export const describeInsights = (all: PointInsights, told: Told): readonly DescribedInsight[] => {
  const described: DescribedInsight[] = [];
  const say = <Value>(
    kind: InsightKind,
    insight: Insight<Value> | undefined,
    words: (found: Found<Value>, told: Told) => string,
    fields: (value: Value) => InsightFields,
  ): void => {
    if (insight === undefined) return;
    const { enough, method } = insight;
    const coverage = share(insight.coverage);
    if (!enough) {
      described.push({ kind, enough, text: missingWords(insight.missing), method, coverage });
      return;
    }
    const { window, confidence, evidence, value } = insight;
    const text = words(insight, told);
    const rest = { window, confidence: share(confidence), evidence: evidenceOf(evidence) };
    described.push({ kind, enough, text, method, coverage, value: fields(value), ...rest });
  };
  const { 'use-per-day': perDay, trend } = all;
  say('use-per-day', perDay, insightWords['use-per-day'], (value) => ({ perDay: Math.round(value) }));
  say('trend', trend, insightWords.trend, ({ onYear, onMonth, onWeather, perDay: now }) => ({
    perDay: Math.round(now),
    onYear: share(onYear),
    ...(onMonth === undefined ? {} : { onMonth: share(onMonth) }),
    ...(onWeather === undefined ? {} : { onWeather: share(onWeather) }),
  }));
  say('significant-rise', all['significant-rise'], insightWords['significant-rise'], (rise) => ({
    significant: rise.significant,
    byWeather: rise.byWeather,
    onYear: share(rise.onYear),
    onMonth: share(rise.onMonth),
    ...(rise.onWeather === undefined ? {} : { onWeather: share(rise.onWeather) }),
    chance: share(rise.chance),
  }));
  say('peak-window', all['peak-window'], insightWords['peak-window'], ({ weekdays, weekends }) => ({
    ...peakFields('weekdays', weekdays),
    ...peakFields('weekends', weekends),
  }));
  say('load-factor', all['load-factor'], insightWords['load-factor'], ({ factor, robust }) => ({
    factor: share(factor),
    robust: share(robust),
  }));
  say('base-load', all['base-load'], insightWords['base-load'], (base) => ({
    perHour: Math.round(base.perHour),
    perYear: Math.round(base.perYear),
    share: share(base.share),
    ...(base.costOfYear === undefined || !isKnown(base.price)
      ? {}
      : { costOfYear: base.costOfYear, currency: base.price.currency }),
  }));
  say('base-load-rise', all['base-load-rise'], insightWords['base-load-rise'], (rise) => ({
    rose: rise.rose,
    perHour: Math.round(rise.perHour),
    before: Math.round(rise.before),
    perYear: Math.round(rise.perYear),
  }));
  say('unusual-use', all['unusual-use'], insightWords['unusual-use'], (episodes) => ({
    count: episodes.length,
    excess: Math.round(episodes.reduce((sum, { excess }) => sum + excess, 0)),
    ...excessCost(episodes),
    episodes: episodes.map((episode) => episodeWords(told, episode)),
  }));
  say('dead-meter', all['dead-meter'], insightWords['dead-meter'], ({ dead, hours }) => ({
    dead,
    hours: Math.round(hours),
  }));
  say('night-flow', all['night-flow'], insightWords['night-flow'], ({ leak, leastPerHour, hours }) => ({
    leak,
    leastPerHour: Math.round(leastPerHour),
    hours: Math.round(hours),
  }));
  const hoursOf = (episodes: readonly WaterEpisode[]): InsightFields => ({
    count: episodes.length,
    total: Math.round(episodes.reduce((sum, { total }) => sum + total, 0)),
    episodes: episodes.map((episode) => waterWords(told, episode)),
  });
  say('even-flow', all['even-flow'], insightWords['even-flow'], hoursOf);
  say('high-flow', all['high-flow'], insightWords['high-flow'], hoursOf);
  say('away-flow', all['away-flow'], insightWords['away-flow'], hoursOf);
  say('similar-homes', all['similar-homes'], insightWords['similar-homes'], ({ against, rank, homes }) => ({
    against: share(against),
    rank: share(rank),
    homes,
  }));
  say('annual-usage', all['annual-usage'], insightWords['annual-usage'], (value) => ({ perYear: Math.round(value) }));
  return described;
};
